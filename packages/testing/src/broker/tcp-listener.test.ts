import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { apis, decodeResponse, encodeRequest, Reader } from '@tskafka/core/protocol';
import { TestAuthority } from '@tskafka/test-certificates';
import { describe, expect, it } from 'vitest';
import { FrameAssembler } from './frame-assembler.ts';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';

/** Asks one broker for metadata over a socket. */
async function metadataOver(socket: Socket) {
  socket.write(Buffer.concat(encodeRequest(apis.metadata, 12, 1, 'test', { topics: [{ name: 'orders' }] })));
  const frames = new FrameAssembler(1_000_000);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const [frame] = frames.push(chunk);
    if (frame === undefined) continue;
    const r = new Reader(frame);
    r.int32();
    return decodeResponse(apis.metadata, 12, r);
  }
  throw new Error('the connection ended');
}

async function open(address: string): Promise<Socket> {
  const [host, port] = address.split(':') as [string, string];
  const socket = connectTcp(Number(port), host);
  await once(socket, 'connect');
  // Whoever is interested in how it breaks listens as well.
  socket.on('error', () => {});
  return socket;
}

describe('over TCP', () => {
  it('each way in is told its own addresses', async () => {
    await using cluster = await MockCluster.start({ brokers: 2, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const socket = await open(brokers[1]!);
    const overTcp = await metadataOver(socket);
    socket.destroy();
    expect(brokers).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/), expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    expect(overTcp.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(brokers);
    const inProcess = await (await connect(cluster)).send(apis.metadata, 12, { topics: [] });
    expect(inProcess.brokers.map(({ host }) => host)).toEqual(['mock-1', 'mock-2']);
  });

  it('a broker that is down refuses, and is back at its old port', async () => {
    await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const socket = await open(brokers[0]!);
    await cluster.broker(1).down();
    await closed(socket);
    await expect(open(brokers[0]!)).rejects.toThrow(/ECONNREFUSED/);
    await cluster.broker(1).up();
    const again = await open(brokers[0]!);
    expect((await metadataOver(again)).topics[0]!.errorCode).toBe(0);
    again.destroy();
  });

  it('refuse lets the open connection be', async () => {
    await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const socket = await open(brokers[0]!);
    await metadataOver(socket);
    const refused = await cluster.broker(1).refuse();
    await expect(open(brokers[0]!)).rejects.toThrow(/ECONNREFUSED/);
    await metadataOver(socket);
    await refused.stop();
    (await open(brokers[0]!)).destroy();
    socket.destroy();
  });

  it('a broken connection is reset, a closed one ended', async () => {
    await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const [reset, ended] = [await open(brokers[0]!), await open(brokers[0]!)];
    await metadataOver(reset);
    await metadataOver(ended);
    const error = once(reset, 'error');
    cluster.broker(1).dropConnections();
    expect(await error).toMatchObject([{ code: 'ECONNRESET' }]);
    const third = await open(brokers[0]!);
    await metadataOver(third);
    third.resume();
    cluster.broker(1).closeConnections();
    await once(third, 'end');
  });

  it('a connection that is half closed can be dropped all the same, and leaves no handle', async () => {
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const socket = await open(brokers[0]!);
    socket.resume();
    await metadataOver(socket);
    const closed = once(socket, 'close');
    cluster.broker(1).halfClose();
    // Node ends its side of the socket two steps later, and not at once.
    await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(resolve)));
    cluster.broker(1).dropConnections();
    await closed;
    await cluster.close();
    expect(await openHandles()).toBe(0);
  });

  it('a new broker gets a port, and close leaves none', async () => {
    const cluster = await MockCluster.start({ brokers: 1 });
    const { brokers } = await cluster.listen();
    await cluster.addBroker({ id: 2 });
    const socket = await open(brokers[0]!);
    const { brokers: told } = await metadataOver(socket);
    const second = told.find(({ nodeId }) => nodeId === 2)!;
    (await open(`${second.host}:${second.port}`)).destroy();
    await cluster.close();
    await expect(open(brokers[0]!)).rejects.toThrow(/ECONNREFUSED/);
    await expect(cluster.listen()).rejects.toThrow(/closed/);
  });

  it('leaves nothing that keeps the process alive', async () => {
    expect(await openHandles()).toBe(0);
    const cluster = await MockCluster.start({ brokers: 3, topics: { orders: 1 } });
    const { brokers } = await cluster.listen();
    const socket = await open(brokers[0]!);
    const idle = await open(brokers[1]!);
    await metadataOver(socket);
    await cluster.close();
    await Promise.all([closed(socket), closed(idle)]);
    expect(await openHandles()).toBe(0);
  });
});

/** Sockets and servers of this process, once those that are closing are gone. */
async function openHandles(): Promise<number> {
  let count = Infinity;
  for (let attempt = 0; attempt < 1000 && count > 0; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    count = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
  }
  return count;
}

function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));
}

it('over TLS', async () => {
  const authority = new TestAuthority('mock');
  await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
  const { brokers } = await cluster.listen({ tls: authority.issue('localhost', { names: 'IP:127.0.0.1' }) });
  const [host, port] = brokers[0]!.split(':') as [string, string];
  const socket = connectTls({ host, port: Number(port), ca: authority.ca });
  await once(socket, 'secureConnect');
  expect((await metadataOver(socket)).topics[0]!.errorCode).toBe(0);
  // One who does not know TLS is cut off, and harms nobody.
  const plain = await open(brokers[0]!);
  plain.write('no TLS');
  plain.resume();
  await once(plain, 'close');
  socket.destroy();
});
