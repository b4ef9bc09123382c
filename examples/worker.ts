import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BalancedConsumer, jsonDeserializer, KafkaClient } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

interface Order {
  readonly id: number;
  readonly euros: number;
}

await using topics = await temporaryTopics(3, 'orders', 'dead-letters');
const [orders, deadLetters] = topics.names as [string, string];
const client = await KafkaClient.connect(cluster);
const producer = await Producer.start(client);
for (const value of ['{"id":1,"euros":20}', '{"id":2,"euros":-1}', '{"id":3,"euros":30}', '{"id":', '{"id":4,"euros":40}']) {
  await producer.send({ topic: orders, key: value, value });
}
const billed: number[] = [];
const bill = async ({ id, euros }: Order, signal: AbortSignal): Promise<void> => {
  await sleep(1, undefined, { signal });
  if (euros < 0) throw new RangeError(`order ${id} is of ${euros} euros`);
  billed.push(id);
};

// #region worker
const consumer = await BalancedConsumer.start(client, {
  topics: [orders],
  consumerGroup: `billing-${orders}`,
  deserializer: { value: jsonDeserializer<Order>() },
  unparsable: { sink: producer, topic: deadLetters }, // what is not JSON
});
const running = consumer.run(
  async ({ value: order }, { signal }) => {
    if (order !== null) await bill(order, signal); // null is a tombstone
  },
  {
    ordered: 'key', // different keys at the same time
    concurrency: 8,
    retry: { attempts: 2, initialMs: 10 },
    deadLetter: { sink: producer, topic: deadLetters }, // what failed three times
  },
);
// #endregion

// #region health
const server = createServer((_, response) => {
  const { isHealthy } = consumer.health(); // asks no broker
  response.writeHead(isHealthy ? 200 : 503).end(consumer.explain());
});
// #endregion

// #region shutdown
/** Finishes what handlers have begun, commits it, and leaves the group, so that the other members take over at once. */
async function shutDown(): Promise<void> {
  await consumer.close();
  await running;
  await producer.close();
  await client.close();
  server.close();
}
process.once('SIGTERM', () => void shutDown());
// #endregion

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, number) => sum + number, 0);
const dead = async (): Promise<number> => sumOf((await client.topic(deadLetters).latestOffsets()).values());
while ((await dead()) < 2 || billed.length < 3) await sleep(10);
const { status } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
console.log('billed:', billed.sort().join(', '), status === 200 ? 'and healthy' : 'and ill');
console.log('dead letters:', await dead(), 'lag:', sumOf((await consumer.lag()).map(({ lag }) => lag)));
process.emit('SIGTERM');
await once(server, 'close');
