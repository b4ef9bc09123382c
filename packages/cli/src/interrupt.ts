import { exitCodes } from './failure.ts';

/** Runs `work` until it ends, or until SIGINT or SIGTERM; then gives what `work` had done by its own account, or undefined. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    process.exitCode = exitCodes.interrupted;
    interrupted.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return undefined;
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
