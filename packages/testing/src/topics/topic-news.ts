import type { Clock, Random } from '@tskafka/core/protocol';

/** APIs that a broker answers from what it knows itself; others are the controller's, or of groups. */
const ownKnowledge: ReadonlySet<string> = new Set([
  'Produce',
  'Fetch',
  'ListOffsets',
  'OffsetForLeaderEpoch',
  'DeleteRecords',
  'OffsetCommit',
  'TxnOffsetCommit',
  'AddPartitionsToTxn',
  'DescribeProducers',
  'DescribeConfigs',
  'AlterReplicaLogDirs',
  'ShareFetch',
  'ShareAcknowledge',
]);

export function asksTheBroker(api: string): boolean {
  return ownKnowledge.has(api);
}

/** How the news of a topic reaches the brokers: at once, or each at a moment of its own, as when metadata is on its way. */
export class TopicNews {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #withinMs: number;
  readonly #heardAt = new Map<string, ReadonlyMap<number, number>>();

  constructor(clock: Clock, random: Random, withinMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#withinMs = withinMs;
  }

  /** A client has created this topic. */
  announce(topicId: string, brokers: Iterable<number>): void {
    if (this.#withinMs === 0) return;
    const now = this.#clock.now();
    this.#heardAt.set(topicId, new Map([...brokers].map((id) => [id, now + this.#random() * this.#withinMs])));
  }

  hasReached(brokerId: number, topicId: string): boolean {
    return (this.#heardAt.get(topicId)?.get(brokerId) ?? 0) <= this.#clock.now();
  }
}
