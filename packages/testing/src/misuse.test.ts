import { apis } from '@tskafka/core/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { ApiName } from './api-name.ts';
import { kafkaMatchers } from './matching/matchers.ts';
import { MockCluster } from './mock-cluster.ts';
import type { MockClusterOptions } from './options.ts';
import { startKafka } from './target/start-kafka.ts';
import { connect } from './test-client.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What a slip of the hand is told. What TypeScript would refuse is written as JavaScript may write it. */
type Misuse = readonly [what: string, use: (cluster: MockCluster) => unknown, told: string];

const any = (value: unknown): never => value as never;
const soon = { timeoutMs: 5 };

const misuses: readonly Misuse[] = [
  // What is not there.
  ['a topic', (c) => c.topic('order'), "the cluster has no topic 'order'; it has orders"],
  ['a partition', (c) => c.topic('orders').partition(7), 'the cluster has no partition orders-7; the topic has 0 to 1'],
  ['a partition to append to', (c) => c.topic('orders').append({ partition: 2, value: 'a' }), 'no partition orders-2'],
  ['a partition to read', (c) => c.topic('orders').records({ partition: -1 }), 'no partition orders--1'],
  ['a partition to wait for', (c) => c.topic('orders').waitForRecords(1, { partition: 2 }), 'no partition orders-2'],
  ['a broker', (c) => c.broker(9), 'there is no broker 9; there are 1, 2, 3'],
  ['a broker to lead', (c) => c.topic('orders').moveLeader(0, 9), 'there is no broker 9; there are 1, 2, 3'],
  ['a broker to coordinate', (c) => c.group('billing').moveCoordinator(9), 'there is no broker 9'],
  ['a broker to be the controller', (c) => c.moveController(9), 'there is no broker 9'],
  ['a broker that follows', (c) => c.topic('orders').holdReplication({ followers: [9] }), 'there is no broker 9'],
  ['a broker that fails', (c) => c.fail('Produce', ['NOT_LEADER_OR_FOLLOWER'], { broker: 9 }), 'there is no broker 9'],
  ['a committed topic', (c) => c.group('billing').committed('order', 0), "the cluster has no topic 'order'; it has orders"],
  ['a committed partition', (c) => c.group('billing').committed('orders', 7), 'no partition orders-7'],
  ['a partition to commit', (c) => c.group('billing').commit('orders', 7, 0), 'no partition orders-7'],
  ['a member to evict', (c) => c.group('billing').evict('m'), "group 'billing' has no member 'm'; it has none"],
  ['members to rebalance', (c) => c.group('bill').rebalance(), "group 'bill' has no members; the cluster has the groups billing"],
  ['a transaction', (c) => c.transaction('copy').fence(), "nobody has used the transactional id 'copy'; there are none"],
  ['an API to fail', (c) => c.fail(any('Producer'), ['NOT_LEADER_OR_FOLLOWER']), "Kafka has no API 'Producer'; did you mean Produce?"],
  ['an API to intercept', (c) => c.intercept(any('fetch'), (call) => call.pass()), "no API 'fetch'; did you mean Fetch?"],
  ['an API to look for', (c) => c.requests({ api: any('OffsetsCommit') }), "no API 'OffsetsCommit'; did you mean OffsetCommit?"],
  ['an API to wait for', (c) => c.nextRequest(any('JoinGroups')), "no API 'JoinGroups'; did you mean JoinGroup?"],
  ['an API to leave out', (c) => c.broker(1).apiVersions(any({ Metadatas: null })), "no API 'Metadatas'; did you mean Metadata?"],
  ['an error', (c) => c.fail('Produce', [any('NOT_LEADER')]), "Kafka has no error 'NOT_LEADER'; did you mean NOT_LEADER_OR_FOLLOWER?"],
  ['an error that is like none', (c) => c.fail('Produce', [any('BAD')]), "Kafka has no error 'BAD'"],
  ['an API before its errors', (c) => c.fail(any('Produc'), [any('BAD')]), "Kafka has no API 'Produc'; did you mean Produce?"],
  ['a fault of chaos', (c) => c.chaos({ faults: [any('earthquake')] }), "there is no fault 'earthquake'; there are"],
  ['a release', () => MockCluster.start({ kafkaVersion: '9.9' }), '9.9'],
  ['a configuration', () => MockCluster.start({ configs: { 'num.partition': '3' } }), "'num.partition' is not a broker configuration"],

  // Words that mean nothing.
  ['an option', () => MockCluster.start(any({ broker: 3 })), "MockCluster has no 'broker'; it has brokers, racks"],
  ['an option of a topic', (c) => c.createTopic('new', any({ partition: 3 })), "the topic 'new' has no 'partition'; it has partitions"],
  ['an option of sasl', () => MockCluster.start({ sasl: any({ user: 'alice' }) }), "sasl has no 'user'; it has users"],
  ['an option of realism', () => MockCluster.start({ realism: any({ rtt: 1 }) }), "realism has no 'rtt'; it has"],
  ['a field of a record', (c) => c.topic('orders').append(any({ val: 'a' })), "a record has no 'val'; it has partition, key, value"],
  ['a scope', (c) => c.dropRequest('Produce', any({ brokerId: 1 })), "has no 'brokerId'; it has broker, clientId"],
  [
    'a scope that this fault does not have',
    (c) => c.dropResponse('Produce', any({ topic: 'orders' })),
    "has no 'topic'; it has broker, clientId",
  ],
  ['a filter', (c) => c.requests(any({ topic: 'orders' })), "a filter of requests has no 'topic'; it has api, broker, clientId"],

  // Values that cannot be meant.
  ['no errors', (c) => c.fail('Produce', []), 'fail() needs at least one error'],
  ['no times', (c) => c.dropRequest('Produce', { times: 0 }), 'the number of times a fault strikes must be a number of at least 1, not 0'],
  ['a negative delay', (c) => c.delay('Produce', -1), 'a delay in milliseconds must be a number of at least 0, not -1'],
  ['a negative throttle time', (c) => c.throttle(-1), 'not -1'],
  ['a negative round trip', (c) => c.broker(1).rtt(-1), 'not -1'],
  ['pieces of nothing', (c) => c.broker(1).slice(0), 'the size of a piece must be a number of at least 1, not 0'],
  ['time that goes back', () => new VirtualClock().advance(-1), 'the clock advances by milliseconds of at least 0, not by -1'],
  ['time that is none', () => new VirtualClock().advance(any('45s')), 'not by 45s'],
  ['a negative offset', (c) => c.group('billing').commit('orders', 0, -1), 'a committed offset must be a number of at least 0, not -1'],
  ['an end behind the end', (c) => c.topic('orders').truncate(0, 9), 'orders-0 holds the offsets from 0 to 1, and cannot end at 9'],
  ['a start behind the end', (c) => c.topic('orders').deleteRecords(0, 9), 'orders-0 ends at 1, before 9'],
  ['fewer partitions', (c) => c.topic('orders').addPartitions(1), 'orders has 2 partitions already, and 1 would not be more'],
  ['a topic that is there', (c) => c.createTopic('orders'), "the cluster already has a topic 'orders'"],
  ['a name that is none', (c) => c.createTopic('a b'), "the topic 'a b' cannot be created: Topic name is invalid"],
  ['no partitions', (c) => c.createTopic('new', 0), "the topic 'new' cannot be created: Number of partitions was set to an invalid"],
  ['too many replicas', (c) => c.createTopic('new', { replicationFactor: 4 }), 'The target replication factor of 4 cannot be reached'],
  ['a topic’s configuration', (c) => c.createTopic('new', { configs: { 'retention.m': '1' } }), 'Unknown topic config name: retention.m'],
  ['compaction where there is none', (c) => c.topic('orders').compact(), "orders has the cleanup.policy 'delete', and is not compacted"],
  ['no function', (c) => c.intercept('Produce', any(undefined)), 'an interceptor must be a function, not undefined'],
  [
    'a Kafka without a port',
    () => startKafka({ target: 'localhost' }),
    "the address of a Kafka must be host:port, or several separated by commas, not 'localhost'",
  ],
  ['topics of a real Kafka', () => startKafka(any({ topics: { orders: 1 } })), 'startKafka takes no topics'],
  [
    'records where a topic is meant',
    (c) => expect(c.topic('orders').records()).toHaveRecord(any({})),
    "toHaveRecord works on cluster.topic('orders')",
  ],
  [
    'a topic where a group is meant',
    (c) => expect(c.topic('orders')).toHaveCommitted({}),
    "toHaveCommitted works on cluster.group('billing')",
  ],

  // What never comes.
  [
    'a record',
    (c) => c.topic('orders').waitForRecords(2, soon),
    '1 of 2 expected records have arrived. \'orders\' holds 1:\n  0@0 null -> "a"',
  ],
  ['a topic that never comes', (c) => c.waitForTopic('order', soon), "there is no topic 'order'; there are orders."],
  ['a group that is another', (c) => c.group('bill').waitForStable(soon), 'but Dead with no members; the cluster has the groups billing.'],
  [
    'a group that reads nothing',
    (c) => c.group('bill').waitForLag(0, soon),
    "group 'bill' reads nothing: it has no members and no commits; the cluster has the groups billing.",
  ],
  ['a lag', (c) => c.group('billing').waitForLag(0, soon), "group 'billing' is more than 0 behind: orders-0 at 0 of 1."],
  [
    'a request',
    (c) => c.nextRequest('Fetch', soon),
    'no Fetch request came.\nThe newest requests:\n  Metadata v12 of shop to broker 1: no error',
  ],
  ['a request to hold', (c) => c.hold('Fetch').held(soon), "no request came for 'hold Fetch'."],
  [
    'a fault',
    (c) => (c.fail('Fetch', ['NOT_LEADER_OR_FOLLOWER']), c.assertFaultsFired()),
    "'fail Fetch with NOT_LEADER_OR_FOLLOWER' never happened.\nThe newest requests:\n  Metadata",
  ],
];

async function scene(options: MockClusterOptions = {}): Promise<MockCluster> {
  const cluster = await MockCluster.start({ topics: { orders: 2 }, ...options });
  cluster.topic('orders').append('a');
  cluster.group('billing').commit('orders', 0, 0);
  const client = await connect(cluster, 1, 'shop');
  await client.send(apis.metadata, 12, { topics: [{ name: 'orders' }], allowAutoTopicCreation: false });
  return cluster;
}

/** What it throws, at once or later. */
async function toldBy(use: () => unknown): Promise<string> {
  try {
    await use();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('misuse is told what is there instead', () => {
  expect.extend(kafkaMatchers);

  it.each(misuses)('%s', async (_what, use, told) => {
    await using cluster = await scene();
    expect(await toldBy(() => use(cluster))).toContain(told);
  });
});

describe('after the end', () => {
  it('a wait that is on ends at once, and says that the cluster was closed', async () => {
    const cluster = await scene();
    const waiting = toldBy(() => cluster.topic('orders').waitForRecords(2));
    await cluster.close();
    expect(await waiting).toContain(
      "the cluster is closed, so this cannot happen any more: 1 of 2 expected records have arrived. 'orders' holds 1",
    );
  });

  it('a wait for what is there goes well, and none for anything else', async () => {
    const cluster = await scene();
    await cluster.close();
    expect(await cluster.topic('orders').waitForRecords(1)).toHaveLength(1);
    expect(await toldBy(() => cluster.nextRequest('Produce'))).toContain(
      'the cluster is closed, so this cannot happen any more: no Produce request came.',
    );
  });

  it('nobody listens', async () => {
    const cluster = await scene();
    await cluster.close();
    expect(await toldBy(() => cluster.listen())).toBe('the cluster is closed');
    await cluster.close();
  });

  it('a client is refused', async () => {
    const cluster = await scene();
    await cluster.close();
    expect(await toldBy(() => connect(cluster))).toContain('mock-1:9092');
  });
});

it('listens twice, each time at ports of its own', async () => {
  await using cluster = await scene();
  const [first, second] = [await cluster.listen(), await cluster.listen()];
  expect(new Set([...first.brokers, ...second.brokers]).size).toBe(6);
});

it('waits for two things at once', async () => {
  await using cluster = await scene();
  const topic = cluster.topic('orders');
  const waiting = Promise.all([topic.waitForRecords(2), topic.waitForRecords(3), cluster.waitForTopic('later')]);
  topic.append('b', 'c');
  cluster.createTopic('later');
  expect((await waiting).slice(0, 2).map((found) => (found as unknown[]).length)).toEqual([3, 3]);
});

it.each<[string, ApiName]>([['nothing', 'Metadata']])(
  'an interceptor that returns %s is an error, and no request that hangs',
  async (_what, api) => {
    await using cluster = await scene();
    const unhandled = vi.fn<(error: Error) => void>();
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', unhandled);
    try {
      cluster.intercept(
        api,
        any(async (call: { pass(): Promise<unknown> }) => void (await call.pass())),
      );
      const client = await connect(cluster, 1, 'shop');
      const answer = client.send(apis.metadata, 12, { topics: [], allowAutoTopicCreation: false });
      await expect(answer).rejects.toThrow();
      expect(unhandled.mock.calls[0]![0].message).toBe(
        'the interceptor of Metadata returned nothing: return the result of call.pass(), an answer, call.drop() or call.silence()',
      );
    } finally {
      process.removeListener('uncaughtException', unhandled);
      for (const listener of others) process.on('uncaughtException', listener);
    }
  },
);
