import { BalancedConsumer, KafkaClient } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(4, 'work');
const [name] = topics.names as [string];
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
for (let i = 0; i < 4; i++) await producer.send({ topic: name, partition: i, value: `task ${i}` });

// #region share
const topic = client.topic(name);
const options = { consumerGroup: `workers-${name}`, autoCommitEnable: true };
const first = await BalancedConsumer.start(topic, options);
const done: string[] = [];
while (done.length < 4) done.push(String((await first.consume())?.value));
console.log('alone:', done.sort().join(', '));

// A member that joins gets its share of the partitions, and continues after what was committed.
const second = await BalancedConsumer.start(topic, options);
while (first.assignment.length !== 2 || second.assignment.length !== 2)
  await first.consume({ signal: AbortSignal.timeout(100) }).catch(() => {});
console.log('together:', first.assignment.length, 'and', second.assignment.length);
// #endregion

await first.close();
await second.close();
