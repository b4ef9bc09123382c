import { apis } from '@tskafka/core/protocol';
import type {
  ConsumerGroupDescribeResponse,
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
  Decoded,
} from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { configureGroup } from '../group-configs.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

/** Consumer groups by raw requests (KIP-848): a member says exactly what a test tells it to say. */

export type Heartbeat = Partial<ConsumerGroupHeartbeatRequest>;
export type HeartbeatAnswer = Decoded<ConsumerGroupHeartbeatResponse>;
export type DescribedGroup = Decoded<ConsumerGroupDescribeResponse>['groups'][number];

/** A group whose target assignment is computed anew at once, and not only a second after the last time. */
export class TestGroup {
  readonly id: string;
  readonly wire: Wire;

  static async create(id = broker.freshName('consumer-group')): Promise<TestGroup> {
    const error = await configureGroup(id, { 'consumer.assignment.interval.ms': '0' });
    if (error !== 0) throw new Error(`configuring ${id}: error ${error}`);
    return new TestGroup(id, await broker.coordinatorWire(id));
  }

  private constructor(id: string, wire: Wire) {
    this.id = id;
    this.wire = wire;
  }

  heartbeat(fields: Heartbeat, version = 1): Promise<HeartbeatAnswer> {
    const request = { groupId: this.id, memberId: 'nobody', memberEpoch: 0, ...fields };
    return this.wire.send(apis.consumerGroupHeartbeat, version, request);
  }

  member(memberId = broker.freshName('member')): TestMember {
    return new TestMember(this, memberId);
  }

  async describe(version = 1): Promise<DescribedGroup> {
    const request = { groupIds: [this.id], includeAuthorizedOperations: false };
    return (await this.wire.send(apis.consumerGroupDescribe, version, request)).groups[0]!;
  }

  async describeMember(memberId: string): Promise<DescribedGroup['members'][number] | undefined> {
    return (await this.describe()).members.find((member) => member.memberId === memberId);
  }

  /** Resolves when each of these members has all that it shall have; they go on with their heartbeats meanwhile. */
  async stable(...members: TestMember[]): Promise<void> {
    await until(`${this.id} is stable`, async () => {
      for (const member of members) await member.beat();
      const { groupState, groupEpoch } = await this.describe();
      return groupState === 'Stable' && members.every(({ epoch }) => epoch === groupEpoch);
    });
  }
}

/** A member that keeps what it was told, and gives back at once what it must. */
export class TestMember {
  readonly id: string;
  epoch = 0;
  /** Topic id -> partitions: what it was last told that it has. */
  assigned = new Map<string, readonly number[]>();
  readonly #group: TestGroup;
  #instanceId: string | null = null;

  constructor(group: TestGroup, id: string) {
    this.#group = group;
    this.id = id;
  }

  /** Joins; `topics` are those it subscribes to. */
  join(topics: readonly TestTopic[], fields: Heartbeat = {}): Promise<HeartbeatAnswer> {
    this.#instanceId = fields.instanceId ?? null;
    const subscribedTopicNames = topics.map(({ name }) => name);
    return this.#send({ memberEpoch: 0, rebalanceTimeoutMs: 30_000, subscribedTopicNames, topicPartitions: [], ...fields });
  }

  /** A heartbeat that says what the member owns: by default what it was told. */
  beat(fields: Heartbeat = {}): Promise<HeartbeatAnswer> {
    const topicPartitions = [...this.assigned].map(([topicId, partitions]) => ({ topicId, partitions }));
    return this.#send({ memberEpoch: this.epoch, topicPartitions, ...fields });
  }

  /** Leaves for good; with -2, a static member leaves for a while. */
  leave(memberEpoch = -1): Promise<HeartbeatAnswer> {
    return this.#send({ memberEpoch });
  }

  partitions(topic: TestTopic): readonly number[] {
    return this.assigned.get(topic.id)?.toSorted((a, b) => a - b) ?? [];
  }

  async #send(fields: Heartbeat): Promise<HeartbeatAnswer> {
    const answer = await this.#group.heartbeat({ memberId: this.id, instanceId: this.#instanceId, ...fields });
    if (answer.errorCode !== 0) return answer;
    this.epoch = answer.memberEpoch;
    if (answer.assignment !== null) {
      this.assigned = new Map(answer.assignment.topicPartitions.map(({ topicId, partitions }) => [topicId, partitions]));
    }
    return answer;
  }
}
