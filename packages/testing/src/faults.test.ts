import { apis, errorCodes, Reader } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from './mock-cluster.ts';
import { connect, type TestClient } from './test-client.ts';
import { batchOf, fetch, produce, valuesOf } from './test-requests.ts';
import { VirtualClock } from './virtual-clock.ts';

async function start() {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 2, other: 1 }, clock });
  return { clock, cluster, topic: cluster.topic('orders'), client: await connect(cluster) };
}

const metadata = (client: TestClient) => client.send(apis.metadata, 12, { topics: [{ name: 'orders' }] });

describe('fail', () => {
  it('answers the next requests with the codes, in order, and does nothing for them', async () => {
    const { cluster, client, topic } = await start();
    const fault = cluster.fail('Produce', ['NOT_LEADER_OR_FOLLOWER', 7]);
    const codes = [];
    for (const value of ['a', 'b', 'c']) codes.push((await produce(client, 'orders', batchOf([value]))).errorCode);
    expect(codes).toEqual([6, 7, 0]);
    expect(topic.records().map(({ value }) => String(value))).toEqual(['c']);
    expect(fault.fired).toBe(2);
  });

  it('fails one partition, and waits for a request that has it', async () => {
    const { cluster, client } = await start();
    const fault = cluster.fail('Produce', ['CORRUPT_MESSAGE'], { topic: 'orders', partition: 1 });
    expect(await produce(client, 'orders', batchOf(['a']))).toMatchObject({ errorCode: 0 });
    expect(await produce(client, 'other', batchOf(['a']))).toMatchObject({ errorCode: 0 });
    expect(fault.fired).toBe(0);
    const partitionData = [0, 1].map((index) => ({ index, records: batchOf(['a']) }));
    const { responses } = await client.send(apis.produce, 9, { acks: -1, timeoutMs: 1, topicData: [{ name: 'orders', partitionData }] });
    expect(responses[0]!.partitionResponses.map(({ errorCode }) => errorCode)).toEqual([0, errorCodes.CORRUPT_MESSAGE]);
    expect(fault.fired).toBe(1);
  });

  it('fails one broker, or one client', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    cluster.fail('Metadata', ['LEADER_NOT_AVAILABLE'], { broker: 2 });
    cluster.fail('Metadata', ['LEADER_NOT_AVAILABLE'], { clientId: 'ours' });
    const code = async (client: TestClient) => (await metadata(client)).topics[0]!.errorCode;
    expect(await code(await connect(cluster, 1))).toBe(0);
    expect(await code(await connect(cluster, 2))).toBe(5);
    expect(await code(await connect(cluster, 1, 'ours'))).toBe(5);
  });

  it('stops when it is told to', async () => {
    const { cluster, client } = await start();
    {
      using _fault = cluster.fail('Metadata', [5, 5]);
      expect((await metadata(client)).topics[0]!.errorCode).toBe(5);
    }
    expect((await metadata(client)).topics[0]!.errorCode).toBe(0);
  });

  it.each<[Parameters<MockCluster['fail']>[0], (client: TestClient) => Promise<unknown>]>([
    ['ApiVersions', async (client) => (await client.send(apis.apiVersions, 2, {})).errorCode],
    ['CreateTopics', async (client) => (await client.send(apis.createTopics, 5, { topics: [newTopic] })).topics[0]!.errorCode],
    [
      'DescribeCluster',
      async (client) => (await client.send(apis.describeCluster, 1, { includeClusterAuthorizedOperations: false })).errorCode,
    ],
    ['Fetch', async (client) => (await fetch(client, 'orders', 0)).errorCode],
    ['FindCoordinator', async (client) => (await client.send(apis.findCoordinator, 1, { key: 'g' })).errorCode],
    [
      'InitProducerId',
      async (client) => (await client.send(apis.initProducerId, 1, { transactionalId: null, transactionTimeoutMs: 1 })).errorCode,
    ],
    ['ListGroups', async (client) => (await client.send(apis.listGroups, 1, {})).errorCode],
    ['ListOffsets', async (client) => (await client.send(apis.listOffsets, 1, offsetsOf)).topics[0]!.partitions[0]!.errorCode],
    ['OffsetCommit', async (client) => (await client.send(apis.offsetCommit, 2, commit)).topics[0]!.partitions[0]!.errorCode],
    ['OffsetFetch', async (client) => (await client.send(apis.offsetFetch, 3, { groupId: 'g', topics: null })).errorCode],
  ])('fails %s', async (api, ask) => {
    const { cluster, client } = await start();
    cluster.fail(api, ['THROTTLING_QUOTA_EXCEEDED']);
    expect(await ask(client)).toBe(errorCodes.THROTTLING_QUOTA_EXCEEDED);
    expect(await ask(client)).toBe(0);
  });
});

describe('errors of a whole answer', () => {
  it('REBOOTSTRAP_REQUIRED is that of Metadata, and others are its topics’', async () => {
    const { cluster, client } = await start();
    cluster.fail('Metadata', ['REBOOTSTRAP_REQUIRED', 'UNKNOWN_TOPIC_OR_PARTITION']);
    const ask = () => client.send(apis.metadata, 13, { topics: [{ name: 'orders' }] });
    expect(await ask()).toMatchObject({ errorCode: errorCodes.REBOOTSTRAP_REQUIRED, topics: [] });
    expect(await ask()).toMatchObject({ errorCode: 0, topics: [{ errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION }] });
  });

  it('those of the session are that of Fetch', async () => {
    const { cluster, client } = await start();
    cluster.fail('Fetch', ['FETCH_SESSION_ID_NOT_FOUND']);
    const topics = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 }] }];
    const answer = await client.send(apis.fetch, 12, { maxWaitMs: 0, minBytes: 1, topics });
    expect(answer).toMatchObject({ errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, responses: [] });
  });
});

const newTopic = { name: 'new', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
const offsetsOf = { replicaId: -1, topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp: -1 }] }] };
const commit = {
  groupId: 'g',
  memberId: '',
  topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }] }],
};

describe('requests and answers that are lost', () => {
  it('dropRequest breaks the connection and applies nothing', async () => {
    const { cluster, client, topic } = await start();
    const fault = cluster.dropRequest('Produce');
    await expect(produce(client, 'orders', batchOf(['a']))).rejects.toThrow(/ECONNRESET/);
    expect([topic.records(), fault.fired]).toEqual([[], 1]);
    expect(await produce(await connect(cluster), 'orders', batchOf(['b']))).toMatchObject({ errorCode: 0 });
  });

  it('dropResponse applies, and breaks the connection', async () => {
    const { cluster, client, topic } = await start();
    cluster.dropResponse('Produce');
    await expect(produce(client, 'orders', batchOf(['a']))).rejects.toThrow(/ECONNRESET/);
    expect(topic.records()).toHaveLength(1);
  });

  it('happens as often as it is told to', async () => {
    const { cluster } = await start();
    cluster.dropRequest('Metadata', { times: 2 });
    for (const broken of [true, true, false]) {
      const answer = metadata(await connect(cluster));
      await (broken ? expect(answer).rejects.toThrow() : answer);
    }
  });
});

describe('hold', () => {
  it('holds requests, and those behind them, until they are released', async () => {
    const { cluster, client } = await start();
    const hold = cluster.hold('Metadata');
    const answers: string[] = [];
    const first = metadata(client).then(() => answers.push('metadata'));
    const second = fetch(client, 'orders', 0).then(() => answers.push('fetch'));
    await hold.held();
    await cluster.settled();
    expect([hold.waiting, answers]).toEqual([1, []]);
    hold.release();
    await Promise.all([first, second]);
    expect(answers).toEqual(['metadata', 'fetch']);
    await metadata(client);
    expect(hold.fired).toBe(1);
  });

  it('answers nothing when the client has gone meanwhile', async () => {
    const { cluster, client } = await start();
    const hold = cluster.hold('Produce');
    const answer = produce(client, 'orders', batchOf(['a']));
    answer.catch(() => {});
    await hold.held();
    client.close();
    hold.release();
    await cluster.settled();
    expect(cluster.topic('orders').records()).toHaveLength(1);
  });
});

it('bytes rewrites the frame of an answer', async () => {
  const { cluster, client } = await start();
  const fault = cluster.bytes('Metadata', (frame) => {
    frame.writeInt32BE(99, 4); // the correlation id
    return frame;
  });
  const request = Buffer.from('00000010' + '00030000' + '00000001' + '000174' + '00000000' + '00', 'hex');
  expect((await client.raw(request, 99)).readInt32BE(0)).toBe(99);
  expect(fault.fired).toBe(1);
});

describe('time', () => {
  it('delay lets an answer take longer', async () => {
    const { cluster, client, clock } = await start();
    cluster.delay('Metadata', 100);
    let answered = false;
    const answer = metadata(client).then(() => (answered = true));
    await clock.advance(99);
    expect(answered).toBe(false);
    await clock.advance(1);
    await answer;
  });

  it('throttle answers at once, tells the time, and takes nothing more meanwhile (KIP-219)', async () => {
    const { cluster, client, clock } = await start();
    using fault = cluster.throttle(500, { api: 'Metadata' });
    expect((await metadata(client)).throttleTimeMs).toBe(500);
    fault.stop();
    let answered = false;
    const next = metadata(client).then(() => (answered = true));
    await clock.advance(499);
    expect(answered).toBe(false);
    await metadata(await connect(cluster)); // another connection is free
    await clock.advance(1);
    await next;
  });
});

describe('intercept', () => {
  it('sees the decoded request, and may answer in the broker’s place', async () => {
    const { cluster, client } = await start();
    const seen: unknown[] = [];
    cluster.intercept('FindCoordinator', (call) => {
      seen.push([call.broker, call.clientId, call.version, call.request.key]);
      return { errorCode: 0, nodeId: 99, host: 'elsewhere', port: 1 };
    });
    expect(await client.send(apis.findCoordinator, 1, { key: 'g' })).toMatchObject({ nodeId: 99, host: 'elsewhere' });
    expect(seen).toEqual([[1, 'test', 1, 'g']]);
  });

  it('may change the broker’s answer', async () => {
    const { cluster, client } = await start();
    cluster.intercept('Metadata', async (call) => {
      const response = await call.pass();
      response!.brokers[0]!.host = 'changed';
      return response;
    });
    expect((await metadata(client)).brokers[0]!.host).toBe('changed');
  });

  it('the newest sees a request first', async () => {
    const { cluster, client } = await start();
    const order: string[] = [];
    for (const name of ['old', 'new']) {
      cluster.intercept('*', (call) => {
        order.push(name);
        return call.pass();
      });
    }
    await metadata(client);
    expect(order).toEqual(['new', 'old']);
  });

  it('may drop the request, or say nothing', async () => {
    const { cluster, client } = await start();
    const silent = cluster.intercept('Metadata', (call) => call.silence());
    let answered = false;
    metadata(client).then(
      () => (answered = true),
      () => {},
    );
    // The connection goes on.
    expect(valuesOf(await fetch(client, 'orders', 0))).toEqual([]);
    expect(answered).toBe(false);
    silent.stop();
    cluster.intercept('Metadata', (call) => call.drop());
    await expect(metadata(client)).rejects.toThrow(/ECONNRESET/);
  });
});

describe('the request log', () => {
  it('has requests and answers, decoded, and finds those of an API, a broker, a client', async () => {
    const cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    await metadata(await connect(cluster, 1, 'a'));
    await metadata(await connect(cluster, 2, 'b'));
    const [entry] = cluster.requests({ api: 'Metadata', broker: 2 });
    expect(entry).toMatchObject({ version: 12, clientId: 'b', request: { topics: [{ name: 'orders' }] } });
    expect(entry!.response!.brokers).toHaveLength(2);
    expect(cluster.requests({ clientId: 'a' })).toHaveLength(1);
    expect(cluster.requests({ api: 'Fetch' })).toEqual([]);
  });

  it('keeps as many as it is told to', async () => {
    const cluster = await MockCluster.start({ brokers: 1, requestLogSize: 3 });
    const client = await connect(cluster);
    for (let i = 0; i < 10; i++) await client.send(apis.findCoordinator, 0, { key: `g${i}` });
    expect(cluster.requests({ api: 'FindCoordinator' }).map(({ request }) => request.key)).toEqual(['g7', 'g8', 'g9']);
  });

  it('waits for the next, until it is told to stop', async () => {
    const { cluster, client } = await start();
    const next = cluster.nextRequest('FindCoordinator');
    await metadata(client);
    await client.send(apis.findCoordinator, 0, { key: 'g' });
    expect((await next).request.key).toBe('g');
    const stop = new AbortController();
    const never = cluster.nextRequest('Fetch', { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(never).rejects.toThrow('enough');
  });
});

it('correlation ids come back as they were sent', async () => {
  const { client } = await start();
  const frame = Buffer.from('00000000' + '00120000' + '7ffffffe' + '0001' + '74', 'hex');
  frame.writeInt32BE(frame.length - 4);
  expect(new Reader(await client.raw(frame, 0x7ffffffe)).int32()).toBe(0x7ffffffe);
});
