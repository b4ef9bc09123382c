import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KafkaClient, ShareConsumer } from '@tskafka/consumer';
import { apis } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient, values, write } from '../consumer/fixture.ts';
import { settledLater, shared } from '../consumer/share-fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

async function membersOf(group: string): Promise<number> {
  const wire = await broker.coordinatorWire(group);
  const { groups } = await wire.send(apis.shareGroupDescribe, 1, { groupIds: [group], includeAuthorizedOperations: false });
  wire.close();
  return groups[0]!.members.length;
}

/** What VerifiableShareConsumer tells line by line. */
interface Told {
  readonly name: string;
  readonly value?: string;
}

it('shares a group with VerifiableShareConsumer: each message is handled by one of the two', { timeout: 240_000 }, async () => {
  const { topic, group } = await shared([], { partitions: 2 });
  const handled: string[] = [];
  await using ours = await ShareConsumer.start(client.topic(topic.name), {
    consumerGroup: group,
    maxRecords: 1,
    acquireMode: 'record_limit',
  });
  const theirs = settledLater<unknown>();
  // Ours holds its first message until Java has had ten: one that is quick would leave it next to none.
  const running = ours.run(
    async ({ value }) => {
      await theirs.promise;
      handled.push(String(value));
    },
    { concurrency: 1 },
  );

  const config = join(broker.kafka!.plan.folder, `${group}.properties`);
  await writeFile(config, 'max.poll.records=1\nshare.acquire.mode=record_limit\n');
  const args = ['--topic', topic.name, '--group-id', group, '--max-messages', '10', '--verbose', '--acknowledgement-mode', 'sync'];
  const java = broker.kafka!.tool('VerifiableShareConsumer', [...args, '--command-config', config]).finally(() => theirs.settle(undefined));
  await until('they share', async () => (await membersOf(group)) === 2, 100_000);
  const written = 30;
  for (const partition of [0, 1]) await write(topic, values(partition * 15, partition * 15 + 15), partition);
  const { stdout, stderr } = await java;
  const told = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Told); // prettier-ignore
  const taken = told.filter(({ name }) => name === 'record_data').map(({ value }) => value!);
  expect(taken.length, stderr).toBeGreaterThanOrEqual(10);
  await until('the rest is handled', () => Promise.resolve(handled.length + taken.length >= written), 100_000);
  expect([...handled, ...taken].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, i) => i));
  expect(handled.length).toBeGreaterThan(0);
  expect(await ours.commit()).toEqual(expect.not.arrayContaining([expect.objectContaining({ error: expect.anything() as unknown })]));
  await ours.close();
  await running;
});
