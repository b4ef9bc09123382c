import { jsonLine, type MessageToPrint } from './json-line.ts';
import { printable } from '../terminal/printable.ts';
import type { Context } from '../frame/context.ts';

/** Writes one message: as a line of JSON, or its value, with `keys` behind its key and a tab. Bytes go to a file or pipe as they are. */
export function printMessage({ mode, data, output }: Context, message: MessageToPrint, keys = false): Promise<void> | undefined {
  if (mode !== 'table') return data(`${jsonLine(message)}\n`);
  const parts = keys ? [message.key ?? Buffer.alloc(0), Buffer.from('\t')] : [];
  const line = Buffer.concat([...parts, message.value ?? Buffer.alloc(0), Buffer.from('\n')]);
  return data(output.isTerminal ? printable(line.toString()) : line);
}
