import type { Clock, Timer } from '../clock.ts';
import { onAbort } from '../signal.ts';

/**
 * Asks the candidates one after the other and gives the first answer. The next is asked when one fails, and also when one stays
 * silent for `hedgeMs`: a broker that accepts and never answers costs that long, not a whole request timeout.
 */
export function firstAnswer<Candidate, Answer>(
  candidates: readonly Candidate[],
  ask: (candidate: Candidate, signal: AbortSignal) => Promise<Answer>,
  { clock, hedgeMs, signal }: { readonly clock: Clock; readonly hedgeMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const losers = new AbortController();
    const errors: unknown[] = [];
    let asked = 0;
    let hedge: Timer | undefined;
    let settled = false;
    const settle = (finish: () => void): void => {
      settled = true;
      hedge?.cancel();
      signal?.removeEventListener('abort', abort);
      finish();
      losers.abort(new Error('another broker has answered'));
    };
    const abort = (): void => settle(() => reject(signal!.reason as Error));
    const askNext = (): void => {
      hedge?.cancel();
      const candidate = candidates[asked];
      if (candidate === undefined || settled) return;
      asked++;
      hedge = clock.setTimeout(askNext, hedgeMs);
      ask(candidate, losers.signal).then(
        (answer) => settle(() => resolve(answer)),
        (error: unknown) => {
          errors.push(error);
          if (errors.length === candidates.length) settle(() => reject(worst(errors)));
          else if (asked - errors.length === 0) askNext();
        },
      );
    };
    if (signal?.aborted) return reject(signal.reason as Error);
    if (candidates.length === 0) return reject(new Error('there is no broker to ask'));
    if (signal !== undefined) onAbort(signal, abort);
    askNext();
  });
}

/** The error to report for all: one that no further attempt can mend comes first. */
function worst(errors: readonly unknown[]): Error {
  const fatal = errors.find((error) => (error as { retriable?: boolean }).retriable === false);
  return (fatal ?? errors[0]) as Error;
}
