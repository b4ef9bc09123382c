import { apis } from '@tskafka/core/protocol';
import type { ConsumerGroupHeartbeatRequest } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { consumerGroupHeartbeat, consumerGroupDescribe, incrementalAlterConfigs } = apis;

type Fields = Partial<ConsumerGroupHeartbeatRequest>;

/** A consumer group whose target assignment is computed at once, as raw members see it. */
class Group {
  readonly id: string;
  readonly #talk: Talk;
  readonly #node: number;

  static async create(talk: Talk): Promise<Group> {
    const id = talk.name('group');
    const configs = [{ name: 'consumer.assignment.interval.ms', configOperation: 0, value: '0' }];
    await talk.peek(incrementalAlterConfigs, { resources: [{ resourceType: 32, resourceName: id, configs }], validateOnly: false });
    return new Group(talk, id, await talk.coordinator(id));
  }

  private constructor(talk: Talk, id: string, node: number) {
    this.#talk = talk;
    this.id = id;
    this.#node = node;
  }

  beat(memberId: string, memberEpoch: number, fields: Fields = {}) {
    return this.#talk.ask(consumerGroupHeartbeat, { groupId: this.id, memberId, memberEpoch, ...fields }, { node: this.#node });
  }

  join(memberId: string, topics: readonly string[], fields: Fields = {}) {
    return this.beat(memberId, 0, { rebalanceTimeoutMs: 30_000, subscribedTopicNames: topics, topicPartitions: [], ...fields });
  }

  describe(includeAuthorizedOperations = false) {
    return this.#talk.ask(consumerGroupDescribe, { groupIds: [this.id], includeAuthorizedOperations }, { node: this.#node });
  }
}

/** The name of a group that nobody has joined, whose coordinator is ready. */
async function coordinated(talk: Talk): Promise<string> {
  const id = talk.name('group');
  await talk.coordinator(id);
  return id;
}

export const consumerGroupScenarios: Scenario[] = [
  {
    api: consumerGroupHeartbeat,
    title: 'two members come to what they shall have, and one leaves',
    run: async (talk) => {
      const [group, topic] = [await Group.create(talk), await talk.topic({ partitions: 3 })];
      const owning = (...partitions: number[]): Fields => ({ topicPartitions: [{ topicId: topic.id, partitions }] });
      await group.join('a', [topic.name]);
      await group.beat('a', 2, owning(0, 1, 2));
      await group.join('b', [topic.name], { rackId: 'r1' });
      await group.describe();
      await group.beat('a', 2, owning(0, 1, 2));
      await group.describe();
      await group.beat('b', 3, { topicPartitions: [] });
      await group.beat('a', 2, owning(0, 1));
      await group.beat('b', 3, { topicPartitions: [] });
      await group.describe();
      await group.beat('a', -1);
      await group.describe();
      await group.beat('b', 3, owning(2));
      await group.describe();
    },
  },
  {
    api: consumerGroupHeartbeat,
    title: 'a static member goes away and comes back',
    run: async (talk) => {
      const [group, topic] = [await Group.create(talk), await talk.topic({ partitions: 2 })];
      await group.join('first', [topic.name], { instanceId: 'i' });
      await group.join('second', [topic.name], { instanceId: 'i' });
      await group.beat('second', 2, { instanceId: 'i' });
      await group.beat('first', 2, { instanceId: 'other' });
      await group.beat('first', -2, { instanceId: 'i' });
      await group.describe();
      await group.join('second', [topic.name], { instanceId: 'i' });
      await group.describe();
      await group.beat('first', 2, { instanceId: 'i' });
      await group.beat('second', -1, { instanceId: 'i' });
      await group.describe();
    },
  },
  {
    api: consumerGroupHeartbeat,
    title: 'epochs that are not the member’s',
    run: async (talk) => {
      const [group, topic] = [await Group.create(talk), await talk.topic({ partitions: 2 })];
      const owned: Fields = { topicPartitions: [{ topicId: topic.id, partitions: [0] }] };
      await group.join('m', [topic.name]);
      for (const epoch of [1, 3, 7]) await group.beat('m', epoch, owned);
      await group.beat('m', 2, { subscribedTopicNames: [topic.name, 'another'] });
      await group.beat('m', 2, owned);
      await group.beat('m', 2, { topicPartitions: null });
      await group.beat('m', 2, { topicPartitions: [{ topicId: topic.id, partitions: [5] }] });
    },
  },
  ...requests(consumerGroupHeartbeat, [
    ['a first heartbeat without a rebalance timeout', (talk) => ({ groupId: talk.name('group'), memberId: 'm', memberEpoch: 0 })],
    ['a heartbeat to a group that is not there', async (talk) => ({ groupId: await coordinated(talk), memberId: 'm', memberEpoch: 4 })],
    [
      'a member that leaves a group that is not there',
      async (talk) => ({ groupId: await coordinated(talk), memberId: 'm', memberEpoch: -1 }),
    ],
    ['a static member without an instance id', (talk) => ({ groupId: talk.name('group'), memberId: 'm', memberEpoch: -2 })],
    ['an epoch that there is not', (talk) => ({ groupId: talk.name('group'), memberId: 'm', memberEpoch: -5 })],
    ['a group without a name', () => ({ groupId: '', memberId: 'm', memberEpoch: 4 })],
    ['an assignor that there is not', (talk) => ({ groupId: talk.name('group'), memberId: 'm', memberEpoch: 4, serverAssignor: 'sticky' })],
  ]),
  {
    api: consumerGroupHeartbeat,
    since: 1,
    title: 'regular expressions that are none',
    run: async (talk) => {
      const group = await Group.create(talk);
      for (const subscribedTopicRegex of ['[', '(', 'a**', '(?=a)', '\\q']) await group.join('m', [], { subscribedTopicRegex });
    },
  },
  {
    api: consumerGroupDescribe,
    title: 'a group with one member, an empty one, and those that are not there',
    run: async (talk) => {
      const [group, topic] = [await Group.create(talk), await talk.topic({ partitions: 2 })];
      await group.describe();
      await group.join('m', [topic.name], { instanceId: 'i', rackId: 'r1', serverAssignor: 'range' });
      await group.describe();
      await group.describe(true);
      await group.beat('m', -1, { instanceId: 'i' });
      await group.describe();
      await talk.ask(consumerGroupDescribe, { groupIds: [''], includeAuthorizedOperations: false });
    },
  },
];
