import type { GroupSubscription } from './assignor.ts';

/** How many partitions of a topic each of its readers is to have, what each has already, and what is left. */
export class TopicShares {
  /** In the order in which they have their turns. */
  readonly readers: readonly GroupSubscription[];
  /** The partitions of which it is known where they are; 0 where no reader says its rack, for then nobody asks. */
  readonly countWithRacks: number;
  /** Whether it makes a difference who reads what: a rack of a reader has some partitions, and some are not everywhere. */
  readonly isRackAware: boolean;
  /** Equal for topics of the same readers with as many partitions. */
  readonly kind: string;
  readonly #give: (memberId: string, partition: number) => void;
  readonly #racks: readonly (readonly string[])[];
  readonly #rackOf: ReadonlyMap<string, string>;
  readonly #left: Set<number>;
  readonly #counts = new Map<string, number>();
  readonly #size: number;
  /** The first members have one more where it does not divide evenly. */
  #longer: number;

  constructor(
    readers: readonly GroupSubscription[],
    count: number,
    racksOf: (partition: number) => readonly string[],
    give: (memberId: string, partition: number) => void,
  ) {
    this.readers = readers;
    this.#give = give;
    this.#size = Math.floor(count / readers.length);
    this.#longer = count % readers.length;
    this.#left = new Set(Array.from({ length: count }, (_, partition) => partition));
    this.#rackOf = new Map(readers.flatMap(({ memberId, rackId }) => (rackId ? [[memberId, rackId]] : [])));
    this.#racks = this.#rackOf.size === 0 ? [] : [...this.#left].map(racksOf);
    this.countWithRacks = this.#racks.length;
    this.kind = JSON.stringify([this.countWithRacks, readers.map(({ memberId }) => memberId)]);
    const all = new Set(this.#racks.flat());
    this.isRackAware = [...this.#rackOf.values()].some((rack) => all.has(rack)) && this.#racks.some((racks) => racks.length < all.size);
  }

  /** Whether a member reads a partition within its rack, or does not say where it is. */
  matches(memberId: string, partition: number): boolean {
    const rack = this.#rackOf.get(memberId);
    return rack === undefined || (this.#racks[partition]?.includes(rack) ?? false);
  }

  /** How many more a member may have. */
  roomOf(memberId: string): number {
    return Math.max(0, this.#size + (this.#longer > 0 ? 1 : 0) - (this.#counts.get(memberId) ?? 0));
  }

  give(memberId: string, partitions: readonly number[]): void {
    const count = (this.#counts.get(memberId) ?? 0) + partitions.length;
    this.#counts.set(memberId, count);
    if (count > this.#size) this.#longer--;
    for (const partition of partitions) {
      this.#left.delete(partition);
      this.#give(memberId, partition);
    }
  }

  /** Each reader in turn gets what is left, in order, as much of it as it may have and `fits` it. */
  giveRuns(fits: (memberId: string, partition: number) => boolean): void {
    for (const { memberId } of this.readers) {
      const run = [...this.#left].filter((partition) => fits(memberId, partition)).slice(0, this.roomOf(memberId));
      if (run.length > 0) this.give(memberId, run);
    }
  }
}
