import { jsonLine, type MessageToPrint } from './json-line.ts';
import type { Output } from './output.ts';
import { printable } from './printable.ts';

export interface PrintFlags {
  readonly keys?: boolean;
  readonly json?: boolean;
}

/** Writes one message: as a line of JSON, or its value, with `keys` behind its key and a tab. Bytes go to a file or pipe as they are. */
export function printMessage(output: Output, message: MessageToPrint, { keys = false, json = false }: PrintFlags): Promise<void> {
  if (json) return output.data(`${jsonLine(message)}\n`);
  const parts = keys ? [message.key ?? Buffer.alloc(0), Buffer.from('\t')] : [];
  const line = Buffer.concat([...parts, message.value ?? Buffer.alloc(0), Buffer.from('\n')]);
  return output.data(output.isTerminal ? printable(line.toString()) : line);
}
