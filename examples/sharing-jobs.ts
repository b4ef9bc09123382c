import { setTimeout as sleep } from 'node:timers/promises';
import { ShareConsumer } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

await using topics = await temporaryTopics(1, 'jobs');
const [name] = topics.names as [string];
await using client = await KafkaClient.connect(cluster);
await using producer = await Producer.start(client);
const topic = client.topic(name);
const done: string[] = [];

const work = async (job: string, attempt: number): Promise<void> => {
  await sleep(1);
  if (job === 'job 3' && attempt === 1) throw new Error('not today');
  done.push(attempt === 1 ? job : `${job} at the second attempt`);
};

// #region run
// More workers than partitions: each job goes to one of them, and to another one if that one fails.
const options = { consumerGroup: `workers-${name}` };
const workers = [await ShareConsumer.start(topic, options), await ShareConsumer.start(topic, options)];
const running = workers.map((worker) =>
  worker.run(({ value }, { attempt }) => work(String(value), attempt), { concurrency: 4, backoff: { initialMs: 10 } }),
);
// #endregion

// A new group begins at the end of its topics, unless its configuration share.auto.offset.reset says otherwise.
while (workers.some((worker) => worker.stats().fetches === 0)) await sleep(10);
for (let i = 0; i < 6; i++) await producer.send({ topic: name, value: `job ${i}` });
while (done.length < 6) await sleep(10);

await Promise.all(workers.map((worker) => worker.close()));
await Promise.all(running);
console.log(done.sort().join(', '));

for (const job of ['6', 'seven', '8']) await producer.send({ topic: name, value: job });
// #region explicit
await using consumer = await ShareConsumer.start(topic, { ...options, acknowledgementMode: 'explicit' });
for await (const message of consumer) {
  const isGood = !Number.isNaN(Number(message.value));
  const isLastAttempt = message.deliveryCount === 2;
  if (isGood) consumer.acknowledge(message);
  else consumer.acknowledge(message, isLastAttempt ? 'reject' : 'release');
  if (isLastAttempt) break;
}
const results = await consumer.commit();
// #endregion
console.log(`${results[0]!.acknowledged} acknowledged, ${results[0]!.failed} not`);
