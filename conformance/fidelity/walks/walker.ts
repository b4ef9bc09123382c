import { apis } from '@tskafka/core/protocol';
import type { Api, Decoded, Random } from '@tskafka/core/protocol';
import { seededRandom } from '@tskafka/testing';
import type { TestTopic, TopicOptions } from '../../broker.ts';
import { batchOf } from '../../requests.ts';
import { nowhere, recordTime } from '../scenarios/requests.ts';
import { Producer } from '../scenarios/transactional-producer.ts';
import type { Side } from '../side.ts';
import type { AskOptions, Talk } from '../talk.ts';
import { WalkingProducer } from './walking-producer.ts';

/** One thing to ask, however it comes out. */
export type Step = (walker: Walker) => Promise<unknown>;

/** How often each is taken, beside the others. */
export type WeightedSteps = readonly (readonly [weight: number, step: Step])[];

/** The member of a classic group, as far as it has come. */
interface Member {
  readonly groupId: string;
  memberId: string;
  generation: number;
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

/** Somebody who asks one cluster this and that, as the dice say, and remembers what came of it. Two who throw the same dice ask the same. */
export class Walker {
  readonly talk: Talk;
  readonly topics: readonly TestTopic[];
  readonly groups: readonly string[];
  readonly producers: readonly WalkingProducer[];
  readonly members: readonly Member[];
  /** Its fetch session. */
  readonly session = { id: 0, epoch: 0 };
  /** The requests whose answers are compared, in words. */
  readonly asked: string[] = [];
  readonly #ranges: Side['ranges'];
  readonly #ends = new Map<string, number>();
  #dice: Random = seededRandom(0);

  /** @param ranges The versions that both clusters are asked in. */
  static async start(talk: Talk, ranges: Side['ranges']): Promise<Walker> {
    const made: TestTopic[] = [];
    for (const topic of topics) made.push(await talk.topic(topic));
    const groups = [talk.name('group'), talk.name('group')];
    for (const group of groups) await talk.coordinator(group);
    const producers = [new WalkingProducer(await Producer.start(talk)), new WalkingProducer(await Producer.start(talk))];
    const walker = new Walker(talk, ranges, { topics: made, groups, producers });
    // From here on the comparison knows by their ids which topic is which.
    for (const { name } of made) await walker.ask(apis.metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false });
    return walker;
  }

  private constructor(talk: Talk, ranges: Side['ranges'], has: Pick<Walker, 'topics' | 'groups' | 'producers'>) {
    this.talk = talk;
    this.#ranges = ranges;
    this.topics = has.topics;
    this.groups = has.groups;
    this.producers = has.producers;
    this.members = has.groups.map((groupId) => ({ groupId, memberId: '', generation: -1 }));
  }

  /** Takes new dice. All that a step asks comes of them, so that the step before may be left out. */
  throwFrom(seed: number): void {
    this.#dice = seededRandom(seed);
  }

  /** 0, 1, ... `count` - 1. */
  int(count: number): number {
    return Math.floor(this.#dice() * count);
  }

  chance(probability: number): boolean {
    return this.#dice() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)]!;
  }

  /** One that both clusters know and the codec too. */
  version({ key, minVersion, maxVersion }: Api, since = 0): number {
    const range = this.#ranges.get(key)!;
    const first = Math.max(range.minVersion, minVersion, since);
    return first + this.int(Math.min(range.maxVersion, maxVersion) - first + 1);
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

  async ask<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
    options: AskOptions = {},
  ): Promise<Decoded<Response>> {
    const already = this.talk.exchanges.length;
    try {
      return await this.talk.ask(api, request, { ...options, version });
    } finally {
      if (this.talk.exchanges.length > already) this.asked.push(`${api.name} version ${version} ${JSON.stringify(request, withoutBytes)}`);
    }
  }
}

function withoutBytes(field: string, value: unknown): unknown {
  return field === 'records' ? '...' : value;
}
