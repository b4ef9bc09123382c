import { createServer, type Server } from 'node:net';
import { KafkaClient } from '@tskafka/core';
import { TestAuthority } from '@tskafka/test-certificates';
import { MockCluster } from '@tskafka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What a user sees who has something wrong: one error, that says what and where, soon. */
describe('bad input', () => {
  let cluster: MockCluster;
  let plain: string;
  let tls: string;
  let web: Server;
  const authority = new TestAuthority('test-ca');

  beforeAll(async () => {
    cluster = await MockCluster.start({ brokers: 1, autoCreateTopics: false });
    plain = (await cluster.listen()).brokers.join(',');
    tls = (await cluster.listen({ tls: authority.issue('broker', { names: 'IP:127.0.0.1' }) })).brokers.join(',');
    web = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    web?.close();
    await cluster?.close();
  });

  const connect = (options: object) => KafkaClient.connect({ unavailableTimeoutMs: 300, ...options } as never);
  const webPort = () => (web.address() as { port: number }).port;

  it('an unknown host', async () => {
    const error = connect({ brokers: 'no-such-host.invalid:9092' });
    await expect(error).rejects.toThrow('no broker is available; no-such-host.invalid:9092: the host name is unknown (ENOTFOUND)');
    await expect(error).rejects.toMatchObject({ name: 'NoBrokersAvailableError' });
  });

  it('a port where nobody listens', async () => {
    const error = connect({ brokers: '127.0.0.1:1' });
    await expect(error).rejects.toThrow('no broker is available; 127.0.0.1:1: nothing listens there (ECONNREFUSED)');
  });

  it('H4: a port of another server', async () => {
    await expect(connect({ brokers: `127.0.0.1:${webPort()}` })).rejects.toThrow(/does not speak Kafka: .*HTTP/);
  });

  it('A8: a TLS port without ssl', async () => {
    await expect(connect({ brokers: tls })).rejects.toThrow(/TLS port.*set ssl/);
  });

  it('A8: a plain port with ssl', async () => {
    await expect(connect({ brokers: plain, ssl: { ca: authority.ca } })).rejects.toThrow(/does this port speak TLS\?/);
  });

  it('A7: a certificate of an authority that is not trusted', async () => {
    await expect(connect({ brokers: tls, ssl: true })).rejects.toThrow(/certificate/);
    await using client = await connect({ brokers: tls, ssl: { ca: authority.ca } });
    expect(client.brokers).toHaveLength(1);
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('A1: a wrong password (%s)', async (mechanism) => {
    await using guarded = await MockCluster.start({ brokers: 1, sasl: { users: { alice: 'right' } } });
    const sasl = (password: string) => ({ mechanism, username: 'alice', password });
    const options = { brokers: guarded.brokers, transport: guarded.transport };
    const error = await connect({ ...options, sasl: sasl('hunter2') }).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ name: 'AuthenticationError', retriable: false });
    expect((error as Error).message).toMatch(/refused the SASL .* login/);
    expect((error as Error).stack).not.toContain('hunter2');
    await using client = await connect({ ...options, sasl: sasl('right') });
    expect(client.brokers).toHaveLength(1);
  });

  it('A2: a mechanism that the broker does not offer', async () => {
    await using guarded = await MockCluster.start({ brokers: 1, sasl: { users: { alice: 'right' }, mechanisms: ['PLAIN'] } });
    const sasl = { mechanism: 'scram-sha-256', username: 'alice', password: 'right' };
    const error = connect({ brokers: guarded.brokers, transport: guarded.transport, sasl });
    await expect(error).rejects.toThrow('does not offer the SASL mechanism SCRAM-SHA-256: it offers PLAIN');
  });

  it('no login where one is needed', async () => {
    await using guarded = await MockCluster.start({ brokers: 1, sasl: { users: { alice: 'right' } } });
    await expect(connect({ brokers: guarded.brokers, transport: guarded.transport })).rejects.toThrow(
      /does it want a login\? then set sasl/,
    );
  });

  it('an unknown topic', async () => {
    await using client = await connect({ brokers: plain, topicTimeoutMs: 100 });
    await expect(client.topic('nope').partitions()).rejects.toThrow("topic 'nope' does not exist: UNKNOWN_TOPIC_OR_PARTITION (3)");
  });

  it.each([
    [{ brokers: 'a:9092', clientID: 'x' }, "KafkaClient has no option 'clientID'; did you mean 'clientId'?"],
    [{ brokers: 'a:9092', requestTimeoutMs: -1 }, 'requestTimeoutMs must be a number of milliseconds above 0, not -1'],
    [{ brokers: 'localhost' }, "'localhost' is not the address of a broker: use 'host:port'"],
    [{}, "brokers must be 'host:port,host:port' or a list of 'host:port', not undefined"],
  ])('an option that is wrong: %o', async (options, message) => {
    await expect(KafkaClient.connect(options as never)).rejects.toThrow(message);
  });
});
