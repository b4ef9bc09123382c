import { BrokerError } from '../errors.ts';
import type { Results } from './results.ts';

/**
 * Wraps an attempt that is made again when its answer is lost. After that nobody can tell whether this call or somebody else has done
 * what the next answer finds done (`doneBefore` is Kafka's code for it): like Java we report it as an error, and the error says why it may be none.
 */
export function tellLostAnswer<Args extends readonly unknown[], Item, Value>(
  doneBefore: number,
  attempt: (...args: Args) => Promise<Results<Item, Value>>,
): (...args: Args) => Promise<Results<Item, Value>> {
  let isLost = false;
  return async (...args) => {
    try {
      const results = await attempt(...args);
      if (!isLost) return results;
      return new Map([...results].map(([item, result]) => [item, isCode(result, doneBefore) ? withHint(result) : result]));
    } catch (error) {
      isLost ||= !(error instanceof BrokerError);
      throw error;
    }
  };
}

function isCode(result: unknown, code: number): result is BrokerError {
  return result instanceof BrokerError && result.code === code;
}

function withHint(cause: BrokerError): BrokerError {
  const message = `${cause.message} (the answer to an earlier attempt of this call was lost: it may have done this)`;
  return new BrokerError(message, { cause, code: cause.code, errorName: cause.errorName });
}
