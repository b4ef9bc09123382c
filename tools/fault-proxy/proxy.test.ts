import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiName, apiKeys } from './api-keys.ts';
import { FrameCutter } from './frames.ts';
import { FaultProxy } from './proxy.ts';

/** A peer that remembers the correlation ids of what it was asked, and answers each request with its correlation id. */
class Peer {
  readonly asked: number[] = [];
  readonly #server: Server = createServer((socket) => {
    const frames = new FrameCutter();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) {
        this.asked.push(frame.readInt32BE(8));
        socket.write(Buffer.concat([Buffer.from([0, 0, 0, 4]), frame.subarray(8, 12)]));
      }
    });
  });

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}

/** A client that collects the correlation ids of its answers, and how its connection ended. */
class Client {
  readonly answers: number[] = [];
  /** The error's code, or 'end' when the other side has closed in good order. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  #chunks = 0;
  #onAnswer = (): void => {};

  constructor(port: number) {
    const frames = new FrameCutter();
    this.#socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#chunks++;
      for (const frame of frames.push(chunk)) this.answers.push(frame.readInt32BE(4));
      this.#onAnswer();
    });
    this.ended = new Promise((resolve) => {
      this.#socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
      this.#socket.on('end', () => resolve('end'));
    });
  }

  get chunks(): number {
    return this.#chunks;
  }

  ask(api: ApiName, correlationId: number, version = 0): void {
    const request = Buffer.alloc(14);
    request.writeInt32BE(10, 0);
    request.writeInt16BE(apiKeys[api], 4);
    request.writeInt16BE(version, 6);
    request.writeInt32BE(correlationId, 8);
    this.#socket.write(request);
  }

  async answered(count: number): Promise<number[]> {
    while (this.answers.length < count) await new Promise<void>((resolve) => (this.#onAnswer = resolve));
    return this.answers;
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe('the fault proxy', () => {
  let peer: Peer;
  let proxy: FaultProxy;
  let port: number;
  let clients: Client[];

  /** A port that was free a moment ago. */
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: free } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return free;
  }

  function client(): Client {
    const made = new Client(port);
    clients.push(made);
    return made;
  }

  beforeEach(async () => {
    clients = [];
    peer = new Peer();
    port = await freePort();
    proxy = await FaultProxy.start([{ node: 1, port, target: await peer.listen() }], { random: () => 0.5 });
  });
  afterEach(async () => {
    for (const each of clients) each.close();
    await proxy.close();
    peer.close();
  });

  it('hands everything on, in order, while nothing is wrong', async () => {
    const one = client();
    for (let id = 1; id <= 5; id++) one.ask('Produce', id);
    expect(await one.answered(5)).toEqual([1, 2, 3, 4, 5]);
  });

  it('dropRequest breaks the connection before the broker has seen the request, and strikes no other API', async () => {
    const one = client();
    const strike = proxy.dropRequest('Produce');
    one.ask('Metadata', 1);
    await one.answered(1);
    one.ask('Produce', 2);
    expect(await one.ended).toBe('ECONNRESET');
    expect([peer.asked, one.answers, strike.count]).toEqual([[1], [1], 1]);
  });

  it('dropResponse breaks the connection when the broker has done what was asked, and then lets the next one through', async () => {
    const one = client();
    const strike = proxy.dropResponse('Produce');
    one.ask('Produce', 1);
    expect(await one.ended).toBe('ECONNRESET');
    expect([peer.asked, one.answers, strike.count]).toEqual([[1], [], 1]);
    const other = client();
    other.ask('Produce', 2);
    expect(await other.answered(1)).toEqual([2]);
  });

  it('a strike for another node, and one that was stopped, do nothing', async () => {
    proxy.dropRequest('Produce', { node: 2 });
    proxy.dropRequest('Produce').stop();
    const one = client();
    one.ask('Produce', 1);
    expect(await one.answered(1)).toEqual([1]);
  });

  it('delayResponse holds back an answer, and those behind it on its connection', async () => {
    proxy.delayResponse('Produce', 100);
    const one = client();
    const began = performance.now();
    one.ask('Produce', 1);
    one.ask('Metadata', 2);
    expect(await one.answered(2)).toEqual([1, 2]);
    expect(performance.now() - began).toBeGreaterThan(95);
  });

  it('rewriteRequest and rewriteResponse hand on what they make of a frame, and know its version', async () => {
    const one = client();
    const versions: number[] = [];
    const add = (by: number, at: number) => (frame: Buffer, version: number) => {
      versions.push(version);
      const other = Buffer.from(frame);
      other.writeInt32BE(frame.readInt32BE(at) + by, at);
      return other;
    };
    proxy.rewriteRequest('Produce', add(10, 8));
    proxy.rewriteResponse('Metadata', add(200, 4));
    one.ask('Produce', 1);
    one.ask('Metadata', 2, 7);
    one.ask('Metadata', 3);
    expect(await one.answered(3)).toEqual([11, 202, 3]);
    expect([peer.asked, versions]).toEqual([[11, 2, 3], [0, 7]]); // prettier-ignore
  });

  it('a port that is free is chosen, told, and the same again after a fault', async () => {
    await using other = await FaultProxy.start([{ node: 1, port: 0, target: await freePort() }]);
    const chosen = other.port(1);
    expect(chosen).toBeGreaterThan(0);
    other.refuse()();
    expect(other.port(1)).toBe(chosen);
  });

  it.each([
    ['rst', 'ECONNRESET'],
    ['fin', 'end'],
    ['halfClose', 'end'],
  ] as const)('%s ends open connections: %s', async (verb, ending) => {
    const one = client();
    one.ask('Metadata', 1);
    await one.answered(1);
    proxy[verb]();
    expect(await one.ended).toBe(ending);
  });

  it('after a half-close, what the client says still arrives', async () => {
    const one = client();
    one.ask('Metadata', 1);
    await one.answered(1);
    proxy.halfClose();
    await one.ended;
    one.ask('Metadata', 2);
    await expect.poll(() => peer.asked).toEqual([1, 2]);
  });

  it('refuse breaks connections and takes no new ones until it ends', async () => {
    const one = client();
    one.ask('Metadata', 1);
    await one.answered(1);
    const end = proxy.refuse(1);
    expect(await one.ended).toBe('ECONNRESET');
    expect(await client().ended).toBe('ECONNREFUSED');
    end();
    const other = client();
    other.ask('Metadata', 2);
    expect(await other.answered(1)).toEqual([2]);
  });

  it('a black hole holds the bytes of its direction, which arrive when it ends', async () => {
    const one = client();
    const end = proxy.blackhole('down');
    one.ask('Produce', 1);
    await expect.poll(() => peer.asked).toEqual([1]);
    expect(one.answers).toEqual([]);
    const endUp = proxy.blackhole('up');
    one.ask('Produce', 2);
    end();
    expect(await one.answered(1)).toEqual([1]);
    expect(peer.asked).toEqual([1]);
    endUp();
    expect(await one.answered(2)).toEqual([1, 2]);
  });

  it('slices, a slow line and latency change when bytes arrive, and nothing else', async () => {
    proxy.slice(1);
    proxy.latency(20, 20);
    const one = client();
    const began = performance.now();
    one.ask('Produce', 1);
    expect(await one.answered(1)).toEqual([1]);
    expect(performance.now() - began).toBeGreaterThan(55);
    expect(one.chunks).toBeGreaterThan(1);
    proxy.calm();
    const end = proxy.rate(200);
    const slow = performance.now();
    one.ask('Produce', 2);
    expect(await one.answered(2)).toEqual([1, 2]);
    expect(performance.now() - slow).toBeGreaterThan(45);
    end();
  });

  it('calm ends every fault', async () => {
    proxy.refuse();
    proxy.blackhole('both');
    proxy.dropRequest('Produce', { times: 9 });
    proxy.calm();
    const one = client();
    one.ask('Produce', 1);
    expect(await one.answered(1)).toEqual([1]);
  });
});
