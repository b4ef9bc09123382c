import { apis, errorCodes, RecordBatchBuilder, setProducer } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';
import { batchOf, fetch, produce, sequenced, valuesOf } from '../test-requests.ts';
import { VirtualClock } from '../virtual-clock.ts';

async function start(configs: Record<string, string> = {}): Promise<{ cluster: MockCluster; client: TestClient }> {
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: { partitions: 1, configs } }, clock: new VirtualClock() });
  return { cluster, client: await connect(cluster) };
}

describe('what a broker refuses', () => {
  const changed = (change: (batch: Buffer) => void): Buffer => {
    const batch = batchOf(['a', 'b']);
    change(batch);
    return batch;
  };
  const signed = (change: (batch: Buffer) => void): Buffer =>
    changed((batch) => {
      change(batch);
      setProducer(batch, {});
    });

  it.each<[string, keyof typeof errorCodes, Buffer, { acks?: number; partition?: number }?]>([
    ['a wrong checksum', 'CORRUPT_MESSAGE', changed((batch) => batch.writeInt8(1, batch.length - 1))],
    ['an old batch format', 'INVALID_RECORD', changed((batch) => batch.writeInt8(1, 16))],
    ['a batch format of the future', 'CORRUPT_MESSAGE', changed((batch) => batch.writeInt8(3, 16))],
    ['no batch', 'INVALID_RECORD', Buffer.alloc(0)],
    ['two batches', 'INVALID_RECORD', Buffer.concat([batchOf(['a']), batchOf(['b'])])],
    ['a base offset', 'INVALID_RECORD', changed((batch) => batch.writeBigInt64BE(5n, 0))],
    ['a count that its offsets deny', 'INVALID_RECORD', signed((batch) => batch.writeInt32BE(7, 23))],
    ['fewer records than it says', 'INVALID_RECORD', signed((batch) => batch.writeInt32BE(3, 57) + batch.writeInt32BE(2, 23))],
    ['no records', 'INVALID_RECORD', signed((batch) => batch.writeInt32BE(0, 57))],
    ['a control batch', 'INVALID_RECORD', signed((batch) => batch.writeInt16BE(0x20, 21))],
    ['an unknown codec', 'UNKNOWN_SERVER_ERROR', signed((batch) => batch.writeInt16BE(6, 21))],
    ['acks 2', 'INVALID_REQUIRED_ACKS', batchOf(['a']), { acks: 2 }],
    ['an unknown partition', 'UNKNOWN_TOPIC_OR_PARTITION', batchOf(['a']), { partition: 1 }],
  ])('%s: %s', async (_what, error, records, options) => {
    const { client, cluster } = await start();
    expect(await produce(client, 'orders', records, options)).toMatchObject({ errorCode: errorCodes[error], baseOffset: -1 });
    expect(cluster.topic('orders').records()).toEqual([]);
  });

  it('a batch that is larger than the topic allows', async () => {
    const { client } = await start({ 'max.message.bytes': '100' });
    expect(await produce(client, 'orders', batchOf(['x'.repeat(100)]))).toMatchObject({ errorCode: errorCodes.MESSAGE_TOO_LARGE });
    expect(await produce(client, 'orders', batchOf(['x']))).toMatchObject({ errorCode: 0 });
  });

  it('a record without a key in a compacted topic, and tells which', async () => {
    const { client } = await start({ 'cleanup.policy': 'compact' });
    const builder = new RecordBatchBuilder();
    builder.append('key', 'a', [], 1000);
    builder.append(null, 'b', [], 1000);
    const answer = await produce(client, 'orders', builder.close());
    const message = 'Compacted topic cannot accept message without key in topic partition orders-0';
    expect(answer).toMatchObject({
      errorCode: errorCodes.INVALID_RECORD,
      recordErrors: [{ batchIndex: 1, batchIndexErrorMessage: message }],
    });
  });

  it('a record from too far in the future', async () => {
    const { client } = await start();
    const timestamp = new VirtualClock().wallTime() + 3_600_001;
    expect(await produce(client, 'orders', batchOf(['a'], { timestamp }))).toMatchObject({ errorCode: errorCodes.INVALID_TIMESTAMP });
  });

  it('acks of all where too few replicas are in sync, and takes less', async () => {
    const cluster = await MockCluster.start({ topics: { orders: { configs: { 'min.insync.replicas': '2' } } } });
    await cluster.broker(2).down();
    await cluster.broker(3).down();
    const client = await connect(cluster, 1);
    expect(await produce(client, 'orders', batchOf(['a']))).toMatchObject({ errorCode: errorCodes.NOT_ENOUGH_REPLICAS });
    expect(await produce(client, 'orders', batchOf(['a']), { acks: 1 })).toMatchObject({ errorCode: 0 });
  });

  it('what a client writes into an internal topic', async () => {
    const { client, cluster } = await start();
    await client.send(apis.findCoordinator, 3, { key: 'group' });
    expect(cluster.topicNames).toContain('__consumer_offsets');
    expect(await produce(client, '__consumer_offsets', batchOf(['a']))).toMatchObject({ errorCode: errorCodes.INVALID_TOPIC_EXCEPTION });
  });
});

describe('an idempotent producer', () => {
  it('gets the offset of a batch that it sends again, and the log keeps one', async () => {
    const { client, cluster } = await start();
    const { producerId } = await client.send(apis.initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 });
    for (const sequence of [0, 1, 2, 0, 1]) {
      const answer = await produce(client, 'orders', sequenced(batchOf([`v${sequence}`]), producerId, sequence));
      expect(answer).toMatchObject({ errorCode: 0, baseOffset: sequence });
    }
    expect(cluster.topic('orders').records()).toHaveLength(3);
  });

  it('is refused a gap', async () => {
    const { client } = await start();
    await produce(client, 'orders', sequenced(batchOf(['a']), 5, 0));
    const answer = await produce(client, 'orders', sequenced(batchOf(['c']), 5, 2));
    expect(answer).toMatchObject({ errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER });
  });

  it('may begin anywhere once it was forgotten', async () => {
    const { client, cluster } = await start();
    await produce(client, 'orders', sequenced(batchOf(['a']), 5, 0));
    cluster.topic('orders').forgetProducers();
    expect(await produce(client, 'orders', sequenced(batchOf(['c']), 5, 2))).toMatchObject({ errorCode: 0 });
  });

  it('without a transaction is refused transactional batches', async () => {
    const { client } = await start();
    const batch = batchOf(['a']);
    setProducer(batch, { producerId: 5, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    expect(await produce(client, 'orders', batch)).toMatchObject({ errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED });
  });
});

describe('acks 0', () => {
  it('is not answered', async () => {
    const { client, cluster } = await start();
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a']) }] }];
    client.post(apis.produce, 9, { acks: 0, timeoutMs: 1000, topicData });
    // What is answered is the request behind it.
    expect(await fetch(client, 'orders', 0).then(valuesOf)).toEqual(['a']);
    expect(cluster.requests({ api: 'Produce' })).toMatchObject([{ response: undefined }]);
  });

  it('closes the connection when it fails', async () => {
    const { client } = await start();
    const topicData = [{ name: 'missing', partitionData: [{ index: 0, records: batchOf(['a']) }] }];
    client.post(apis.produce, 9, { acks: 0, timeoutMs: 1000, topicData });
    expect(await client.closed).toBeUndefined();
  });
});

it('sets the time where the topic wants the broker’s', async () => {
  const { client, cluster } = await start({ 'message.timestamp.type': 'LogAppendTime' });
  const now = new VirtualClock().wallTime();
  expect(await produce(client, 'orders', batchOf(['a'], { timestamp: 5 }))).toMatchObject({ logAppendTimeMs: now });
  expect(cluster.topic('orders').records()).toMatchObject([{ timestamp: now }]);
});

it('names the topic by its id from version 13 on', async () => {
  const { client, cluster } = await start();
  const send = (topicId: string) => {
    const topicData = [{ topicId, partitionData: [{ index: 0, records: batchOf(['a']) }] }];
    return client.send(apis.produce, 13, { acks: -1, timeoutMs: 1000, topicData });
  };
  expect(await send(cluster.topic('orders').id)).toMatchObject({ responses: [{ partitionResponses: [{ errorCode: 0 }] }] });
  const unknown = await send('AAAAAAAAAAAAAAAAAAAAAQ');
  expect(unknown).toMatchObject({ responses: [{ partitionResponses: [{ errorCode: errorCodes.UNKNOWN_TOPIC_ID }] }] });
});
