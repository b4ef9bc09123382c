import { apis } from '@tskafka/core/protocol';
import type { TestTopic, TopicOptions } from '../../broker.ts';
import { batchOf } from '../../requests.ts';
import { nowhere, recordTime } from '../scenarios/requests.ts';
import { Producer } from '../scenarios/transactional-producer.ts';
import type { Side } from '../side.ts';
import type { Talk } from '../talk.ts';
import { type ConsumerMember, consumersOf } from './consumer-member.ts';
import { Walker } from './walker.ts';
import { WalkingProducer } from './walking-producer.ts';

/** The member of a classic group, as far as it has come. */
interface Member {
  readonly groupId: string;
  memberId: string;
  generation: number;
}

export interface PairMember extends Member {
  isLeader: boolean;
  protocolName: string | null;
}

/** Far from now, so that the markers of transactions begin new segments, and nothing else does. */
const day = '86400000';

/**
 * The topics of a walk. What a broker does in its own time (compaction, the deletion of segments) must not show: one is never
 * compacted, and the other, of which records are deleted, has one segment.
 */
const topics: readonly TopicOptions[] = [
  { partitions: 2, configs: { 'segment.ms': String(Number.MAX_SAFE_INTEGER), 'index.interval.bytes': '200' } },
  { configs: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '1', 'segment.ms': day, 'max.message.bytes': '400' } },
  { configs: { 'message.timestamp.type': 'LogAppendTime', 'segment.ms': String(Number.MAX_SAFE_INTEGER) } },
];

/** Who writes and reads records, in transactions and out of them, and is in groups. */
export class DataWalker extends Walker {
  readonly topics: readonly TestTopic[];
  /** The groups of all members. */
  readonly groups: readonly string[];
  readonly producers: readonly WalkingProducer[];
  readonly members: readonly Member[];
  /** The two members of a third classic group. */
  readonly pair: readonly [PairMember, PairMember];
  readonly consumers: readonly ConsumerMember[];
  /** Its fetch session. */
  readonly session = { id: 0, epoch: 0 };
  readonly #ends = new Map<string, number>();

  static async start(talk: Talk, ranges: Side['ranges']): Promise<DataWalker> {
    const made: TestTopic[] = [];
    for (const topic of topics) made.push(await talk.topic(topic));
    const classic = [talk.name('group'), talk.name('group'), talk.name('pair')];
    for (const group of classic) await talk.coordinator(group);
    const consumers = await consumersOf(talk, made);
    const producers = [new WalkingProducer(await Producer.start(talk)), new WalkingProducer(await Producer.start(talk))];
    const walker = new DataWalker(talk, ranges, { topics: made, classic, consumers, producers });
    // From here on the comparison knows by their ids which topic is which.
    for (const { name } of made) await walker.ask(apis.metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false });
    return walker;
  }

  private constructor(
    talk: Talk,
    ranges: Side['ranges'],
    has: Pick<DataWalker, 'topics' | 'consumers' | 'producers'> & { readonly classic: readonly string[] },
  ) {
    super(talk, ranges);
    this.topics = has.topics;
    this.producers = has.producers;
    this.consumers = has.consumers;
    const [one, another, ofTwo] = has.classic.map((groupId) => ({ groupId, memberId: '', generation: -1 }));
    this.members = [one!, another!];
    this.pair = [
      { ...ofTwo!, isLeader: false, protocolName: null },
      { ...ofTwo!, isLeader: false, protocolName: null },
    ];
    this.groups = [...new Set([...this.members, ...this.pair, ...this.consumers].map(({ groupId }) => groupId))];
  }

  /** Mostly one that there is. */
  topic(): TestTopic {
    return this.chance(0.03) ? nowhere : this.pick(this.topics);
  }

  /** Mostly one that there is. */
  partition(): number {
    return this.chance(0.9) ? this.int(2) : this.int(5);
  }

  /** Mostly one that is in the log, and often its end. */
  offset(topic: TestTopic, partition: number): number {
    const end = this.#ends.get(`${topic.name}-${partition}`) ?? 0;
    if (this.chance(0.2)) return end;
    return this.chance(0.1) ? this.pick([-1, -2, end + 1, end + 5]) : this.int(end + 1);
  }

  /** Remembers where the log of a partition goes on. */
  wroteUpTo(topic: TestTopic, partition: number, end: number): void {
    this.#ends.set(`${topic.name}-${partition}`, end);
  }

  batch(options: Parameters<typeof batchOf>[1] = {}): { readonly bytes: Buffer; readonly count: number } {
    const count = 1 + this.int(4);
    const records = Array.from({ length: count }, () => ({
      key: this.chance(0.9) ? `k${this.int(4)}` : null,
      value: this.chance(0.9) ? 'v'.repeat(this.int(this.chance(0.1) ? 500 : 20)) : null,
      headers: this.chance(0.2) ? ([['h', 'x']] as const) : [],
      timestamp: recordTime + this.int(1000),
    }));
    return { bytes: batchOf(records, options), count };
  }
}
