import type { TopicPartition } from '../topic-partition.ts';

/** The offset to read next after the record at `offset`. The only `+ 1` of the code base. */
export function after(offset: number): number {
  return offset + 1;
}

/**
 * Where a consumer stands in one partition, as next offsets only: `next` is the one to hand out, `toFetch` the one to ask the
 * broker for, which runs ahead by what is queued. Neither moves back but by `moveTo`, `returnTo` and `dropFetched`.
 */
export class Position implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  #next: number;
  #toFetch: number;
  #leaderEpoch: number;
  #fetchedEpoch: number;
  #moves = 0;
  #isGiven: boolean;
  #isChosen: boolean;
  /** Where reading began; undefined before that. */
  #readFrom: number | undefined;

  /** `isGiven`: somebody chose this offset for this reader; it is not one that a group had committed, with the epoch of what is before it. */
  constructor({ topic, partition }: TopicPartition, offset: number, isGiven: boolean, leaderEpoch = -1) {
    this.topic = topic;
    this.partition = partition;
    this.#next = offset;
    this.#toFetch = offset;
    this.#isGiven = isGiven;
    this.#isChosen = isGiven;
    this.#leaderEpoch = leaderEpoch;
    this.#fetchedEpoch = leaderEpoch;
  }

  /** The offset to hand out next, and what a commit stores. */
  get next(): number {
    return this.#next;
  }

  /** The offset to ask the broker for next. */
  get toFetch(): number {
    return this.#toFetch;
  }

  /** The leader epoch of what is before `next`; -1 when nobody knows (KIP-320). */
  get leaderEpoch(): number {
    return this.#leaderEpoch;
  }

  /** The leader epoch of what is before `toFetch`: a broker whose log has other records there says so (KIP-320). */
  get fetchedEpoch(): number {
    return this.#fetchedEpoch;
  }

  /** Rises with every jump: an answer to what was asked before it is of no use any more. */
  get moves(): number {
    return this.#moves;
  }

  /** Whether somebody chose this offset and nothing has been fetched from it yet: below the log's start it means the start. */
  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** Whether somebody chose where this reader begins, which it has not done yet. */
  get isUnread(): boolean {
    return this.#isChosen && this.#readFrom === undefined;
  }

  /** Whether something before `offset` was handed out: to commit it would else only store where the reader happened to start. */
  isReadUpTo(offset: number): boolean {
    return this.#readFrom !== undefined && offset > this.#readFrom;
  }

  /** From here on something is handed out. */
  begin(): void {
    this.#readFrom ??= this.#next;
  }

  /** The record at `offset` was handed out. One that was passed before moves nothing. */
  delivered(offset: number, leaderEpoch: number): void {
    this.begin();
    if (offset < this.#next) return;
    this.#next = after(offset);
    this.#leaderEpoch = leaderEpoch;
  }

  /** Everything up to `lastOffset` is behind us, also what nobody sees: control records, aborted ones, gaps of compaction. */
  passed(lastOffset: number, leaderEpoch: number, until = Infinity): void {
    const next = Math.min(after(lastOffset), until);
    if (next <= this.#next) return;
    this.#next = next;
    this.#leaderEpoch = leaderEpoch;
  }

  /** Everything up to `lastOffset` has come from the broker. */
  fetched(lastOffset: number, leaderEpoch: number): void {
    this.#isGiven = false;
    if (lastOffset < this.#toFetch) return;
    this.#toFetch = after(lastOffset);
    this.#fetchedEpoch = leaderEpoch;
  }

  /** Jumps. What was fetched before is no longer next. */
  moveTo(offset: number): void {
    this.#next = offset;
    this.#isGiven = true;
    this.#isChosen = true;
    // A place that was jumped to is worth a commit, whoever has read before.
    if (this.#readFrom !== undefined) this.#readFrom = -1;
    this.#leaderEpoch = -1;
    this.dropFetched();
  }

  /** What was handed out from `offset` on is handed out again: nobody has handled it. */
  returnTo(offset: number, leaderEpoch: number): void {
    this.#next = Math.min(this.#next, offset);
    this.#leaderEpoch = leaderEpoch;
    this.dropFetched();
  }

  /** What was fetched and not handed out is thrown away, and is fetched again. */
  dropFetched(): void {
    this.#toFetch = this.#next;
    this.#fetchedEpoch = this.#leaderEpoch;
    this.#moves++;
  }
}
