import type { Clock, Random, Timer } from '@tskafka/core/protocol';
import type { MockCluster } from '../mock-cluster.ts';
import { chaosFaults, type ChaosFault, type FaultDraw, faults } from './chaos-faults.ts';
import { seededRandom } from './seeded-random.ts';

export type { ChaosFault } from './chaos-faults.ts';

/** What to do to the cluster, and how often. */
export interface ChaosOptions {
  /** The same seed gives the same faults at the same times. Default: a random one, which is printed. */
  readonly seed?: number;
  /** Milliseconds of the cluster's clock between two faults, on average. Default 200. */
  readonly everyMs?: number;
  /** The possible faults. Default: all. */
  readonly faults?: readonly ChaosFault[];
  /** Prints the seed if it was chosen at random. Default `console.info`. */
  readonly print?: (line: string) => void;
}

/** Something that was done to the cluster. */
export interface ChaosEvent {
  /** The time since the start of the chaos, on the cluster's clock. */
  readonly atMs: number;
  /** A description for humans: `restart broker 2 after 312 ms`. */
  readonly description: string;
}

/** Random faults, one after the other, until it is stopped. */
export class Chaos implements AsyncDisposable {
  readonly seed: number;
  readonly #cluster: MockCluster;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #everyMs: number;
  readonly #kinds: readonly ChaosFault[];
  readonly #begunAt: number;
  readonly #events: ChaosEvent[] = [];
  /** What has to be undone, and when. */
  readonly #open = new Map<() => void | Promise<void>, Timer>();
  readonly #undoing = new Set<Promise<void>>();
  #next: Timer | undefined;

  constructor(cluster: MockCluster, clock: Clock, options: ChaosOptions) {
    // eslint-disable-next-line no-console -- a seed that nobody has seen repeats nothing
    const { everyMs = 200, faults: kinds = chaosFaults, print = console.info } = options;
    if (!(everyMs > 0)) throw new RangeError(`everyMs must be a number of milliseconds above 0, not ${everyMs}`);
    const unknown = kinds.find((kind) => !chaosFaults.includes(kind));
    if (unknown !== undefined) throw new TypeError(`there is no fault '${unknown}'; there are ${chaosFaults.join(', ')}`);
    if (kinds.length === 0) throw new RangeError('chaos needs at least one fault');
    // eslint-disable-next-line no-restricted-properties -- it is printed, and whoever wants it again gives it
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    if (options.seed === undefined) print(`chaos with seed ${this.seed}; to repeat it: cluster.chaos({ seed: ${this.seed} })`);
    this.#cluster = cluster;
    this.#clock = clock;
    this.#random = seededRandom(this.seed);
    this.#everyMs = everyMs;
    this.#kinds = kinds;
    this.#begunAt = clock.now();
    this.#plan();
  }

  /** What has been done so far, oldest first. */
  get events(): readonly ChaosEvent[] {
    return this.#events;
  }

  /** Stops, and repairs everything. Idempotent. */
  async stop(): Promise<void> {
    this.#next?.cancel();
    this.#next = undefined;
    for (const [undo, timer] of [...this.#open]) {
      timer.cancel();
      this.#undo(undo);
    }
    await Promise.all(this.#undoing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #plan(): void {
    this.#next = this.#clock.setTimeout(
      () => {
        this.#strike();
        this.#plan();
      },
      2 * this.#everyMs * this.#random(),
      { background: true },
    );
  }

  #strike(): void {
    // All is drawn whether it is used or not: what a fault does must not change what the next ones are.
    const kind = this.#kinds[Math.floor(this.#random() * this.#kinds.length)]!;
    const draw: FaultDraw = { target: this.#random(), choice: this.#random(), forMs: this.#everyMs * (0.5 + 2 * this.#random()) };
    const struck = faults[kind](this.#cluster, this.#clock, draw);
    if (struck === undefined) return;
    this.#events.push({ atMs: this.#clock.now() - this.#begunAt, description: struck.description });
    const { undo } = struck;
    if (undo === undefined) return;
    const timer = this.#clock.setTimeout(() => this.#undo(undo), draw.forMs, { background: true });
    this.#open.set(undo, timer);
  }

  #undo(undo: () => void | Promise<void>): void {
    this.#open.delete(undo);
    const done = Promise.resolve(undo());
    this.#undoing.add(done);
    void done.finally(() => this.#undoing.delete(done));
  }
}
