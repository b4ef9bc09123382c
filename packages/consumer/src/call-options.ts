import { checkOptions, shown } from '@tskafka/core/internal';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Checks the options of a call. `more` are those that it has besides the signal. Throws TypeError. */
export function checkCall<Options extends CallOptions>(method: string, options: Options, more: readonly string[] = []): Options {
  if (isSignal(options)) throw new TypeError(`${method} takes { signal }, not the signal itself`);
  checkOptions(method, options, ['signal', ...more]);
  if (options.signal !== undefined && !isSignal(options.signal))
    throw new TypeError(`signal must be an AbortSignal, not ${shown(options.signal)}`);
  return options;
}

/** Another library's, or another realm's, is one as well. */
function isSignal(value: unknown): boolean {
  return typeof (value as Partial<AbortSignal> | null)?.throwIfAborted === 'function';
}
