import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import { KafkaClient, tcpTransport } from '@tskafka/core';
import { TestAuthority } from '@tskafka/test-certificates';
import { MockCluster, type ListenOptions } from '@tskafka/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

/** What names, cut handshakes and certificates do to a client of the mock over TCP, in real time. */

/** A cluster of one broker; gives it and its port. */
async function listen(options?: ListenOptions): Promise<{ cluster: MockCluster; port: number }> {
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 3 } });
  onTestFinished(() => cluster.close());
  const { brokers } = await cluster.listen(options);
  return { cluster, port: Number(brokers[0]!.split(':')[1]) };
}

/** Passes connections on to the port: each of the first ones only as far as the broker's bytes of its limit, after which it is reset or left alone. */
async function cutting(port: number, limits: readonly { readonly bytes: number; readonly then: 'reset' | 'stall' }[]) {
  const sockets = new Set<Socket>();
  const proxy = { port: 0, taken: 0 };
  const server = createServer((near) => {
    const limit = limits[proxy.taken++];
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far);
    if (limit === undefined) return void far.pipe(near);
    let passed = 0;
    far.on('data', (chunk) => {
      const part = chunk.subarray(0, limit.bytes - passed);
      passed += part.length;
      near.write(part, () => {
        if (passed === limit.bytes && limit.then === 'reset') near.resetAndDestroy();
      });
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}

it('C13: a name is looked up anew for each client, and the next address is tried when the first is dead', async () => {
  const { cluster, port } = await listen();
  const asked: string[] = [];
  const answers = [['127.0.0.9', '127.0.0.1'], ['127.0.0.1']];
  const lookup: LookupFunction = (host, _, callback) => {
    callback(
      null,
      answers[asked.push(host) - 1]!.map((address) => ({ address, family: 4 })),
    );
  };
  const transport = tcpTransport({ lookup });
  for (const _ of answers) {
    await using client = await KafkaClient.connect({ brokers: `kafka.test:${port}`, transport });
    expect(await client.topic('orders').partitions()).toHaveLength(3);
  }
  expect(asked).toEqual(['kafka.test', 'kafka.test']);
  expect(cluster.requests({ api: 'Metadata' }).length).toBeGreaterThanOrEqual(2);
});

describe('a certificate', () => {
  const authority = new TestAuthority('authority of the mock');
  const tls = authority.issue('broker', { names: 'IP:127.0.0.1' });
  const ssl = { ca: authority.ca };

  it('A9: a handshake that is cut at any byte, or stalls half way, is given up, and made anew', async () => {
    const { port } = await listen({ tls });
    const limits = [0, 1, 5, 100, 700, 1200].map((bytes) => ({ bytes, then: 'reset' as const }));
    const proxy = await cutting(port, [...limits, { bytes: 100, then: 'stall' }]);
    const backoff = { retryBackoffMs: 1, retryBackoffMaxMs: 5, reconnectBackoffMs: 1, reconnectBackoffMaxMs: 5 };
    const brokers = `127.0.0.1:${proxy.port}`;
    await using client = await KafkaClient.connect({ brokers, ssl, connectionSetupTimeoutMs: 500, ...backoff });
    expect(await client.topic('orders').partitions()).toHaveLength(3);
    expect(proxy.taken).toBe(limits.length + 2);
  });

  it('A10: a key that the passphrase does not open is an error before anybody is asked; the right one opens it', async () => {
    const { cluster, port } = await listen({ tls: { ...tls, ca: authority.ca, requestCert: true, rejectUnauthorized: true } });
    const own = authority.issue('shop', { passphrase: 'open sesame' });
    const connected = (passphrase?: string): Promise<KafkaClient> =>
      KafkaClient.connect({ brokers: `127.0.0.1:${port}`, ssl: { ...ssl, ...own, ...(passphrase !== undefined && { passphrase }) } });
    await expect(connected('open barley')).rejects.toThrow('ssl: the passphrase does not open the private key');
    await expect(connected()).rejects.toThrow('ssl: the private key is encrypted, and there is no passphrase');
    expect(cluster.requests()).toEqual([]);
    await using client = await connected('open sesame');
    expect(await client.topic('orders').partitions()).toHaveLength(3);
  });
});
