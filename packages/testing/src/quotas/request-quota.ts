import type { Clock } from '@tskafka/core/protocol';
import type { ClientQuotas } from './client-quotas.ts';
import { quotaWindow } from './quota-rate.ts';
import type { Usage } from './usage.ts';

/**
 * The share of a second, in percent, that a request is taken to keep a thread busy: a fifth of a millisecond. The mock answers in no
 * time, and a test that counted real time would come to another result each time.
 */
const percentPerRequest = 0.02;

/** The quotas of the client behind one request. Throttling times are in milliseconds; 0 for none. */
export class RequestQuota {
  readonly #quotas: ClientQuotas;
  readonly #usage: Usage;
  readonly #clock: Clock;
  readonly #user: string;
  readonly #clientId: string;
  /** How long the client must wait, by what has been counted so far. */
  throttleMs = 0;

  constructor(quotas: ClientQuotas, usage: Usage, clock: Clock, user: string, clientId: string) {
    this.#quotas = quotas;
    this.#usage = usage;
    this.#clock = clock;
    this.#user = user;
    this.#clientId = clientId;
  }

  /** What a client may fetch at once at most without being throttled for that alone. */
  get mostFetchBytes(): number {
    const quota = this.#quotas.of('consumer_byte_rate', this.#user, this.#clientId);
    return quota === undefined ? Infinity : Math.trunc(quota.limit * (quotaWindow.samples - 1) * (quotaWindow.ms / 1000));
  }

  countProduced(bytes: number): void {
    this.#count('producer_byte_rate', bytes);
  }

  /** `sizeOf` is asked only where there is a quota. What would be too much is not counted, as it is not sent. */
  countFetched(sizeOf: () => number): void {
    const quota = this.#quotas.of('consumer_byte_rate', this.#user, this.#clientId);
    if (quota === undefined) return;
    const rate = this.#usage.of('consumer_byte_rate', quota);
    const bytes = sizeOf();
    const now = this.#clock.now();
    rate.record(bytes, now);
    const throttleMs = rate.throttleMs(quota.limit, now);
    if (throttleMs > 0 || this.throttleMs > 0) rate.record(-bytes, now);
    this.throttleMs = Math.max(this.throttleMs, throttleMs);
  }

  /** Counts the request itself. Nobody waits longer than a second for that. */
  countRequest(): void {
    this.#count('request_percentage', percentPerRequest, quotaWindow.ms);
  }

  /**
   * Counts partitions that are to be created or deleted; false when that must wait. A client that does not know of this quota is not
   * refused, but waits afterwards.
   */
  takeMutations(partitions: number, strict: boolean): boolean {
    const quota = this.#quotas.of('controller_mutation_rate', this.#user, this.#clientId);
    if (quota === undefined) return true;
    const bucket = this.#quotas.mutations(quota);
    const now = this.#clock.now();
    const throttleMs = bucket.throttleMs(quota.limit, now);
    this.throttleMs = Math.max(this.throttleMs, throttleMs);
    if (strict && throttleMs > 0) return false;
    bucket.take(partitions, quota.limit, now);
    return true;
  }

  #count(key: 'producer_byte_rate' | 'request_percentage', value: number, mostMs = Infinity): void {
    const quota = this.#quotas.of(key, this.#user, this.#clientId);
    if (quota === undefined) return;
    const rate = this.#usage.of(key, quota);
    const now = this.#clock.now();
    rate.record(value, now);
    this.throttleMs = Math.max(this.throttleMs, Math.min(mostMs, rate.throttleMs(quota.limit, now)));
  }
}
