import { sparkline } from '../terminal/sparkline.ts';
import { timeSpan } from '../terminal/time-span.ts';

/** How far groups are behind, at one moment. */
export interface LagSample {
  readonly atMs: number;
  /** By a name of the partition in its group. */
  readonly lags: ReadonlyMap<string, number>;
  /** The sums of where groups are, and of where partitions end. */
  readonly committed: number;
  readonly end: number;
}

const kept = 30;

/** What has become of lags while they were watched. */
export class LagTrend {
  readonly #samples: LagSample[] = [];

  add(sample: LagSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > kept) this.#samples.shift();
  }

  /** The lags of a partition as bars. */
  of(name: string): string {
    return sparkline(this.#samples.flatMap(({ lags }) => lags.get(name) ?? []), 8); // prettier-ignore
  }

  /** The rates since watching began, or over the last samples: `in 1,320/s, out 1,190/s, growing by 130/s`. Undefined before there are two. */
  summary(): string | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || first === last) return undefined;
    const seconds = (last.atMs - first.atMs) / 1000;
    const [arriving, leaving] = [(last.end - first.end) / seconds, (last.committed - first.committed) / seconds];
    const rates = `in ${perSecond(arriving)}, out ${perSecond(leaving)}`;
    const growth = arriving - leaving;
    const total = last.end - last.committed;
    if (growth >= 0.5) return `${rates}, growing by ${perSecond(growth)}`;
    return growth <= -0.5 && total > 0 ? `${rates}, drains in ${timeSpan(total / -growth)}` : rates;
  }
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en-US')}/s`;
}
