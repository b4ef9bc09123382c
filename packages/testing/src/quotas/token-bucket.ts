import { quotaWindow } from './quota-rate.ts';

/** Permits that come back with time: a burst of eleven seconds' worth, and then so many each second (KIP-599). */
export class TokenBucket {
  #tokens: number | undefined;
  #updatedAt = 0;

  /** Takes permits though there may be too few: the next one waits. */
  take(permits: number, limit: number, now: number): void {
    this.#refill(limit, now);
    this.#tokens = Math.min(burst(limit), this.#tokens! - permits);
  }

  /** How long it takes until somebody may take permits again, in milliseconds; 0 for at once. */
  throttleMs(limit: number, now: number): number {
    this.#refill(limit, now);
    return this.#tokens! < 0 ? Math.round((-this.#tokens! / limit) * 1000) : 0;
  }

  #refill(limit: number, now: number): void {
    const refilled = this.#tokens === undefined ? burst(limit) : this.#tokens + (limit * (now - this.#updatedAt)) / 1000;
    this.#tokens = Math.min(burst(limit), refilled);
    this.#updatedAt = now;
  }
}

function burst(limit: number): number {
  return quotaWindow.samples * (quotaWindow.ms / 1000) * limit;
}
