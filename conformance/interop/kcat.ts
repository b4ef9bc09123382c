import { run, type ProgramResult } from '../../tools/real-kafka/programs.ts';
import { broker } from '../broker.ts';

/** kcat, which is librdkafka: a client that shares no line with this one nor with Java's. */

const installed = await run('kcat', ['-V']).then(
  () => true,
  () => false,
);

/** Where kcat is missing its tests are left out, but not in CI: there they must fail. */
export const kcatIsWanted = installed || process.env['CI'] !== undefined;

/** Runs kcat to its end and gives what it printed. Throws when it reports an error. */
export async function kcat(args: readonly string[], options: { input?: string | Uint8Array; bootstrap?: string } = {}): Promise<string> {
  const { stdout, stderr, code } = await kcatResult(args, options);
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

export async function kcatResult(
  args: readonly string[],
  { input, bootstrap = broker.bootstrap }: { input?: string | Uint8Array; bootstrap?: string } = {},
): Promise<ProgramResult> {
  if (!installed) throw new Error('kcat is missing: install it with tools/install-kcat.sh');
  return run('kcat', ['-b', bootstrap, ...args], { ...(input !== undefined && { input }), timeoutMs: 20_000 });
}
