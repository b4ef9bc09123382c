import { apis, type Transport } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { TestClient } from '../test-client.ts';
import { VirtualClock } from '../virtual-clock.ts';

it('answers a fetch that waits once its client is about to stop', async () => {
  await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock: new VirtualClock() });
  const factory = cluster.createSocketFactory();
  const transport: Transport = {
    connect: ({ host, port }, events) =>
      new Promise((resolve) => {
        const socket = factory({ host, port, onConnect: () => resolve(stream) });
        const write = (chunks: readonly Uint8Array[]): boolean => chunks.every((chunk) => socket.write(chunk));
        const stream = { write, destroy: () => void socket.destroy() } as Awaited<ReturnType<Transport['connect']>>;
        socket.on('data', events.data);
      }),
  };
  const client = await TestClient.connect(transport, cluster.brokers[0]!);
  const [{ topics }, asked] = [await client.send(apis.metadata, 12, { topics: [{ name: 'orders' }] }), cluster.nextRequest('ShareFetch')];
  const answer = client.send(apis.shareFetch, 2, {
    ...{ groupId: 'g', memberId: '00000000-0000-4000-8000-000000000000', shareSessionEpoch: 0 },
    ...{ maxWaitMs: 60_000, minBytes: 1, maxBytes: 1_000_000, maxRecords: 500, batchSize: 500 },
    topics: [{ topicId: topics[0]!.topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }],
    forgottenTopicsData: [],
  });
  await asked;
  factory.endPolls();
  expect(await answer).toMatchObject({ errorCode: 0 });
});
