import { apis } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';
import { batchOf } from '../test-requests.ts';
import { VirtualClock } from '../virtual-clock.ts';

async function start(entity: Record<string, string | null>, quotas: Record<string, number>) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, clock });
  const client = await connect(cluster);
  const entries = [
    {
      entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
      ops: Object.entries(quotas).map(([key, value]) => ({ key, value, remove: false })),
    },
  ];
  // By another connection: what sets a quota is the first to be counted.
  const admin = await connect(cluster, 1, 'admin');
  await admin.send(apis.alterClientQuotas, 1, { entries, validateOnly: false });
  return { clock, cluster, client };
}

const metadata = (client: TestClient) => client.send(apis.metadata, 12, { topics: [] });

describe('a client over its quota', () => {
  it('is told to the millisecond how long to wait, and is not heard before', async () => {
    const { clock, cluster, client } = await start({ user: 'ANONYMOUS' }, { producer_byte_rate: 10 });
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a value']) }] }];
    const { throttleTimeMs } = await client.send(apis.produce, 9, { acks: -1, timeoutMs: 1000, topicData });
    const [logged] = cluster.requests({ api: 'Produce' });
    expect(logged!.response).toMatchObject({ throttleTimeMs });
    expect(throttleTimeMs).toBeGreaterThan(0);
    let answered = false;
    const next = metadata(client).then(() => (answered = true));
    await clock.advance(throttleTimeMs! - 1);
    expect(answered).toBe(false);
    await clock.advance(1);
    await next;
  });

  it('for each client id of its own, where the default says so', async () => {
    const { client, cluster } = await start({ 'client-id': null }, { request_percentage: 0.001 });
    expect((await metadata(client)).throttleTimeMs).toBe(1000);
    expect((await metadata(await connect(cluster, 1, 'other'))).throttleTimeMs).toBe(1000);
  });

  it('does not concern another client', async () => {
    const { client, cluster } = await start({ 'client-id': 'test' }, { request_percentage: 0.001 });
    expect((await metadata(client)).throttleTimeMs).toBe(1000);
    expect((await metadata(await connect(cluster, 1, 'other'))).throttleTimeMs).toBe(0);
  });

  it('by connecting is kept waiting, and then let go', async () => {
    const { clock, cluster } = await start({ ip: '127.0.0.1' }, { connection_creation_rate: 1 });
    for (let i = 0; i < 10; i++) await metadata(await connect(cluster));
    const turnedAway = await connect(cluster);
    const asked = metadata(turnedAway).catch((error: unknown) => String(error));
    await clock.advance(1000);
    expect(await asked).toMatch(/closed/);
    await clock.advance(20_000);
    await metadata(await connect(cluster));
  });
});
