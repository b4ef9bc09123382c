import type { KafkaClient } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { batchOf, produceTo } from '../requests.ts';
import { jsonLines, tskafka } from './tskafka.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

it('tskafka transactions lists, describes and fences what is open', async () => {
  const topic = (await broker.createTopic()).name;
  const id = broker.freshName('txn');
  await using producer = await Producer.start(client, { transactionalId: id });
  const transaction = await producer.transaction();
  await transaction.send({ topic, value: 'a' });

  const mine = async (args = '') =>
    jsonLines((await tskafka(`transactions list --json${args}`)).stdout).filter(({ transactionalId }) => transactionalId === id);
  const [listed] = await mine();
  expect(listed).toEqual({ transactionalId: id, state: 'Ongoing', producerId: expect.any(Number) });
  expect(await mine(' --state CompleteCommit')).toEqual([]);
  const described = jsonLines((await tskafka(`transactions describe ${id} --json`)).stdout);
  expect(described).toEqual([expect.objectContaining({ transactionalId: id, state: 'Ongoing', partitions: [`${topic}/0`] })]);
  const producers = jsonLines((await tskafka(`transactions producers ${topic} 0 --json`)).stdout);
  expect(producers).toEqual([expect.objectContaining({ producerId: listed!['producerId'], openFrom: 0 })]);

  const hanging = await tskafka(`transactions hanging ${topic} --longer-than 1ms`);
  expect(hanging).toMatchObject({ code: 0, stdout: '', stderr: 'there are no hanging transactions\n' });

  const abort = await tskafka(`transactions abort ${topic} 0 ${String(listed!['producerId'])} --execute`);
  expect(abort.code).toBe(1);
  expect(abort.stderr).toContain('does not hang: its coordinator knows it');
  expect(abort.stderr).toContain(`tskafka transactions fence ${id}`);

  expect((await tskafka(`transactions fence ${id}`)).stderr).toMatch(/^plan only, nothing was changed; this would abort/m);
  expect((await tskafka(`transactions fence ${id} --execute`)).stdout).toMatch(/ done$/m);
  await expect(transaction.commit()).rejects.toMatchObject({ name: 'ProducerFencedError' });
  const unknown = await tskafka('transactions describe no-such-id');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no transactional id no-such-id') });
});

it('tskafka transactions hanging shows what hangs, as a table and as JSON, and abort ends it', async () => {
  const topic = await broker.createTopic();
  const wire = await broker.leaderWire(topic);
  // As a producer that skipped its coordinator would: version 11 of Produce leaves that to the client.
  const producer = { producerId: 8_000_000 + Math.floor(Math.random() * 1e6), producerEpoch: 3 };
  const batch = batchOf([{ value: 'a', timestamp: 1_795_418_150_078 }], { ...producer, baseSequence: 0, isTransactional: true });
  const { errorCode } = await produceTo(wire, 11, topic, batch, { transactionalId: broker.freshName('txn') });
  const hanging = `transactions hanging ${topic.name} --longer-than 1ms`;
  if (errorCode !== 0) {
    // Kafka verifies with the coordinator (KIP-890), so no transaction can be left hanging.
    expect(await tskafka(`${hanging} --json`)).toEqual({ code: 0, stdout: '', stderr: 'there are no hanging transactions\n' });
    return;
  }
  const [row, ...others] = jsonLines((await tskafka(`${hanging} --json`)).stdout);
  const { producerId, producerEpoch: epoch } = producer;
  expect(row).toMatchObject({ topic: topic.name, partition: 0, producerId, epoch, coordinatorEpoch: null, openFrom: 0 });
  expect(others).toEqual([]);
  expect((await tskafka(hanging)).stdout).toMatch(new RegExp(`^TOPIC .*\\n${topic.name} +0 +${producerId} +3 `));
  expect((await tskafka(`transactions abort ${topic.name} 0 ${producerId} --execute`)).code).toBe(0);
  expect((await tskafka(`${hanging} --json`)).stdout).toBe('');
});
