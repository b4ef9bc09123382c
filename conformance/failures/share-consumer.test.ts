import { type Acknowledged, ShareConsumer, type ShareConsumerOptions, type ShareMessage } from '@tskafka/consumer';
import { apis, errorCodes, type ShareFetchResponse } from '@tskafka/core/protocol';
import type { MockClusterOptions } from '@tskafka/testing';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Wire } from '../wire.ts';
import { Scene } from './scene.ts';

/** Members of share groups (KIP-932) and what may go wrong around them. */

const lockMs = 30_000;
const explicit: Partial<ShareConsumerOptions> = { acknowledgementMode: 'explicit' };

let scene: Scene;
beforeEach(() => begin());

/** A topic with the messages 0 to 3, and a group that reads it from its start. */
async function begin(options: MockClusterOptions = {}): Promise<void> {
  const configs = { 'group.share.assignment.interval.ms': '0', ...options.configs };
  const begun = await Scene.start({ topics: { orders: { partitions: 1, replicationFactor: 3 } }, ...options, configs });
  onTestFinished(() => begun[Symbol.asyncDispose]());
  scene = begun;
  await scene.connect();
  const wire = await Wire.connect(scene.cluster.transport, addressOf(scene.cluster.brokers[0]!));
  const entries = [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }];
  const resources = [{ resourceType: 32, resourceName: 'workers', configs: entries }];
  await wire.send(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
  wire.close();
  for (const value of ['0', '1', '2', '3']) scene.cluster.topic('orders').append({ value, partition: 0 });
}

function addressOf(broker: string): { host: string; port: number } {
  const [host, port] = broker.split(':');
  return { host: host!, port: Number(port) };
}

const append = (...values: string[]): void => void scene.cluster.topic('orders').append(...values);
const within = <T>(promise: Promise<T>, ms = 60_000): Promise<T> => scene.settledWithin(promise, ms);
const group = () => scene.cluster.group('workers');
const leader = () => scene.cluster.topic('orders').partition(0).leader;

async function join(options: Partial<ShareConsumerOptions> = {}): Promise<ShareConsumer> {
  const consumer = new ShareConsumer(scene.client.topic('orders'), { consumerGroup: 'workers', ...options });
  onTestFinished(() => within(consumer.close()));
  await within(consumer.start());
  return consumer;
}

async function take(consumer: ShareConsumer, count: number): Promise<ShareMessage[]> {
  const messages: ShareMessage[] = [];
  while (messages.length < count) messages.push((await within(consumer.consume()))!);
  return messages.sort((a, b) => a.offset - b.offset);
}

/** The same, though the reader may be told of errors meanwhile. */
async function takeWhileTold(consumer: ShareConsumer, count: number): Promise<ShareMessage[]> {
  const messages: ShareMessage[] = [];
  while (messages.length < count) {
    const message = await within(consumer.consume()).catch(() => undefined);
    if (message !== undefined) messages.push(message);
  }
  return messages;
}

/** Changes the next answer that has something to say of a partition. */
function rewriteNextFetch(change: (answer: ShareFetchResponse) => ShareFetchResponse): void {
  const interception = scene.cluster.intercept('ShareFetch', async (call) => {
    const answer = (await call.pass()) as ShareFetchResponse | undefined;
    if (answer === undefined || answer.responses.length === 0) return answer as never;
    interception.stop();
    return change(answer) as never;
  });
}

const delivered = (messages: readonly ShareMessage[]): string[] =>
  messages.map(({ value, deliveryCount }) => `${String(value)} x${deliveryCount}`);

/** Lets virtual time pass until it is so. */
async function until(isTrue: () => boolean, ms = 120_000): Promise<void> {
  for (let passed = 0; !isTrue(); passed += 50) {
    if (passed > ms) throw new Error(`${ms} ms have passed, and still not: ${String(isTrue)}`);
    await scene.clock.advance(50);
  }
}

describe('a member of a share group', () => {
  it('joins once, though the answer to its first heartbeat is lost', async () => {
    const fault = scene.cluster.dropResponse('ShareGroupHeartbeat');
    const consumer = await join();
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
    expect(fault.fired).toBe(1);
    expect(group().members()).toHaveLength(1);
  });

  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'] as const)(
    'joins anew after %s, and what it has in hand is its own still',
    async (code) => {
      const consumer = await join(explicit);
      const messages = await take(consumer, 4);
      const fault = scene.cluster.fail('ShareGroupHeartbeat', [code]);
      await until(() => fault.fired === 1);
      await scene.clock.advance(1000);
      for (const message of messages) consumer.acknowledge(message);
      expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 0 }]);
      append('4');
      expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
    },
  );

  it('joins anew when it was taken out of its group', async () => {
    const consumer = await join();
    await take(consumer, 4);
    group().evict(group().members()[0]!.memberId);
    await until(() => group().members().length === 1);
    append('4');
    expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
  });

  it('finds its coordinator again when it has moved', async () => {
    const consumer = await join();
    const fault = scene.cluster.fail('ShareGroupHeartbeat', [errorCodes.NOT_COORDINATOR, errorCodes.COORDINATOR_LOAD_IN_PROGRESS]);
    await until(() => fault.fired === 2);
    expect(delivered(await take(consumer, 4))).toEqual(['0 x1', '1 x1', '2 x1', '3 x1']);
    expect(consumer.health().isHealthy).toBe(true);
  });

  it('is refused with one clear error where the cluster is too old', async () => {
    await begin({ kafkaVersion: '4.0' });
    await expect(join()).rejects.toMatchObject({ name: 'UnsupportedVersionError', message: expect.stringMatching(/4\.2.*share\.version/) });
  });

  it.each(['GROUP_AUTHORIZATION_FAILED', 'GROUP_MAX_SIZE_REACHED'] as const)('is told %s when it starts', async (code) => {
    scene.cluster.fail('ShareGroupHeartbeat', [code]);
    await expect(join()).rejects.toMatchObject({ errorName: code });
  });
});

describe('messages that are locked', () => {
  it('come again when the answer that brought them is lost', async () => {
    const fault = scene.cluster.dropResponse('ShareFetch');
    const consumer = await join();
    expect(delivered(await take(consumer, 4))).toEqual(['0 x2', '1 x2', '2 x2', '3 x2']);
    expect(fault.fired).toBe(1);
  });

  it('are told as not acknowledged when the answer to that is lost', async () => {
    const consumer = await join(explicit);
    for (const message of await take(consumer, 4)) consumer.acknowledge(message);
    scene.cluster.dropResponse('ShareAcknowledge');
    const [result] = await within(consumer.commit());
    expect(result).toMatchObject({ acknowledged: 0, failed: 4, error: { name: 'SocketDisconnectedError' } });
    append('4');
    expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
  });

  it.each(['SHARE_SESSION_NOT_FOUND', 'INVALID_SHARE_SESSION_EPOCH'] as const)(
    'are acknowledged in a new session when the broker says %s',
    async (code) => {
      const consumer = await join(explicit);
      for (const message of await take(consumer, 4)) consumer.acknowledge(message);
      const fault = scene.cluster.fail('ShareAcknowledge', [code]);
      expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 0 }]);
      expect(fault.fired).toBe(1);
    },
  );

  it.each(['SHARE_SESSION_NOT_FOUND', 'SHARE_SESSION_LIMIT_REACHED'] as const)(
    'are acknowledged once when the fetch that takes that along fails with %s',
    async (code) => {
      const told: Acknowledged[] = [];
      const consumer = await join({ onAcknowledged: (acknowledged) => told.push(acknowledged) });
      await take(consumer, 4);
      const fault = scene.cluster.fail('ShareFetch', [code]);
      append('4');
      expect(delivered(await take(consumer, 1))).toEqual(['4 x1']);
      await until(() => told.length > 0);
      expect(told).toMatchObject([{ offsets: [0, 1, 2, 3], error: undefined }]);
      expect(fault.fired).toBe(1);
    },
  );

  it('are told as not acknowledged when the broker does not answer for them', async () => {
    const told: Acknowledged[] = [];
    const consumer = await join({ onAcknowledged: (acknowledged) => told.push(acknowledged) });
    await take(consumer, 4);
    rewriteNextFetch((answer) => ({ ...answer, responses: [] }));
    consumer.consume().catch(() => {});
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ offsets: [0, 1, 2, 3], error: { errorName: 'INVALID_RECORD_STATE' } }]);
  });

  it.each<[string, (records: Uint8Array) => Uint8Array]>([
    ['have come without their bytes', () => Buffer.alloc(0)],
    ['have come damaged', (records) => Buffer.from(records).fill(0xff, 30, 31)],
    ['have come with a header that is none', (records) => Buffer.from(records).fill(0, 8, 12)],
  ])('are released, and the reader is told, when they %s', async (_what, damage) => {
    const consumer = await join();
    const onlyFirst = <T>(items: readonly T[], change: (item: T) => T): T[] => items.map((item, i) => (i === 0 ? change(item) : item));
    rewriteNextFetch((answer) => ({
      ...answer,
      responses: onlyFirst(answer.responses, (topic) => ({
        ...topic,
        partitions: onlyFirst(topic.partitions, (partition) => ({ ...partition, records: damage(partition.records) })),
      })),
    }));
    await expect(within(consumer.consume())).rejects.toMatchObject({ name: 'CorruptRecordError' });
    const messages = await takeWhileTold(consumer, 4);
    expect(messages.map(({ offset }) => offset).sort()).toEqual([0, 1, 2, 3]);
    expect(await within(consumer.commit())).toMatchObject([{ failed: 0 }]);
  });

  it('are acknowledged again after an error that passes', async () => {
    const consumer = await join(explicit);
    for (const message of await take(consumer, 4)) consumer.acknowledge(message);
    const fault = scene.cluster.fail('ShareAcknowledge', ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']);
    expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 0 }]);
    expect(fault.fired).toBe(2);
  });

  it('go with their leader: what is said of them is refused, and they come from the new one', async () => {
    const consumer = await join(explicit);
    const messages = await take(consumer, 2);
    const before = leader();
    scene.cluster.topic('orders').moveLeader(
      0,
      scene.cluster.brokerIds.find((id) => id !== before)!,
    );
    for (const message of messages) consumer.acknowledge(message);
    const [result] = await within(consumer.commit());
    expect(result).toMatchObject({
      acknowledged: 0,
      failed: 2,
      error: { errorName: expect.stringMatching(/NOT_LEADER_OR_FOLLOWER|UNKNOWN_TOPIC_OR_PARTITION/) },
    });
    const again = await take(consumer, 4);
    expect(again.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    for (const message of again) consumer.acknowledge(message);
    expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 0 }]);
  });

  it('come from another broker when their leader dies, and nobody is handed what was locked there', async () => {
    const consumer = await join(explicit);
    const [first] = await take(consumer, 1);
    await scene.cluster.broker(leader()).down();
    const again = await take(consumer, 4);
    expect(again.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    consumer.acknowledge(first!);
    for (const message of again) consumer.acknowledge(message);
    expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 4, failed: 1, error: { name: 'SocketDisconnectedError' } }]);
  });

  it('are reported when their lock has passed, with INVALID_RECORD_STATE', async () => {
    const consumer = await join(explicit);
    const messages = await take(consumer, 4);
    group().expireLocks();
    for (const message of messages) consumer.acknowledge(message);
    const [result] = await within(consumer.commit());
    expect(result).toMatchObject({ acknowledged: 0, failed: 4, error: { errorName: 'INVALID_RECORD_STATE' } });
    expect(delivered(await take(consumer, 1))).toEqual(['0 x2']);
  });

  it('do not take others along: where one lock has passed, the rest is acknowledged', async () => {
    const consumer = await join(explicit);
    const late = await take(consumer, 4);
    group().expireLocks();
    const other = await join(explicit);
    expect(delivered(await take(other, 4))).toEqual(['0 x2', '1 x2', '2 x2', '3 x2']);
    append('4');
    const [fresh] = await take(consumer, 1);
    for (const message of [...late, fresh!]) consumer.acknowledge(message);
    const results = await within(consumer.commit());
    expect(results).toMatchObject([{ acknowledged: 1, failed: 4, error: { errorName: 'INVALID_RECORD_STATE' } }]);
  });

  it('are told as lost when their renewal is refused', async () => {
    const consumer = await join(explicit);
    const [message] = await take(consumer, 4);
    group().expireLocks();
    consumer.acknowledge(message!, 'renew');
    await scene.clock.advance(100);
    expect(await within(consumer.commit())).toMatchObject([{ acknowledged: 0, failed: 1, error: { errorName: 'INVALID_RECORD_STATE' } }]);
  });

  it('pass on after the time, by the clock: the holder is told without a request, and another gets them', async () => {
    const consumer = await join(explicit);
    const [message] = await take(consumer, 4);
    await scene.clock.advance(lockMs + 5000);
    const other = await join();
    expect(delivered(await take(other, 4))).toEqual(['0 x2', '1 x2', '2 x2', '3 x2']);
    const asked = scene.cluster.requests({ api: 'ShareAcknowledge' }).length;
    consumer.acknowledge(message!);
    expect(await within(consumer.commit())).toMatchObject([{ failed: 1, error: { errorName: 'INVALID_RECORD_STATE' } }]);
    expect(scene.cluster.requests({ api: 'ShareAcknowledge' })).toHaveLength(asked);
  });

  it('are renewed while they wait for a reader, so that no delivery is spent on them', async () => {
    const consumer = await join();
    await take(consumer, 1);
    await scene.clock.advance(4 * lockMs);
    expect(delivered(await take(consumer, 3))).toEqual(['1 x1', '2 x1', '3 x1']);
  });

  it('are left to others when nobody has read for five minutes', async () => {
    const consumer = await join();
    await take(consumer, 1);
    const other = await join();
    const waiting = take(other, 4);
    await scene.clock.advance(300_000);
    expect(group().inFlight('orders', 0)).toMatchObject([{ state: 'acquired', deliveryCount: 1 }]);
    await scene.clock.advance(2 * lockMs);
    expect(delivered(await waiting)).toEqual(['0 x2', '1 x2', '2 x2', '3 x2']);
  });

  it('are renewed while a handler works on them', async () => {
    const consumer = await join();
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const seen: string[] = [];
    const running = consumer.run(async (message) => {
      seen.push(...delivered([message]));
      await finished;
    });
    await scene.clock.advance(5 * lockMs);
    finish();
    await scene.clock.advance(1000);
    await within(consumer.close());
    await running;
    expect(seen).toEqual(['0 x1', '1 x1', '2 x1', '3 x1']);
    expect(consumer.stats()).toMatchObject({ acknowledged: 4, failedAcknowledgements: 0 });
  });

  it('abort their handler when they are lost, and what it does then is told as failed', async () => {
    const told: Acknowledged[] = [];
    const consumer = await join({ onAcknowledged: (acknowledged) => told.push(acknowledged) });
    const reasons: unknown[] = [];
    const running = consumer.run(
      async ({ deliveryCount }, { signal }) => {
        if (deliveryCount > 1 || reasons.length > 0) return;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        reasons.push(signal.reason);
      },
      { concurrency: 1 },
    );
    await scene.clock.advance(100);
    scene.cluster.broker(leader()).dropConnections();
    await until(() => told.filter(({ error }) => error === undefined).flatMap(({ offsets }) => offsets).length >= 4);
    expect(reasons).toMatchObject([{ name: 'SocketDisconnectedError' }]);
    expect(told.find(({ error }) => error !== undefined)).toMatchObject({ offsets: [0] });
    await within(consumer.close());
    await running;
  });
});

describe('a share consumer', () => {
  it('waits in a loop while no broker can be reached, tells consume(), and goes on', async () => {
    const consumer = await join();
    await take(consumer, 4);
    const looped: string[] = [];
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).down({ failover: false });
    await expect(within(consumer.consume(), 120_000)).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
    const looping = (async () => {
      for await (const { value } of consumer) if (looped.push(String(value)) > 0) break;
    })();
    await scene.clock.advance(60_000);
    for (const id of scene.cluster.brokerIds) await scene.cluster.broker(id).up();
    append('4');
    await within(looping);
    expect(looped).toHaveLength(1);
  });

  it('fetches for a reader who does not wait', async () => {
    const consumer = await join({ consumerTimeoutMs: 0 });
    expect(await consumer.consume()).toBeUndefined();
    await scene.clock.advance(1000);
    expect(await consumer.consume()).toMatchObject({ offset: 0 });
  });

  it('ends when its client is closed', async () => {
    const consumer = await join();
    await take(consumer, 4);
    const reading = consumer.consume();
    await scene.client.close();
    await expect(within(reading)).rejects.toMatchObject({ name: 'ClosedError' });
    await within(consumer.close());
  });

  it('is not stopped by a callback that throws', async () => {
    await begin({ topics: { orders: { partitions: 2, replicationFactor: 3 } } });
    const topic = scene.cluster.topic('orders');
    topic.moveLeader(1, leader());
    topic.append({ value: 'of partition 1', partition: 1 });
    const consumer = await join({
      onAcknowledged: () => {
        throw new Error('the callback');
      },
    });
    await take(consumer, 5);
    expect(await within(consumer.commit())).toMatchObject([{ failed: 0 }, { failed: 0 }]);
    expect(consumer.stats()).toMatchObject({ acknowledged: 5, lockedMessages: 0 });
  });

  it('can be started again after a start that failed', async () => {
    scene.cluster.fail('ShareGroupHeartbeat', ['GROUP_AUTHORIZATION_FAILED']);
    const consumer = new ShareConsumer(scene.client.topic('orders'), { consumerGroup: 'workers' });
    onTestFinished(() => within(consumer.close()));
    await expect(within(consumer.start())).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED' });
    await expect(consumer.consume()).rejects.toMatchObject({ name: 'ClosedError' });
    await within(consumer.start());
    expect(delivered(await take(consumer, 1))).toEqual(['0 x1']);
  });

  it('closes within 500 ms during a long poll, however long that is', async () => {
    const consumer = await join({ fetchWaitMaxMs: 30_000 });
    await take(consumer, 4);
    await within(consumer.commit());
    consumer.consume().catch(() => {});
    await scene.clock.advance(1000);
    expect(await scene.timeOf(consumer.close(), 10_000)).toBeLessThanOrEqual(500);
    expect(group().members()).toEqual([]);
  });

  it('closes within closeTimeoutMs when brokers are silent', async () => {
    const consumer = await join({ ...explicit, closeTimeoutMs: 1000 });
    for (const message of await take(consumer, 4)) consumer.acknowledge(message);
    using _hold = scene.cluster.hold('ShareAcknowledge');
    expect(await scene.timeOf(consumer.close(), 10_000)).toBeLessThanOrEqual(1100);
  });

  it('gives back at close what it has locked', async () => {
    const consumer = await join();
    await take(consumer, 2);
    await within(consumer.close());
    const next = await join();
    expect(delivered(await take(next, 3))).toEqual(['1 x2', '2 x2', '3 x2']);
  });
});
