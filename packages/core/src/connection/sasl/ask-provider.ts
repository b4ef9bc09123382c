import { AuthenticationError, KafkaError, TimeoutError } from '../../errors.ts';
import { formatAddress } from '../../transport.ts';
import type { SaslContext, SecretSource } from './mechanism.ts';

const providerTimeoutMs = 10_000;

/**
 * Calls the user's function for a credential: within a deadline, until the connection is given up.
 *
 * Its error becomes ours by its message alone. HTTP clients attach the request to their errors, and with it the very secret,
 * which would then show wherever our error is logged.
 */
export function askProvider<T>(what: string, provider: () => T | Promise<T>, context: SaslContext): Promise<T> {
  const { clock, signal } = context;
  const where = formatAddress(context);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const settle = (action: () => void): void => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
      action();
    };
    const abort = (): void => settle(() => reject(signal.reason));
    const timer = clock.setTimeout(() => {
      const message = `${where}: ${what} returned nothing within ${providerTimeoutMs} ms`;
      settle(() => reject(new TimeoutError(message, { retriable: true })));
    }, providerTimeoutMs);
    signal.addEventListener('abort', abort, { once: true });

    Promise.resolve()
      .then(provider)
      .then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => {
          if (error instanceof KafkaError) return settle(() => reject(error));
          const reason = error instanceof Error ? error.message : typeof error;
          settle(() => reject(new AuthenticationError(`${where}: ${what} failed: ${reason}`, { retriable: true })));
        },
      );
  });
}

/** The password of now. */
export async function currentSecret(what: string, source: SecretSource, context: SaslContext): Promise<string> {
  const secret = typeof source === 'string' ? source : await askProvider(what, source, context);
  if (typeof secret === 'string' && secret !== '') return secret;
  const given = secret === '' ? 'an empty string' : typeof secret;
  throw new AuthenticationError(`${formatAddress(context)}: ${what} gave ${given}`);
}
