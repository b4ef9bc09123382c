import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { batchOf } from '../test-requests.ts';

async function start() {
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
  const topic = cluster.topic('orders');
  for (const timestamp of [1000, 3000, 2000]) topic.append({ value: 'x', timestamp });
  const client = await connect(cluster);
  const ask = async (timestamp: number, { version = 9, isolationLevel = 0, currentLeaderEpoch = -1 } = {}) => {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp, currentLeaderEpoch }] }];
    const answer = await client.send(apis.listOffsets, version, { replicaId: -1, isolationLevel, topics });
    return answer.topics[0]!.partitions[0]!;
  };
  return { topic, ask, client };
}

describe('offsets at a time, of a log with the times 1000, 3000, 2000', () => {
  it.each([
    ['latest', -1, 3, -1],
    ['earliest', -2, 0, -1],
    ['the newest time', -3, 1, 3000],
    ['before all', 0, 0, 1000],
    ['between', 1500, 1, 3000],
    ['after all', 3001, -1, -1],
  ])('%s (%i) is %i', async (_name, timestamp, offset, at) => {
    expect(await (await start()).ask(timestamp)).toMatchObject({ errorCode: 0, offset, timestamp: at });
  });

  it('earliest follows deletion', async () => {
    const { ask, topic } = await start();
    topic.deleteRecords(0, 2);
    expect(await ask(-2)).toMatchObject({ offset: 2, leaderEpoch: 0 });
  });

  it('latest is where an open transaction begins, for a read_committed reader', async () => {
    const { ask, topic } = await start();
    const open = batchOf(['x']);
    open.writeInt16BE(0x10, 21);
    open.writeBigInt64BE(5n, 43);
    topic.appendBatch(open);
    expect(await ask(-1, { isolationLevel: 1 })).toMatchObject({ offset: 3 });
    expect(await ask(-1)).toMatchObject({ offset: 4 });
  });

  it.each([
    [-3, 6],
    [-4, 7],
    [-99, 9],
  ])('the time %i is unknown in version %i', async (timestamp, version) => {
    expect(await (await start()).ask(timestamp, { version })).toMatchObject({ errorCode: errorCodes.UNSUPPORTED_VERSION });
  });

  it('an old leader epoch is fenced', async () => {
    const { ask, topic } = await start();
    topic.moveLeader(0, 1);
    expect(await ask(-1, { currentLeaderEpoch: 0 })).toMatchObject({ errorCode: errorCodes.FENCED_LEADER_EPOCH });
  });
});

it('OffsetForLeaderEpoch tells where an epoch ended', async () => {
  const { topic, client } = await start();
  topic.moveLeader(0, 1);
  topic.append('x');
  const partitions = [0, 1, 2].map((leaderEpoch) => ({ partition: 0, leaderEpoch }));
  const answers = await Promise.all(
    partitions.map((asked) => client.send(apis.offsetForLeaderEpoch, 4, { topics: [{ topic: 'orders', partitions: [asked] }] })),
  );
  expect(answers.map(({ topics }) => topics[0]!.partitions[0]!)).toMatchObject([
    { leaderEpoch: 0, endOffset: 3 },
    { leaderEpoch: 1, endOffset: 4 },
    { leaderEpoch: -1, endOffset: -1 },
  ]);
});
