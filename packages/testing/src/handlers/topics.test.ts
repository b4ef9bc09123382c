import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';

const topicOf = (name: string, more: object = {}) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...more,
});

describe('CreateTopics', () => {
  it('creates what was asked for', async () => {
    const cluster = await MockCluster.start();
    const client = await connect(cluster, 2);
    const configs = [{ name: 'cleanup.policy', value: 'compact' }];
    const { topics } = await client.send(apis.createTopics, 7, {
      topics: [topicOf('orders', { numPartitions: 2, replicationFactor: 3, configs })],
    });
    expect(topics).toMatchObject([{ errorCode: 0, topicId: cluster.topic('orders').id, numPartitions: 2, replicationFactor: 3 }]);
    expect(topics[0]!.configs).toContainEqual({
      name: 'cleanup.policy',
      value: 'compact',
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    });
    expect(cluster.topic('orders').partitionCount).toBe(2);
  });

  it('only looks when it is told to', async () => {
    const cluster = await MockCluster.start();
    const { topics } = await (await connect(cluster)).send(apis.createTopics, 7, { topics: [topicOf('orders')], validateOnly: true });
    expect(topics).toMatchObject([{ errorCode: 0, numPartitions: 1 }]);
    expect(cluster.topicNames).toEqual([]);
  });

  // The words of Kafka 4.3.1.
  it.each<[object, keyof typeof errorCodes, string]>([
    [topicOf('there'), 'TOPIC_ALREADY_EXISTS', "Topic 'there' already exists."],
    [topicOf('a.b'), 'INVALID_TOPIC_EXCEPTION', "Topic 'a.b' collides with existing topic: a_b"],
    [topicOf('.'), 'INVALID_TOPIC_EXCEPTION', "Topic name is invalid: '.' is not allowed"],
    [topicOf('x', { numPartitions: 0 }), 'INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.'],
    [
      topicOf('x', { replicationFactor: 0 }),
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      topicOf('x', { replicationFactor: 4 }),
      'INVALID_REPLICATION_FACTOR',
      'Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are ' +
        'registered or some brokers have all their log directories cordoned.',
    ],
    [topicOf('x', { configs: [{ name: 'nope', value: '1' }] }), 'INVALID_CONFIG', 'Unknown topic config name: nope'],
    [
      topicOf('x', { configs: [{ name: 'retention.ms', value: null }] }),
      'INVALID_CONFIG',
      'Null value not supported for topic configs: retention.ms',
    ],
    [
      topicOf('x', { numPartitions: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
    [
      topicOf('x', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [9] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      topicOf('x', { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
      'partitions should be a consecutive 0-based integer sequence',
    ],
  ])('refuses %j', async (topic, error, errorMessage) => {
    const client = await connect(await MockCluster.start({ topics: { there: 1, a_b: 1 } }));
    const { topics } = await client.send(apis.createTopics, 7, { topics: [topic as ReturnType<typeof topicOf>] });
    expect(topics).toMatchObject([{ errorCode: errorCodes[error], errorMessage }]);
  });

  it('refuses a name that comes twice, once', async () => {
    const client = await connect(await MockCluster.start());
    const { topics } = await client.send(apis.createTopics, 7, { topics: [topicOf('x'), topicOf('y'), topicOf('x')] });
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['y', 0],
      ['x', errorCodes.INVALID_REQUEST],
    ]);
  });
});

describe('DeleteTopics', () => {
  it('deletes by name and by id, with what groups have committed', async () => {
    const cluster = await MockCluster.start({ topics: { a: 1, b: 1 } });
    const client = await connect(cluster);
    cluster.group('g').commit('a', 0, 5);
    const { responses } = await client.send(apis.deleteTopics, 6, {
      topics: [{ name: 'a', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }, { topicId: cluster.topic('b').id }],
      timeoutMs: 1000,
    });
    expect(responses).toMatchObject([
      { name: 'a', errorCode: 0 },
      { name: 'b', errorCode: 0 },
    ]);
    expect([cluster.topicNames, cluster.group('g').commits()]).toEqual([[], []]);
  });

  it('tells what it does not know', async () => {
    const client = await connect(await MockCluster.start());
    const { responses } = await client.send(apis.deleteTopics, 5, { topicNames: ['missing'], timeoutMs: 1000 });
    const errorMessage = 'This server does not host this topic-partition.';
    expect(responses).toMatchObject([{ name: 'missing', errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage }]);
  });
});

describe('CreatePartitions', () => {
  it.each<[string, number, { brokerIds: number[] }[] | null, keyof typeof errorCodes, string | null]>([
    ['more', 4, null, 'NONE', null],
    ['more, on chosen brokers', 3, [{ brokerIds: [2] }], 'NONE', null],
    ['as many', 2, null, 'INVALID_PARTITIONS', 'Topic already has 2 partition(s).'],
    ['fewer', 1, null, 'INVALID_PARTITIONS', 'The topic orders currently has 2 partition(s); 1 would not be an increase.'],
    [
      'more than it places',
      4,
      [{ brokerIds: [1] }],
      'INVALID_REPLICA_ASSIGNMENT',
      'Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    ],
  ])('%s', async (_what, count, assignments, error, errorMessage) => {
    const cluster = await MockCluster.start({ topics: { orders: { partitions: 2, replicationFactor: 1 } } });
    const client = await connect(cluster);
    const topics = [{ name: 'orders', count, assignments }];
    const { results } = await client.send(apis.createPartitions, 3, { topics, timeoutMs: 1000, validateOnly: false });
    expect(results).toMatchObject([{ errorCode: errorCodes[error], errorMessage }]);
    expect(cluster.topic('orders').partitionCount).toBe(error === 'NONE' ? count : 2);
  });
});

describe('DeleteRecords', () => {
  it.each<[number, keyof typeof errorCodes, number]>([
    [2, 'NONE', 2],
    [-1, 'NONE', 3],
    [0, 'NONE', 0],
    [4, 'OFFSET_OUT_OF_RANGE', -1],
    [-2, 'OFFSET_OUT_OF_RANGE', -1],
  ])('before %i: %s', async (offset, error, lowWatermark) => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    cluster.topic('orders').append('a', 'b', 'c');
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }];
    const answer = await (await connect(cluster)).send(apis.deleteRecords, 2, { topics, timeoutMs: 1000 });
    expect(answer.topics[0]!.partitions).toEqual([{ partitionIndex: 0, lowWatermark, errorCode: errorCodes[error] }]);
  });
});

describe('DescribeConfigs', () => {
  it('tells each value and where it comes from', async () => {
    const cluster = await MockCluster.start({
      brokers: 1,
      configs: { 'log.retention.bytes': '5' },
      topics: { orders: { configs: { 'cleanup.policy': 'compact' } } },
    });
    const client = await connect(cluster);
    const resources = [
      { resourceType: 2, resourceName: 'orders', configurationKeys: ['cleanup.policy', 'retention.bytes', 'segment.bytes'] },
    ];
    const { results } = await client.send(apis.describeConfigs, 4, { resources, includeSynonyms: true });
    expect(results[0]!.configs.map(({ name, value, configSource }) => [name, value, configSource])).toEqual([
      ['cleanup.policy', 'compact', 1],
      ['retention.bytes', '5', 4],
      ['segment.bytes', '1073741824', 5],
    ]);
    expect(results[0]!.configs[0]!.synonyms).toEqual([
      { name: 'cleanup.policy', value: 'compact', source: 1 },
      { name: 'log.cleanup.policy', value: 'delete', source: 5 },
    ]);
  });

  it('a broker tells of itself only', async () => {
    const client = await connect(await MockCluster.start({ configs: { 'num.partitions': '2' } }), 2);
    const resources = ['2', '1'].map((resourceName) => ({ resourceType: 4, resourceName, configurationKeys: ['num.partitions'] }));
    const { results } = await client.send(apis.describeConfigs, 4, { resources });
    expect(results).toMatchObject([
      { errorCode: 0, configs: [{ name: 'num.partitions', value: '2', configSource: 4 }] },
      { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'Unexpected broker id, expected 2 or empty string, but received 1' },
    ]);
  });
});
