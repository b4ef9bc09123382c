import { SimpleConsumer } from '@tskafka/consumer';
import { KafkaError, Producer, ProducerFencedError, type ProducerOptions, type Transaction } from '@tskafka/producer';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { errorCodes } from '@tskafka/core/protocol';
import type { MockClusterOptions } from '@tskafka/testing';
import { Scene } from './scene.ts';

/** Both ways in which clusters keep transactions: before Kafka 4.0 a coordinator is told of each partition first (KIP-890 changed it). */
describe.each<[string, MockClusterOptions['kafkaVersion']]>([
  ['the second version', undefined],
  ['the first version', '3.9'],
])('transactions of %s', (_name, kafkaVersion) => {
  let scene: Scene;
  let producer: Producer;

  beforeEach(async () => {
    scene = await Scene.start({ topics: { orders: 2, totals: 1 }, ...(kafkaVersion !== undefined && { kafkaVersion }) });
    onTestFinished(() => scene[Symbol.asyncDispose]());
    await scene.connect();
    producer = await start();
  });

  async function start(options: ProducerOptions = {}): Promise<Producer> {
    const started = await scene.settledWithin(Producer.start(scene.client, { transactionalId: 'copier', ...options }), 5000);
    onTestFinished(() => scene.settledWithin(started.close(), 20_000));
    return started;
  }

  const within = <T>(promise: Promise<T>, ms = 60_000): Promise<T> => scene.settledWithin(promise, ms);
  const begin = (): Promise<Transaction> => within(producer.transaction());
  const send = (transaction: Transaction, value: string, partition = 0) => within(transaction.send({ topic: 'orders', partition, value }));

  /** What a reader of committed messages sees. */
  async function committed(): Promise<string[]> {
    const consumer = await within(SimpleConsumer.start(scene.client.topic('orders'), { until: 'latest' }));
    const values: string[] = [];
    const reading = (async () => {
      for await (const { value } of consumer) values.push(String(value));
    })();
    await within(reading);
    await within(consumer.close());
    return values.sort();
  }

  const apisUsed = (): string[] => [...new Set(scene.cluster.requests().map(({ api }) => api))];

  it('asks the coordinator no more than it has to', async () => {
    const transaction = await begin();
    await send(transaction, 'a');
    await send(transaction, 'b');
    await within(transaction.commit());
    expect(await committed()).toEqual(['a', 'b']);
    expect(apisUsed().includes('AddPartitionsToTxn')).toBe(kafkaVersion !== undefined);
    expect(scene.cluster.requests({ api: 'AddPartitionsToTxn' }).length).toBeLessThanOrEqual(1);
  });

  it.each(['InitProducerId', 'EndTxn'] as const)(
    'P22: %s is repeated while the coordinator is busy with the last transaction',
    async (api) => {
      const fault = scene.cluster.fail(api, [errorCodes.CONCURRENT_TRANSACTIONS, errorCodes.CONCURRENT_TRANSACTIONS]);
      const another = api === 'InitProducerId' ? await start({ transactionalId: 'another' }) : producer;
      const transaction = await within(another.transaction());
      await send(transaction, 'a');
      await within(transaction.commit());
      expect(fault.fired).toBe(2);
      expect(await committed()).toEqual(['a']);
    },
  );

  it.each([errorCodes.NOT_COORDINATOR, errorCodes.COORDINATOR_LOAD_IN_PROGRESS, errorCodes.COORDINATOR_NOT_AVAILABLE])(
    'P23: a coordinator that answers %i is found again, and the transaction is completed',
    async (code) => {
      const transaction = await begin();
      await send(transaction, 'a');
      const fault = scene.cluster.fail('EndTxn', [code]);
      await within(transaction.commit());
      expect(fault.fired).toBe(1);
      expect(await committed()).toEqual(['a']);
    },
  );

  it.each([true, false])('P24: the answer to the end is lost, and it is asked for again: commit %s', async (isCommitted) => {
    const transaction = await begin();
    await send(transaction, 'a');
    const fault = scene.cluster.dropResponse('EndTxn', { times: 2 });
    await within(isCommitted ? transaction.commit() : transaction.abort());
    expect(fault.fired).toBe(2);
    expect(await committed()).toEqual(isCommitted ? ['a'] : []);
  });

  it('P24: an end that is never answered leaves it open, says so, and the next transaction is another one', async () => {
    const transaction = await begin();
    await send(transaction, 'unknown');
    const fault = scene.cluster.dropResponse('EndTxn', { times: 1000 });
    const told = expect(within(transaction.commit(), 200_000)).rejects.toMatchObject({
      persistence: 'possibly persisted',
      retriable: true,
    });
    await told;
    fault.stop();
    const next = await begin();
    await send(next, 'known');
    await within(next.commit());
    expect(await committed()).toEqual(['known', 'unknown']);
  });

  it('P25: a late end of a transaction does not end the next one', async () => {
    // In the first version a coordinator that has aborted a transaction by itself takes nothing more from its producer.
    producer = await start({ deliveryTimeoutMs: 10_000 });
    const first = await begin();
    await send(first, 'first');
    const held = scene.cluster.hold('EndTxn', { times: 1 });
    await expect(within(first.commit(), 200_000)).rejects.toThrow(KafkaError);
    const next = await begin();
    await send(next, 'next');
    held.release();
    await scene.clock.advance(1000);
    expect(await committed()).toEqual([]);
    await within(next.abort());
    expect(await committed()).toEqual([]);
  });

  it('P25: nor does one that was asked for again, and whose first request arrives late', async () => {
    await scene.connect({ requestTimeoutMs: 1000 });
    producer = await start();
    const first = await begin();
    await send(first, 'first');
    let attempts = 0;
    scene.cluster.intercept('EndTxn', async (call) => {
      if (++attempts === 1) await new Promise<void>((resolve) => void scene.clock.setTimeout(resolve, 2000));
      return call.pass();
    });
    await within(first.commit());
    expect(attempts).toBe(2);
    const next = await begin();
    await send(next, 'next');
    await scene.clock.advance(2000); // it has arrived
    await within(next.abort());
    expect(await committed()).toEqual(['first']);
  });

  it.each([
    ['knows of no transaction then', errorCodes.INVALID_TXN_STATE, { retriable: false }],
    ['refuses then', errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, { code: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED }],
    ['has given the id away then', errorCodes.PRODUCER_FENCED, { name: 'ProducerFencedError' }],
  ])('P24: a commit whose answer was lost, and whose coordinator %s, may be one', async (_what, code, error) => {
    const transaction = await begin();
    await send(transaction, 'a');
    const lost = scene.cluster.intercept('EndTxn', async (call) => {
      await call.pass();
      lost.stop();
      scene.cluster.fail('EndTxn', [code]);
      if (code === errorCodes.PRODUCER_FENCED) scene.cluster.fail('InitProducerId', [code]);
      return call.drop();
    });
    await expect(within(transaction.commit())).rejects.toMatchObject({ persistence: 'possibly persisted', ...error });
    await within(transaction[Symbol.asyncDispose]());
    expect(await committed()).toEqual(['a']);
    if (code === errorCodes.PRODUCER_FENCED) return;
    const next = await begin();
    await send(next, 'b');
    await within(next.commit());
    expect(await committed()).toEqual(['a', 'b']);
  });

  it('P25: what is sent while its partition is being added is not asked for again, and cannot fail behind the commit', async () => {
    const transaction = await begin();
    using hold = scene.cluster.hold('AddPartitionsToTxn', { times: 1 });
    const sent = [transaction.send({ topic: 'orders', partition: 0, value: 'a' })];
    await scene.clock.advance(10);
    sent.push(transaction.send({ topic: 'orders', partition: 0, value: 'b' }));
    await scene.clock.advance(10);
    hold.release();
    await within(Promise.all(sent));
    await within(transaction.commit());
    expect(scene.cluster.requests({ api: 'AddPartitionsToTxn' })).toHaveLength(kafkaVersion === undefined ? 0 : 1);
    expect(await committed()).toEqual(['a', 'b']);
  });

  it('P27: what fails ends the transaction: nothing more of it is sent, and it can only be aborted', async () => {
    const transaction = await begin();
    await send(transaction, 'before');
    scene.cluster.fail('Produce', [errorCodes.TOPIC_AUTHORIZATION_FAILED]);
    await expect(send(transaction, 'refused')).rejects.toMatchObject({
      errorName: 'TOPIC_AUTHORIZATION_FAILED',
      persistence: 'not persisted',
    });
    await expect(send(transaction, 'behind it')).rejects.toThrow('can only be aborted');
    await expect(within(transaction.commit())).rejects.toThrow('can only be aborted');
    await within(transaction.abort());
    const next = await begin();
    await send(next, 'again');
    await within(next.commit());
    expect(await committed()).toEqual(['again']);
  });

  it('P25: nothing comes into a transaction any more once it is being committed', async () => {
    const transaction = await begin();
    const hold = scene.cluster.hold('Produce');
    const sent = transaction.send({ topic: 'orders', partition: 0, value: 'in time' });
    const committing = transaction.commit();
    await expect(transaction.send({ topic: 'orders', partition: 1, value: 'late' })).rejects.toThrow('the transaction is committing');
    await expect(transaction.sendOffsets({ consumerGroup: 'group', offsets: [] })).rejects.toThrow('the transaction is committing');
    hold.release();
    await within(Promise.all([sent, committing]));
    expect(await committed()).toEqual(['in time']);
  });

  it('P25: offsets that are on their way come before the end', async () => {
    const transaction = await begin();
    const hold = scene.cluster.hold('TxnOffsetCommit');
    const offsets = transaction.sendOffsets({ consumerGroup: 'group', offsets: [{ topic: 'orders', partition: 0, offset: 7 }] });
    const committing = transaction.commit();
    await scene.clock.advance(1000);
    expect(scene.cluster.requests({ api: 'EndTxn' })).toEqual([]);
    hold.release();
    await within(Promise.all([offsets, committing]));
    expect(scene.cluster.group('group').committed('orders', 0)).toBe(7);
  });

  it('P28: of two that are begun at once one is refused, and the other works', async () => {
    producer = await start({ transactionalId: 'fresh' });
    const last = await begin();
    await send(last, 'gone');
    await within(last.abort());
    const asked = scene.cluster.requests({ api: 'InitProducerId' }).length;
    const both = await within(Promise.allSettled([producer.transaction(), producer.transaction()]));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(scene.cluster.requests({ api: 'InitProducerId' }).length - asked).toBeLessThanOrEqual(1);
    const open = both.find((each) => each.status === 'fulfilled')!.value;
    await send(open, 'a');
    await within(open.commit());
    expect(await committed()).toEqual(['a']);
  });

  it('P28: a coordinator that wants the transaction aborted is obeyed', async () => {
    const transaction = await begin();
    await send(transaction, 'a');
    scene.cluster.fail('EndTxn', [errorCodes.TRANSACTION_ABORTABLE]);
    await expect(within(transaction.commit())).rejects.toMatchObject({ errorName: 'TRANSACTION_ABORTABLE' });
    await within(transaction.abort());
    expect(await committed()).toEqual([]);
    await within((await begin()).commit());
  });

  it('P20: a write that is refused because a newer producer has the id', async () => {
    const transaction = await begin();
    await send(transaction, 'a');
    const young = await start();
    await expect(send(transaction, 'b')).rejects.toThrow(KafkaError);
    await expect(within(transaction.abort())).rejects.toThrow(ProducerFencedError);
    await expect(within(producer.transaction())).rejects.toThrow(ProducerFencedError);
    const next = await within(young.transaction());
    await send(next, 'c');
    await within(next.commit());
    expect(await committed()).toEqual(['c']);
  });

  it('P7: a message that is not delivered in time fails the transaction, and the next one works', async () => {
    producer = await start({ transactionalId: 'hurried', deliveryTimeoutMs: 2000 });
    const transaction = await begin();
    await send(transaction, 'a');
    const hold = scene.cluster.hold('Produce');
    await expect(send(transaction, 'late')).rejects.toMatchObject({ name: 'TimeoutError' });
    hold.release();
    await expect(within(transaction.commit())).rejects.toThrow('can only be aborted');
    await within(transaction.abort(), 200_000);
    const next = await begin();
    await send(next, 'in time');
    await within(next.commit());
    expect(await committed()).toEqual(['in time']);
  });

  it.each([
    ['the first', []],
    ['a later', [0]],
  ])('P25: an abort waits for %s partition that is on its way to the coordinator', async (_name, before) => {
    const transaction = await begin();
    for (const partition of before) await send(transaction, 'before', partition);
    const api = kafkaVersion === undefined ? 'Produce' : 'AddPartitionsToTxn';
    const hold = scene.cluster.hold(api);
    const sent = expect(send(transaction, 'aborted', 1)).rejects.toThrow('the transaction was aborted');
    await hold.held();
    const behind = expect(within(transaction.send({ topic: 'totals', value: 'behind it' }))).rejects.toThrow('the transaction was aborted');
    await scene.clock.advance(10);
    const aborting = transaction.abort();
    await scene.clock.advance(1000);
    expect(scene.cluster.requests({ api: 'EndTxn' })).toEqual([]);
    hold.release();
    await within(aborting);
    await Promise.all([sent, behind]);
    expect(scene.cluster.transaction('copier').state).not.toBe('Ongoing');
    for (const value of ['a', 'b']) {
      const next = await begin();
      await send(next, value, 1);
      await within(next.commit());
    }
    expect(await committed()).toEqual(['a', 'b']);
  });

  it('P25: a coordinator that cannot be told of a partition is told of the abort all the same', async () => {
    const transaction = await begin();
    const api = kafkaVersion === undefined ? 'Produce' : 'AddPartitionsToTxn';
    const fault = scene.cluster.dropResponse(api, { times: 1000 });
    const sent = expect(send(transaction, 'aborted')).rejects.toThrow('the transaction was aborted');
    await scene.clock.advance(1000);
    const aborting = within(transaction.abort(), 200_000);
    await scene.clock.advance(1000);
    fault.stop();
    await aborting;
    await sent;
    const next = await begin();
    await send(next, 'a');
    await within(next.commit());
    expect(await committed()).toEqual(['a']);
  });

  it('no positions to commit ask nothing of anybody', async () => {
    const transaction = await begin();
    await transaction.sendOffsets({ consumerGroup: 'group', offsets: [] });
    await within(transaction.commit());
    expect(scene.cluster.requests({ api: 'EndTxn' })).toEqual([]);
  });

  describe('across stop() and start()', () => {
    it('a transaction of before does nothing to the next one', async () => {
      const old = await begin();
      await send(old, 'old');
      await within(producer.stop());
      await within(producer.start());
      const next = await begin();
      await send(next, 'next');
      for (const use of [() => old.send({ topic: 'orders', value: 'stray' }), () => old.commit(), () => old.abort()]) {
        await expect(use()).rejects.toThrow('the transaction has ended');
      }
      await old[Symbol.asyncDispose]();
      await within(next.commit());
      expect(await committed()).toEqual(['next']);
    });

    it('the end of its block is no second end of a transaction that stop() has ended', async () => {
      const transaction = await begin();
      await send(transaction, 'a');
      await within(producer.stop());
      await transaction[Symbol.asyncDispose]();
      await expect(transaction.commit()).rejects.toThrow('the transaction has ended');
    });

    it('an abort that stop() did not wait for comes before the next transaction', async () => {
      const transaction = await begin();
      await send(transaction, 'old');
      const busy = Array.from({ length: 3 }, () => errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
      const fault = scene.cluster.fail('EndTxn', busy);
      await within(producer.stop({ timeoutMs: 10 }));
      expect(fault.fired).toBe(1);
      await within(producer.start());
      expect(fault.fired).toBe(3);
      const next = await begin();
      await send(next, 'next');
      await within(next.commit());
      expect(await committed()).toEqual(['next']);
    });

    it.each([errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, errorCodes.CLUSTER_AUTHORIZATION_FAILED])(
      'P28: what the cluster refused with %i is asked for again',
      async (code) => {
        const another = new Producer(scene.client, { transactionalId: 'refused' });
        onTestFinished(() => within(another.close(), 20_000));
        scene.cluster.fail('InitProducerId', [code]);
        await expect(within(another.start())).rejects.toMatchObject({ code });
        await within(another.start());
        const transaction = await within(another.transaction());
        await send(transaction, 'a');
        await within(transaction.commit());
        expect(await committed()).toEqual(['a']);
      },
    );
  });
});
