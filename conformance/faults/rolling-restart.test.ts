import { BalancedConsumer, type BalancedConsumerOptions, type KafkaClient } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** Three members of a group that read numbers, and remember what they were told of rebalances. */
async function groupOf(options: Pick<BalancedConsumerOptions, 'groupProtocol' | 'partitionAssignors'>, topic: string) {
  const told: string[] = [];
  const read: number[] = [];
  const consumerGroup = broker.freshName('group');
  const members = Array.from({ length: 3 }, (_, i) => {
    const tell = (what: string) => (): void => void told.push(`member ${i}: ${what}`);
    return new BalancedConsumer(client.topic(topic), {
      ...{ ...options, consumerGroup, autoCommitEnable: true, autoCommitIntervalMs: 500 },
      ...{ onAssigned: tell('assigned'), onRevoked: tell('revoked'), onLost: tell('lost') },
    });
  });
  await Promise.all(members.map((member) => member.start()));
  await until('each has its partition', () => Promise.resolve(members.every(({ assignment }) => assignment.length === 1)));
  await until('the group has come to rest', () => Promise.resolve(new Set(generations()).size === 1));
  told.length = 0;
  const reading = members.map(async (member) => {
    for await (const { value } of member) read.push(Number(value));
  });
  function generations(): number[] {
    return members.map((member) => member.groupMetadata().generationId);
  }
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.close()));
    await Promise.all(reading);
  });
  return {
    told,
    read,
    state: () => members.map((member) => [member.groupMetadata(), member.assignment.map(({ partition }) => partition)]),
  };
}

it('G2: while all brokers restart one after the other no group rebalances, by neither protocol, and nothing is missed or read twice', async () => {
  const topic = await broker.createTopic({ partitions: 3, replicationFactor: 3 });
  const groups = await Promise.all([
    groupOf({ groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] }, topic.name),
    groupOf({ groupProtocol: 'consumer' }, topic.name),
  ]);
  const before = groups.map(({ state }) => state());

  await using producer = await Producer.start(client);
  let written = 0;
  const writing = new AbortController();
  const sent = (async () => {
    while (!writing.signal.aborted) {
      await producer.sendBatch(Array.from({ length: 3 }, (_, partition) => ({ topic: topic.name, partition, value: String(written + partition) }))); // prettier-ignore
      written += 3;
    }
  })();
  const everybodyReads = async (): Promise<void> => {
    const had = written;
    await until('all read on', () => Promise.resolve(groups.every(({ read }) => read.length > had)), 60_000);
  };
  for (const node of [1, 2, 3]) {
    await everybodyReads();
    await broker.restart(node);
  }
  await everybodyReads();
  writing.abort();
  await sent;

  await until('all is read', () => Promise.resolve(groups.every(({ read }) => read.length >= written)), 60_000);
  for (const { read } of groups) expect(read.toSorted((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, i) => i));
  expect(groups.map(({ told }) => told)).toEqual([[], []]);
  expect(groups.map(({ state }) => state())).toEqual(before);
}, 240_000);
