import { BalancedConsumer, type BalancedConsumerOptions, type KafkaClient } from '@tskafka/consumer';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

it('K9: a group goes over from the classic protocol to KIP-848 and back while it reads, and nothing is missed or read twice', async () => {
  const topic = await broker.createTopic({ partitions: 4 });
  const consumerGroup = broker.freshName('migrating');
  const read: string[] = [];

  async function member(groupProtocol: NonNullable<BalancedConsumerOptions['groupProtocol']>) {
    const options = { consumerGroup, groupProtocol };
    const consumer = await BalancedConsumer.start(client.topic(topic.name), options);
    const reading = consumer.run(({ value }) => void read.push(String(value)));
    return { consumer, leave: () => consumer.close().then(() => reading) };
  }
  const owns = (...members: { consumer: BalancedConsumer }[]): Promise<void> =>
    until(`they own ${4 / members.length} partitions each`, () =>
      Promise.resolve(members.every(({ consumer }) => consumer.assignment.length === 4 / members.length)),
    );
  let written = 0;
  async function writeAndRead(): Promise<void> {
    for (let partition = 0; partition < 4; partition++) await write(topic, values(written, (written += 5)), partition);
    await until(`all ${written} are read`, () => Promise.resolve(read.length >= written));
  }

  const classic = await member('classic');
  await owns(classic);
  await writeAndRead();
  const modern = await member('consumer');
  await owns(classic, modern); // the classic member stays in a group that is now of the other type
  await writeAndRead();
  await classic.leave();
  await owns(modern);
  await writeAndRead();
  const back = await member('classic');
  await owns(modern, back);
  await writeAndRead();
  await modern.leave(); // the last of its protocol: the group is a classic one again
  await owns(back);
  await writeAndRead();
  await back.leave();
  expect(read.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, i) => i));
});
