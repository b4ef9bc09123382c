import {
  abortTransaction,
  describeProducers,
  describeTransactions,
  fenceProducers,
  forceTerminateTransaction,
  type KafkaClient,
  listTransactions,
  valuesOf,
} from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { batchOf, produceTo } from '../requests.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('transactions', () => {
  it('are listed and described while they are open', async () => {
    const topic = (await broker.createTopic({ partitions: 2 })).name;
    const transactionalId = broker.freshName('txn');
    await using producer = await Producer.start(client, { transactionalId, transactionTimeoutMs: 30_000 });
    await using transaction = await producer.transaction();
    await transaction.send({ topic, partition: 1, value: 'a' });

    const mine = async (options = {}) =>
      (await listTransactions(client, options)).transactions.filter((one) => one.transactionalId === transactionalId);
    const [listed] = await mine();
    expect(listed).toMatchObject({ state: 'Ongoing', producerId: expect.any(Number) });
    expect(await mine({ states: ['Ongoing'] })).toHaveLength(1);
    expect(await mine({ states: ['CompleteCommit', 'Empty'] })).toEqual([]);
    expect(await mine({ producerIds: [listed!.producerId] })).toHaveLength(1);
    expect(await mine({ minDurationMs: 3_600_000 })).toEqual([]);
    expect(await mine({ pattern: 'txn-.*' })).toHaveLength(1);
    expect(await mine({ pattern: 'xn-.*' })).toEqual([]);
    await expect(mine({ producerIds: 7 })).rejects.toThrow('producerIds must be given as an array, not 7');
    await expect(mine({ producerIds: ['7'] })).rejects.toThrow(RangeError);
    await expect(mine({ minDurationMs: -1 })).rejects.toThrow(/^minDurationMs must be a whole number/);
    await expect(mine({ pattern: /txn/ })).rejects.toThrow(TypeError);

    const described = await describeTransactions(client, [transactionalId, 'no-such-id']);
    expect(described.get('no-such-id')).toMatchObject({ errorName: 'TRANSACTIONAL_ID_NOT_FOUND' });
    const told = described.get(transactionalId)!;
    expect(told).toMatchObject({
      state: 'Ongoing',
      timeoutMs: 30_000,
      producerId: listed!.producerId,
      partitions: [{ topic, partition: 1 }],
    });
    expect(client.brokers.map(({ id }) => id)).toContain((told as { coordinator: number }).coordinator);
    expect((told as { startedAt: number }).startedAt).toBeGreaterThan(1_600_000_000_000);

    const at = { topic, partition: 1 };
    const [state] = valuesOf(await describeProducers(client, [at])).get(at)!;
    expect(state).toMatchObject({ producerId: listed!.producerId, lastSequence: 0, transactionStart: 0 });
    await transaction.abort();
    await until('the transaction is over', async () => (await mine())[0]?.state === 'CompleteAbort');
    const ended = valuesOf(await describeProducers(client, [at])).get(at)!;
    expect(ended[0]!.transactionStart).toBeUndefined();
    expect(ended[0]!.coordinatorEpoch).toBeGreaterThanOrEqual(0);
  });

  it('are aborted from outside, and their producers fenced', async () => {
    const topic = (await broker.createTopic()).name;
    const transactionalId = broker.freshName('txn');
    await using producer = await Producer.start(client, { transactionalId });
    const transaction = await producer.transaction();
    await transaction.send({ topic, value: 'a' });
    await forceTerminateTransaction(client, transactionalId);
    await expect(transaction.commit()).rejects.toMatchObject({ name: 'ProducerFencedError' });
    const [first, second] = [await fence(), await fence()];
    expect(second.producerId).toBe(first.producerId);
    expect(second.producerEpoch).toBe(first.producerEpoch + 1);

    async function fence() {
      return valuesOf(await fenceProducers(client, [transactionalId])).get(transactionalId)!;
    }
  });

  it('one that hangs is aborted where it does', async () => {
    const topic = await broker.createTopic();
    const wire = await broker.leaderWire(topic);
    // As a producer that skipped its coordinator would: version 11 of Produce leaves that to the client.
    const hanging = { producerId: 7_000_000 + Math.floor(Math.random() * 1e6), producerEpoch: 3 };
    const batch = batchOf([{ value: 'a' }], { ...hanging, baseSequence: 0, isTransactional: true });
    const written = await produceTo(wire, 11, topic, batch, { transactionalId: broker.freshName('txn') });
    const at = { topic: topic.name, partition: 0 };
    const open = async () =>
      valuesOf(await describeProducers(client, [at]))
        .get(at)!
        .find(({ transactionStart }) => transactionStart !== undefined);
    if (written.errorCode !== 0) {
      // Kafka verifies with the coordinator (KIP-890), so no transaction can be left hanging.
      expect(await open()).toBeUndefined();
      return;
    }
    expect(await open()).toMatchObject(hanging);
    await abortTransaction(client, { ...at, ...hanging });
    expect(await open()).toBeUndefined();
  });

  it('a marker of a producer that the partition does not know is refused, or writes nothing that hangs', async () => {
    const topic = (await broker.createTopic()).name;
    await expect(abortTransaction(client, { topic, partition: 9, producerId: 1, producerEpoch: 0 })).rejects.toThrow();
    await expect(abortTransaction(client, { topic, partition: 0, producerId: -1, producerEpoch: 0 })).rejects.toThrow(
      'producerId must be a whole number of at least 0, not -1',
    );
  });
});
