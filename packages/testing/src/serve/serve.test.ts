import { createServer, type AddressInfo } from 'node:net';
import { apis } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { tcpTransport } from '../target/tcp-transport.ts';
import { TestClient } from '../test-client.ts';
import { serve } from './serve.ts';

describe('serve', () => {
  it('serves brokers and topics on ports of this machine', async () => {
    await using served = await serve({ brokers: 2, topics: ['orders:3', 'logs'] });
    expect(served.brokers).toHaveLength(2);
    const client = await TestClient.connect(tcpTransport, served.brokers[1]!);
    const answer = await client.send(apis.metadata, 9, { topics: null, allowAutoTopicCreation: false });
    expect(answer.topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([['orders', 3], ['logs', 1]]); // prettier-ignore
    expect(answer.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(served.brokers);
    client.close();
  });

  it.each(['', 'orders:', 'orders:0', 'a:b', ':3', 'a:1:2'])("refuses the topic '%s'", async (topic) => {
    await expect(serve({ topics: [topic] })).rejects.toThrow(`'${topic}' is not a topic`);
  });

  it('says that a port is taken, and leaves nothing open', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(serve({ port })).rejects.toThrow('EADDRINUSE');
    server.close();
  });
});
