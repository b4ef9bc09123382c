import { partitionName, type Position } from '@tskafka/core/internal';
import type { BatchReader } from './batch-reader.ts';
import { MessagesInHand } from './messages-in-hand.ts';
import { type FetchedRecords, WaitingBatches } from './waiting-batches.ts';

/** One partition of a consumer: where it stands, what waits for the reader, and when it may be fetched again. */
export class PartitionQueue {
  /** Of topic and partition. */
  readonly name: string;
  readonly position: Position;
  /** Reading ends before this offset. */
  readonly until: number;
  /** What was fetched and not opened yet. */
  readonly waiting = new WaitingBatches();
  /** A request that asks for it, or for its new offset, is out. */
  isBusy = false;
  /** Not to be fetched before this time. */
  retryAt = -Infinity;
  /** Failures in a row. */
  failures = 0;
  /** Why it was not read the last time; undefined when it was. */
  lastError: Error | undefined;
  /** When a broker last said something of it, be it that there is nothing new. */
  answeredAt = -Infinity;
  /** Its broker is not asked before this time: it has told this consumer to wait (KIP-219). */
  throttledUntil = -Infinity;
  /** Since when no handler of run() has finished with it, while one is busy. */
  handlingSince: number | undefined;
  /** The topic that the position is of: one that is deleted and made anew has the same name and another log (KIP-516). */
  topicId: string | undefined;
  /** Since when the metadata does not know it. */
  missingSince: number | undefined;
  /** The end of what all replicas had, as the last answer said; undefined before the first. */
  highWatermark: number | undefined;
  /** The end of what `isolation` lets be read, as the last answer said. */
  readableEnd = -1;
  /** The leader epoch in which the leader was asked whether it has what was read; see EpochCheck. */
  checkedEpoch: number | undefined;
  /** A follower to read from, and until when; the leader named it (KIP-392). */
  readReplica: { readonly id: number; readonly until: number } | undefined;
  /** The leader is read from up to this time, for the follower that it named was of no use. */
  leaderOnlyUntil = -Infinity;
  /** The user wants none of its messages now. */
  isPaused = false;
  /** As many of its messages are being handled as may be at once. */
  isFull = false;
  /** The group wants it back. */
  isLeaving = false;
  /** The batch that a loop has of it: nobody gets what is behind that one. */
  lent: BatchReader | undefined;
  /** Somebody else would have got it. */
  isHeldUp = false;
  /** Batches that were begun, or opened, before it began to rest: they come first when it goes on. */
  parked: BatchReader[] = [];
  /** Handlers whose messages are of no interest any more, because the reader has jumped or has lost the partition, hold an older one. */
  #handling = new MessagesInHand();
  #leaving: AbortController | undefined;

  constructor(position: Position, until = Infinity) {
    this.name = partitionName(position);
    this.position = position;
    this.until = until;
  }

  /** Messages that are being handled. */
  get handling(): MessagesInHand {
    return this.#handling;
  }

  get topic(): string {
    return this.position.topic;
  }

  get partition(): number {
    return this.position.partition;
  }

  /** Whether all that was asked for has been handed out. */
  get isDone(): boolean {
    return this.position.next >= this.until;
  }

  /** Whether what was fetched has been read and handled: what the log has lost is told only then, for what came before is good. */
  get isHandled(): boolean {
    return this.position.next === this.position.toFetch && this.#handling.size === 0;
  }

  /** Nothing of it is handed out now. */
  get isResting(): boolean {
    return this.isHeldUp || this.endsBatches;
  }

  /** Nor does a loop get more of the batch that it has. */
  get endsBatches(): boolean {
    return this.isPaused || this.isFull || this.isLeaving;
  }

  /** How far everything has been read and handled, without a gap: what a commit stores. */
  get done(): { readonly offset: number; readonly leaderEpoch: number } {
    return this.#handling.first ?? { offset: this.position.next, leaderEpoch: this.position.leaderEpoch };
  }

  /** Aborted when the partition is taken away from this consumer. */
  get signal(): AbortSignal {
    this.#leaving ??= new AbortController();
    return this.#leaving.signal;
  }

  /** What is in hand is of no interest any more: it is handed out again, or is somebody else's. */
  disown(): void {
    this.#handling = new MessagesInHand();
    this.handlingSince = undefined;
  }

  /** The partition is taken away: its handlers are told. */
  leave(reason: Error): void {
    this.#leaving?.abort(reason);
    this.#leaving = undefined;
  }

  /** Takes what a fetch brought. */
  push(fetched: FetchedRecords): void {
    this.waiting.push(fetched);
    this.position.fetched(fetched.lastOffset, fetched.partitionLeaderEpoch);
  }
}
