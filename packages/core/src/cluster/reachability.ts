import type { Clock } from '../clock.ts';
import { NoBrokersAvailableError } from '../errors.ts';
import { type BrokerAddress, formatAddress } from '../transport.ts';

/** Keeps book of which addresses were tried and why each failed, and since when no broker at all was reachable. */
export class Reachability {
  readonly #clock: Clock;
  readonly #failures = new Map<string, string>();
  #downSince: number | undefined;
  #open = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A connection is ready; the caller says `ended` when it is over. */
  reached(address: BrokerAddress): void {
    this.#failures.delete(formatAddress(address));
    this.#downSince = undefined;
    this.#open++;
  }

  /** A ready connection is over. That is no failure yet: an idle one may end at any time. */
  ended(): void {
    this.#open--;
  }

  failed(address: BrokerAddress, error: Error): void {
    this.#failures.set(formatAddress(address), error.message);
    if (this.#open === 0) this.#downSince ??= this.#clock.now();
  }

  /** Milliseconds for which every attempt has failed; 0 while a broker is reachable or nobody has tried. */
  get downMs(): number {
    return this.#downSince === undefined ? 0 : this.#clock.now() - this.#downSince;
  }

  error(cause?: unknown): NoBrokersAvailableError {
    const tried = [...this.#failures].map(([address, why]) => (why.includes(address) ? why : `${address}: ${why}`)).join('; ');
    return new NoBrokersAvailableError(`no broker is available; ${tried || 'none was tried'}`, { cause, retriable: true });
  }
}
