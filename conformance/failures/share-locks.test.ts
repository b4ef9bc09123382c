import { type Acknowledged, type ShareMessage } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import {
  append,
  delivered,
  explicit,
  group,
  join,
  leader,
  lockMs,
  rewriteNextFetch,
  scene,
  take,
  takeWhileTold,
  until,
  within,
  useShareScene,
} from './share-scene.ts';

useShareScene();

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

  it('are acknowledged also when the session is lost, and nothing more is read from that broker', async () => {
    scene.cluster.createTopic('others', 1);
    scene.cluster.topic('others').moveLeader(
      0,
      scene.cluster.brokerIds.find((id) => id !== leader())!,
    );
    const consumer = await join({ ...explicit, topics: ['orders', 'others'] });
    const messages = await take(consumer, 4);
    consumer.subscribe(['others']);
    await until(() => consumer.assignment.every(({ topic }) => topic === 'others'));
    const fault = scene.cluster.fail('ShareAcknowledge', ['SHARE_SESSION_NOT_FOUND']);
    for (const message of messages) consumer.acknowledge(message);
    expect(await within(consumer.commit(), 5000)).toMatchObject([{ acknowledged: 4, failed: 0 }]);
    expect(fault.fired).toBe(1);
  });

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
    const messages: ShareMessage[] = [];
    const reading = (async () => {
      for await (const message of other) messages.push(message);
    })();
    await scene.clock.advance(299_000);
    expect(group().inFlight('orders', 0)).toMatchObject([{ state: 'acquired', deliveryCount: 1 }]);
    await scene.clock.advance(2000);
    expect(delivered(messages)).toEqual(['0 x2', '1 x2', '2 x2', '3 x2']);
    await within(other.close());
    await reading;
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
