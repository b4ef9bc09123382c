import type { KafkaClient } from '@tskafka/core';
import { Producer } from '@tskafka/producer';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
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
  expect(hanging).toMatchObject({ code: 0, stdout: '', stderr: 'no transaction hangs\n' });

  const abort = await tskafka(`transactions abort ${topic} 0 ${String(listed!['producerId'])} --execute`);
  expect(abort.code).toBe(1);
  expect(abort.stderr).toContain('does not hang: its coordinator knows it');
  expect(abort.stderr).toContain(`tskafka transactions fence ${id}`);

  expect((await tskafka(`transactions fence ${id}`)).stderr).toMatch(/^plan only, nothing was changed: it would abort/m);
  expect((await tskafka(`transactions fence ${id} --execute`)).stdout).toMatch(/ done$/m);
  await expect(transaction.commit()).rejects.toMatchObject({ name: 'ProducerFencedError' });
  const unknown = await tskafka('transactions describe no-such-id');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no transactional id no-such-id') });
});
