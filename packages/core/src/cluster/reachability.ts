import type { Clock } from '../clock.ts';
import { NoBrokersAvailableError } from '../errors.ts';
import { type BrokerAddress, formatAddress } from '../transport.ts';

/**
 * Keeps book of which addresses were tried and why each failed, and since when no broker at all was reachable.
 *
 * That time runs while somebody tries. When nobody has for so long as `forgetAfterMs`, nothing is known of the meantime, and whoever
 * tries next has the whole time before him.
 */
export class Reachability {
  readonly #clock: Clock;
  readonly #forgetAfterMs: number;
  readonly #failures = new Map<string, string>();
  #downSince: number | undefined;
  #lastTried = 0;
  #attempts = 0;
  #open = 0;

  constructor(clock: Clock, forgetAfterMs: number) {
    this.#clock = clock;
    this.#forgetAfterMs = forgetAfterMs;
  }

  /** Somebody wants a connection. The caller ends it with one of the next three. */
  trying(): void {
    if (this.#attempts++ === 0 && this.#clock.now() - this.#lastTried >= this.#forgetAfterMs) this.#forget();
  }

  /** A connection is ready; the caller says `ended` when it is over. */
  reached(): void {
    this.#tried();
    this.#forget();
    this.#open++;
  }

  failed(address: BrokerAddress, error: Error): void {
    this.#tried();
    this.#failures.set(formatAddress(address), error.message);
    if (this.#open === 0) this.#downSince ??= this.#clock.now();
  }

  /** Nobody wants the connection any more. */
  gaveUp(): void {
    this.#tried();
  }

  /** A ready connection is over. That is no failure yet: an idle one may end at any time. */
  ended(): void {
    this.#open--;
  }

  /** Milliseconds for which every attempt has failed; 0 while a broker is reachable or nobody has tried. */
  get downMs(): number {
    return this.#downSince === undefined ? 0 : this.#clock.now() - this.#downSince;
  }

  error(cause?: unknown): NoBrokersAvailableError {
    const tried = [...this.#failures].map(([address, why]) => (why.includes(address) ? why : `${address}: ${why}`)).join('; ');
    return new NoBrokersAvailableError(`no broker is available; ${tried || 'none was tried'}`, { cause, retriable: true });
  }

  #tried(): void {
    this.#attempts--;
    this.#lastTried = this.#clock.now();
  }

  /** Also the addresses: brokers that have left the cluster would be named for ever. */
  #forget(): void {
    this.#downSince = undefined;
    this.#failures.clear();
  }
}
