interface Sample {
  startedAt: number;
  lastEventAt: number;
  value: number;
}

/** Kafka's defaults: `quota.window.num` and `quota.window.size.seconds`. */
export const quotaWindow = { samples: 11, ms: 1000 } as const;

/** A rate per second over the last ten seconds and the second that runs, as Kafka measures it for quotas. Times are in milliseconds. */
export class QuotaRate {
  readonly #samples: Sample[] = [];
  #current = 0;

  /** Adds to what was used. */
  record(value: number, now: number): void {
    let sample = this.#samples[this.#current];
    if (sample === undefined) this.#samples.push((sample = newSample(now)));
    if (now - sample.startedAt >= quotaWindow.ms) sample = this.#advance(now);
    sample.value += value;
    sample.lastEventAt = now;
  }

  measure(now: number): number {
    this.#purge(now);
    return this.#samples.reduce((sum, { value }) => sum + value, 0) / (this.windowMs(now) / 1000);
  }

  /** How long the rate is over its limit; 0 when it is not. */
  throttleMs(limit: number, now: number): number {
    const rate = this.measure(now);
    return rate <= limit ? 0 : Math.round(((rate - limit) / limit) * this.windowMs(now));
  }

  /** The time that the samples stand for: at the beginning as if there had been ten seconds of nothing. */
  windowMs(now: number): number {
    this.#purge(now);
    const oldest = Math.min(now, ...this.#samples.map(({ startedAt }) => startedAt));
    const elapsed = now - oldest;
    const missing = quotaWindow.samples - 1 - Math.floor(elapsed / quotaWindow.ms);
    return Math.max(1, elapsed + Math.max(0, missing) * quotaWindow.ms);
  }

  #advance(now: number): Sample {
    this.#current = (this.#current + 1) % (quotaWindow.samples + 1);
    return (this.#samples[this.#current] = newSample(now));
  }

  #purge(now: number): void {
    for (const sample of this.#samples) {
      if (now - sample.lastEventAt >= quotaWindow.samples * quotaWindow.ms) Object.assign(sample, newSample(now));
    }
  }
}

function newSample(now: number): Sample {
  return { startedAt: now, lastEventAt: now, value: 0 };
}
