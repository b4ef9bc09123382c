import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { jsonSerializer, KafkaClient, KafkaError, Producer } from '@tskafka/producer';
import { cluster, temporaryTopics } from './support/cluster.ts';

interface Order {
  readonly id: number;
  readonly euros: number;
}

await using topics = await temporaryTopics(1, 'orders');
const topic = topics.names[0]!;

// #region service
const client = await KafkaClient.connect(cluster);
const producer = await Producer.start(client, { serializer: { value: jsonSerializer<Order>() } });

const server = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    const order = (await json(request)) as Order;
    const { offset } = await producer.send({ topic, key: String(order.id), value: order });
    response.writeHead(202).end(`order ${order.id} is message ${offset}`);
  };
  answer().catch((error: unknown) => {
    // If Kafka failed, this is a KafkaError, whose `persistence` says whether the order may have been written anyway.
    response.writeHead(error instanceof KafkaError ? 503 : 400).end(String(error));
  });
});
// #endregion

// #region shutdown
/** Answers the requests in progress, delivers what was sent, and lets the process end. */
async function shutDown(): Promise<void> {
  server.close();
  await once(server, 'close');
  await producer.close();
  await client.close();
}
process.once('SIGTERM', () => void shutDown());
// #endregion

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
for (const body of ['{ "id": 1, "euros": 20 }', '{ "id": 2, "euros": 30 }', 'not an order']) {
  const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
  console.log(response.status, response.ok ? await response.text() : 'refused');
}
process.emit('SIGTERM');
await once(server, 'close');
