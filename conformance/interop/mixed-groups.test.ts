import { BalancedConsumer, type BalancedConsumerOptions, type KafkaClient } from '@tskafka/consumer';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient, values, write } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const cooperativeSticky = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

/** Java's own consumer joins a group of ours, for which we assign in the classic protocol, reads its half, commits it, and leaves. */
it.each<[string, Partial<BalancedConsumerOptions>, string[]]>([
  ['range', { groupProtocol: 'classic', partitionAssignors: ['range'] }, ['--group-protocol', 'classic']],
  ['range, offered among others', { groupProtocol: 'classic' }, ['--group-protocol', 'classic']],
  [
    'cooperative-sticky',
    { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] },
    ['--group-protocol', 'classic', '--assignment-strategy', cooperativeSticky],
  ],
  ['the protocol of KIP-848', { groupProtocol: 'consumer' }, ['--group-protocol', 'consumer']],
])(
  'G18: shares a group with VerifiableConsumer: %s',
  async (_name, options, args) => {
    const topic = await broker.createTopic({ partitions: 4 });
    for (let partition = 0; partition < 4; partition++) await write(topic, values(partition * 10, partition * 10 + 10), partition);
    const group = broker.freshName('mixed');
    await using ours = await BalancedConsumer.start(client.topic(topic.name), { consumerGroup: group, autoCommitEnable: true, ...options });
    await until('ours is alone', () => Promise.resolve(ours.assignment.length === 4));

    const theirs = broker.kafka!.tool('VerifiableConsumer', [
      ...['--topic', topic.name, '--group-id', group, '--max-messages', '20', '--verbose', '--reset-policy', 'earliest'],
      ...args,
    ]);
    await until('they share', () => Promise.resolve(ours.assignment.length === 2), 40_000);
    const read: string[] = [];
    while (read.length < 20) read.push(String((await ours.consume())?.value));
    const { stdout, stderr } = await theirs;
    const taken = stdout
      .split('\n')
      .filter((line) => line.includes('"record_data"'))
      .map((line) => String((JSON.parse(line) as { value: unknown }).value));
    expect(
      [...read, ...taken].map(Number).sort((a, b) => a - b),
      stderr,
    ).toEqual(Array.from({ length: 40 }, (_, i) => i));

    await until('ours is alone again', () => Promise.resolve(ours.assignment.length === 4), 60_000);
    for (let partition = 0; partition < 4; partition++) await write(topic, [`last ${partition}`], partition);
    const last: string[] = [];
    while (last.length < 4) last.push(String((await ours.consume())?.value));
    expect(last.sort()).toEqual(['last 0', 'last 1', 'last 2', 'last 3']);
  },
  120_000,
);
