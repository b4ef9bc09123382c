/**
 * Picks the least and the most loaded among the subscribers of a topic, while partitions go from the one to the other.
 *
 * The subscribers are sorted by their loads. Those that a partition is given to form a range at the low end whose members are all filled to
 * the same level before the level rises; those that one is taken from form such a range at the high end.
 */
export class LoadBalancer {
  readonly #loads: readonly number[];
  #members: number[] = [];
  #least = { end: 0, level: -1, next: 0 };
  #most = { start: 0, end: 0, level: 1, next: -1 };

  /** `loads` has the number of partitions of each member, and changes as they are given and taken. */
  constructor(loads: readonly number[]) {
    this.#loads = loads;
  }

  /** Begins with the subscribers of another topic, and gives the difference between the most and the least loaded. */
  begin(members: readonly number[]): number {
    this.#members = members.toSorted((a, b) => this.#loads[a]! - this.#loads[b]! || a - b);
    const last = this.#members.length - 1;
    const [smallest, largest] = [this.#load(0), this.#load(last)];
    this.#least = { end: 0, level: smallest - 1, next: 0 };
    this.#most = { start: last + 1, end: last + 1, level: largest + 1, next: last };
    return largest - smallest;
  }

  nextLeastLoaded(): number {
    const least = this.#least;
    if (least.next >= least.end) {
      least.level++;
      while (least.end < this.#members.length && this.#load(least.end) === least.level) least.end++;
      least.next = 0;
    }
    return this.#members[least.next++]!;
  }

  /** -1 when nobody is left who could give one. */
  nextMostLoaded(): number {
    const most = this.#most;
    if (most.next < most.start) {
      // A range that was emptied by exclusions begins anew at the next lower load.
      if (most.end <= most.start && most.start > 0) most.level = this.#load(most.start - 1);
      else most.level--;
      while (most.start > 0 && this.#load(most.start - 1) === most.level) most.start--;
      most.next = most.end - 1;
    }
    return most.next < 0 ? -1 : this.#members[most.next--]!;
  }

  /** The member that `nextMostLoaded` gave has nothing to give. */
  excludeMostLoaded(): void {
    const most = this.#most;
    const excluded = this.#members[most.next + 1]!;
    this.#members[most.next + 1] = this.#members[most.end - 1]!;
    this.#members[most.end - 1] = excluded;
    most.end--;
  }

  get isBalanced(): boolean {
    return this.#most.level - this.#least.level <= 1;
  }

  #load(place: number): number {
    return this.#loads[this.#members[place]!]!;
  }
}
