import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaClient, type Transport } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { MockCluster, type MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

/** What may happen to the bytes and to the login of a connection, on the mock; the layer itself has its tests in packages/core/src/connection. */

async function begin(options?: MockClusterOptions, clock?: VirtualClock): Promise<Scene> {
  const scene = await Scene.start(options, clock);
  onTestFinished(() => scene[Symbol.asyncDispose]());
  return scene;
}

const allEmpty = new Map([[0, 0], [1, 0], [2, 0]]); // prettier-ignore
const offsets = (scene: Scene, ms = 1000) => scene.settledWithin(scene.client.topic('orders').latestOffsets(), ms);

/** A transport whose streams take half of what is written while it stalls, and the rest when it heals. */
function stalling(through: Transport) {
  const waiting = new Set<() => void>();
  let isStalled = false;
  const transport: Transport = {
    async connect(address, events, signal) {
      const stream = await through.connect(address, events, signal);
      const rest: Uint8Array[] = [];
      const goOn = (): void => {
        stream.write(rest.splice(0));
        events.drain();
      };
      return {
        write(chunks) {
          if (!isStalled) return stream.write(chunks);
          const bytes = Buffer.concat(chunks);
          const half = waiting.has(goOn) ? 0 : Math.floor(bytes.length / 2);
          if (half > 0) stream.write([bytes.subarray(0, half)]);
          rest.push(bytes.subarray(half));
          waiting.add(goOn);
          return false;
        },
        destroy() {
          waiting.delete(goOn);
          stream.destroy();
        },
      };
    },
  };
  const heal = (): void => {
    isStalled = false;
    for (const goOn of waiting) goOn();
    waiting.clear();
  };
  return { transport, stall: () => void (isStalled = true), heal };
}

describe('a connection', () => {
  it('C3: whose address swallows the attempt is given up after the setup time, and the next address is tried', async () => {
    const scene = await begin();
    scene.cluster.broker(1).blackhole();
    const connected = scene.connect({ brokers: [scene.cluster.brokers[0]!, scene.cluster.brokers[1]!], connectionSetupTimeoutMs: 800 });
    expect(await scene.timeOf(connected, 5000)).toBeLessThan(2000);
    expect(scene.client.brokers).toHaveLength(3);
  });

  it('C8: that the broker has closed on its half is closed, and the next request goes out on a new one', async () => {
    const scene = await begin();
    await scene.connect();
    expect(await offsets(scene)).toEqual(allEmpty);
    const before = new Set(scene.cluster.requests({ api: 'ListOffsets' }).map(({ connection }) => connection));
    for (const id of scene.cluster.brokerIds) scene.cluster.broker(id).halfClose();
    await scene.clock.advance(0);
    expect(await offsets(scene)).toEqual(allEmpty);
    const after = scene.cluster.requests({ api: 'ListOffsets' }).slice(-3);
    expect(after.filter(({ connection }) => before.has(connection))).toEqual([]);
  });

  it.each([1, 7, 100])('C9: gives the same when its bytes come %i at a time', async (bytes) => {
    const scene = await begin({ topics: { orders: 1 } });
    for (const id of scene.cluster.brokerIds) scene.cluster.broker(id).slice(bytes);
    const client = await scene.connect();
    const producer = await scene.settledWithin(Producer.start(client), 1000);
    const values = Array.from({ length: 20 }, (_, i) => `value ${i}`);
    await scene.settledWithin(producer.sendBatch(values.map((value) => ({ topic: 'orders', value }))), 1000);
    const consumer = await scene.settledWithin(SimpleConsumer.start(client.topic('orders')), 1000);
    const read: string[] = [];
    while (read.length < values.length) read.push(String((await scene.settledWithin(consumer.consume(), 1000))!.value));
    expect(read).toEqual(values);
    await scene.settledWithin(Promise.all([producer.close(), consumer.close()]), 6000);
  });

  it('C10: that takes half of a write, and the rest before the time is over, carries all of it once and in order', async () => {
    const scene = await begin({ topics: { orders: 1 } });
    const network = stalling(scene.cluster.transport);
    const producer = await scene.settledWithin(Producer.start(await scene.connect({ transport: network.transport })), 1000);
    await scene.settledWithin(producer.send({ topic: 'orders', value: '0' }), 1000);
    network.stall();
    const sent = ['1', '2', '3'].map((value) => producer.send({ topic: 'orders', value }));
    await scene.clock.advance(1000);
    expect(scene.cluster.topic('orders').records()).toHaveLength(1);
    network.heal();
    expect((await scene.settledWithin(Promise.all(sent), 1000)).map(({ offset }) => offset)).toEqual([1, 2, 3]);
    expect(scene.cluster.topic('orders').records().map(({ value }) => String(value))).toEqual(['0', '1', '2', '3']); // prettier-ignore
    await scene.settledWithin(producer.close(), 6000);
  });

  it('C10: that takes the rest only when the time of the messages is over doubles none of them, and says what is known of each', async () => {
    const scene = await begin({ topics: { orders: 1 } });
    const network = stalling(scene.cluster.transport);
    const client = await scene.connect({ transport: network.transport, requestTimeoutMs: 1000 });
    const producer = await scene.settledWithin(Producer.start(client, { deliveryTimeoutMs: 3000 }), 1000);
    await scene.settledWithin(producer.send({ topic: 'orders', value: '0' }), 1000);
    network.stall();
    const told = ['1', '2'].map((value) => producer.send({ topic: 'orders', value }).catch((error: unknown) => String(error)));
    for (const outcome of await scene.settledWithin(Promise.all(told), 5000)) expect(outcome).toMatch(/persisted/);
    network.heal();
    expect(await scene.settledWithin(producer.send({ topic: 'orders', value: '3' }), 5000)).toMatchObject({ partition: 0 });
    const values = scene.cluster.topic('orders').records().map(({ value }) => String(value)); // prettier-ignore
    expect(values).toEqual([...new Set(values)].sort());
    expect(values.at(-1)).toBe('3');
    await scene.settledWithin(producer.close(), 6000);
  });

  it('C14: on which an answer to nobody comes is ended, and the next request goes out on a new one', async () => {
    const scene = await begin({ brokers: 1 });
    await scene.connect();
    const fault = scene.cluster.bytes('ListOffsets', (frame) => {
      const other = Buffer.from(frame);
      other.writeInt32BE(123_456_789, 4);
      return other;
    });
    await expect(offsets(scene)).rejects.toThrow('answered with correlation id 123456789');
    expect(await offsets(scene)).toEqual(allEmpty);
    expect(fault.fired).toBe(1);
    const asked = scene.cluster.requests({ api: 'ListOffsets' }).map(({ connection }) => connection);
    expect(new Set(asked).size).toBe(2);
  });

  it('C15: gives an answer that comes after its time to nobody', async () => {
    const scene = await begin({ brokers: 1 });
    await scene.connect({ requestTimeoutMs: 1000 });
    let release = (): void => {};
    const late = new Promise<void>((resolve) => (release = resolve));
    let calls = 0;
    scene.cluster.intercept('ListOffsets', async (call) => {
      const response = await call.pass();
      if (calls++ === 0) await late;
      return response;
    });
    const first = scene.client.topic('orders').latestOffsets();
    await scene.clock.advance(0);
    scene.cluster.topic('orders').append('a'); // so that the late answer is a wrong one
    await scene.clock.advance(1100);
    release();
    const now = new Map([[0, 1], [1, 0], [2, 0]]); // prettier-ignore
    expect(await scene.settledWithin(first, 5000)).toEqual(now);
    expect(await offsets(scene)).toEqual(now);
  });

  it('C19: to a broker that refuses each version with a wrong hint tries version 0 once, and says so', async () => {
    const scene = await begin({ brokers: 1 });
    const refusing = scene.cluster.bytes(
      'ApiVersions',
      (frame) => {
        const refusal = Buffer.alloc(20); // as version 0 is laid out: UNSUPPORTED_VERSION, and ApiVersions from 5 to 99
        refusal.writeInt32BE(16, 0);
        frame.copy(refusal, 4, 4, 8);
        refusal.writeInt16BE(35, 8);
        refusal.writeInt32BE(1, 10);
        for (const [i, value] of [18, 5, 99].entries()) refusal.writeInt16BE(value, 14 + 2 * i);
        return refusal;
      },
      { times: Infinity },
    );
    const failed = scene.connect({ unavailableTimeoutMs: 2000 }).catch((error: unknown) => String(error));
    expect(await scene.settledWithin(failed, 5000)).toContain('UNSUPPORTED_VERSION');
    const asked = scene.cluster.requests({ api: 'ApiVersions' });
    const first = asked.filter(({ connection }) => connection === asked[0]!.connection).map(({ version }) => version);
    expect(first.at(-1)).toBe(0);
    expect(first.filter((version) => version === 0)).toHaveLength(1);
    refusing.stop();
    await scene.settledWithin(scene.connect(), 2000);
  });
});

it('M11: a partition that one answer leaves out stays known', async () => {
  const scene = await begin();
  await scene.connect();
  expect(await offsets(scene)).toEqual(allEmpty);
  let left = 0;
  scene.cluster.intercept('Metadata', async (call) => {
    const response = (await call.pass())!;
    if (left++ > 0) return response;
    return { ...response, topics: response.topics.map((topic) => ({ ...topic, partitions: topic.partitions.slice(0, 2) })) };
  });
  scene.cluster.fail('ListOffsets', ['NOT_LEADER_OR_FOLLOWER'], { partition: 0 });
  expect(await offsets(scene, 5000)).toEqual(allEmpty);
  expect(left).toBeGreaterThan(0);
  expect(await offsets(scene)).toEqual(allEmpty);
});

describe('a login', () => {
  const users = { alice: 'secret' };
  const scram = { mechanism: 'scram-sha-256', username: 'alice', password: 'secret' } as const;

  it.each([
    ['signs with another key', 'v=', () => `v=${Buffer.alloc(32).toString('base64')}`],
    ['asks for a thousand million iterations', 'r=', (text: string) => text.replace(/i=\d+/, 'i=1000000000')],
    ['takes up another nonce', 'r=', (text: string) => `r=another${text.slice(2)}`],
  ])('A3: at a server that %s fails, and soon', async (_, begins, lie) => {
    // In real time: the key is derived beside the event loop, for which virtual time does not wait.
    await using cluster = await MockCluster.start({ brokers: 1, sasl: { users } });
    cluster.intercept('SaslAuthenticate', async (call) => {
      const response = (await call.pass())!;
      const text = Buffer.from(response.authBytes).toString();
      return text.startsWith(begins) ? { ...response, authBytes: Buffer.from(lie(text)) } : response;
    });
    const connected = KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, sasl: scram });
    await expect(connected).rejects.toThrow(/SCRAM/i);
  });

  it('A4: is renewed under traffic', async () => {
    const scene = await begin({ sasl: { users, sessionLifetimeMs: 5000 } });
    await scene.settledWithin(scene.connect({ sasl: { ...scram, mechanism: 'plain' } }), 2000);
    const open = scene.connections;
    for (let second = 0; second < 30; second++) {
      expect(await offsets(scene)).toEqual(allEmpty);
      await scene.clock.advance(1000);
    }
    expect(scene.cluster.requests({ api: 'SaslAuthenticate' }).length).toBeGreaterThan(2 * open);
    expect(new Set(scene.cluster.requests({ api: 'ListOffsets' }).map(({ connection }) => connection)).size).toBeLessThanOrEqual(3);
  });

  it('A5: whose token provider fails at first, and then gives a token that has expired, goes well with the next one', async () => {
    const scene = await begin({ brokers: 1, sasl: { oauthbearer: true } });
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const seconds = Math.floor(scene.clock.wallTime() / 1000);
    const token = (exp: number): string => `${part({ alg: 'none' })}.${part({ sub: 'alice', iat: seconds - 100, exp })}.`;
    let asked = 0;
    const oauthBearerProvider = async (): Promise<{ value: string }> => {
      if (++asked === 1) throw new Error('no token today');
      return { value: token(asked === 2 ? seconds - 50 : seconds + 600) };
    };
    const attempts: string[] = [];
    while (attempts.at(-1) !== 'connected' && attempts.length < 4) {
      const attempt = scene.connect({ sasl: { mechanism: 'oauthbearer', oauthBearerProvider }, unavailableTimeoutMs: 1000 }).then(
        () => 'connected',
        (error: unknown) => String(error),
      );
      attempts.push(await scene.settledWithin(attempt, 5000));
    }
    expect(attempts.at(-1)).toBe('connected');
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(await offsets(scene)).toEqual(allEmpty);
  });

  it('T6: is renewed in time at a broker whose clock is fourteen years ahead', async () => {
    const brokers = new VirtualClock(Date.UTC(2040, 0, 1));
    const cluster = await MockCluster.start({ clock: brokers, topics: { orders: 3 }, sasl: { users, sessionLifetimeMs: 5000 } });
    const clock = new VirtualClock();
    const client = await KafkaClient.connect({
      ...{ brokers: cluster.brokers, transport: cluster.transport, clock, sasl: { ...scram, mechanism: 'plain' } },
    });
    for (let second = 0; second < 15; second++) {
      expect(await client.topic('orders').latestOffsets()).toEqual(allEmpty);
      await clock.advance(1000);
      await brokers.advance(1000);
    }
    expect(new Set(cluster.requests({ api: 'ListOffsets' }).map(({ connection }) => connection)).size).toBeLessThanOrEqual(3);
    await client.close();
    await cluster.close();
  });
});
