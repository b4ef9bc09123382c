import { execFile } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { type AddressInfo, connect, createServer, type LookupFunction, type Server, type ServerOpts, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { KafkaError } from '../errors.ts';
import { SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { HandClock, turn } from '../scripted-transport.ts';
import type { TransportStream } from '../transport.ts';
import { StreamWitness } from './stream-witness.ts';
import { tcpTransport, type TcpTransportOptions } from './tcp-transport.ts';

describe('tcpTransport', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function listen(onSocket: (socket: Socket) => void, host = '127.0.0.1', port = 0, options: ServerOpts = {}): Promise<number> {
    const sockets = new Set<Socket>();
    const server: Server = createServer(options, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      onSocket(socket);
    });
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    await once(server.listen(port, host), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function open(
    options: TcpTransportOptions,
    host: string,
    port: number,
    signal = new AbortController().signal,
  ): Promise<{ stream: TransportStream; witness: StreamWitness }> {
    const witness = new StreamWitness();
    const stream = await tcpTransport(options).connect({ host, port }, witness, signal);
    cleanups.push(() => stream.destroy());
    return { stream, witness };
  }

  const failure = (options: TcpTransportOptions, host: string, port: number, signal?: AbortSignal): Promise<KafkaError> =>
    open(options, host, port, signal).then(
      () => Promise.reject(new Error('it connected')),
      (error: KafkaError) => error,
    );

  const resolvesTo =
    (...ips: string[]): LookupFunction =>
    (_host, _options, callback) =>
      callback(
        null,
        ips.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  /** A port whose queue of connections is full, so that it lets SYNs fall, as a firewall does. */
  async function blackHole(): Promise<number> {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         parentPort.postMessage(server.address().port);
         Atomics.wait(workerData, 0, 0); // at once: it is to let nobody in
       });`,
      { eval: true, workerData: new Int32Array(new SharedArrayBuffer(4)) },
    );
    cleanups.push(() => worker.terminate());
    const [port] = (await once(worker, 'message')) as [number];
    for (let i = 0; i < 2; i++) {
      const filler = connect(port, '127.0.0.1').on('error', () => {});
      cleanups.push(() => filler.destroy());
      await once(filler, 'connect');
    }
    return port;
  }

  /** Connections that are being tried. */
  const attempts = (): number => process.getActiveResourcesInfo().filter((name) => name.endsWith('ConnectWrap')).length;

  it('sends the chunks of a write in order, and reports what comes back', async () => {
    const port = await listen((socket) => socket.pipe(socket));
    const { stream, witness } = await open({}, '127.0.0.1', port);
    expect(stream.write([Buffer.from('one '), Buffer.from('two '), new Uint8Array([0x33])])).toBe(true);
    stream.write([Buffer.from(' four')]);
    await witness.until(() => witness.received.length === 14);
    expect(witness.received.toString()).toBe('one two 3 four');
  });

  it('C9: loses and reorders nothing when the bytes come one by one', async () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));
    const port = await listen((socket) => {
      socket.setNoDelay(true);
      const next = (i: number): void => void (i < bytes.length && socket.write(bytes.subarray(i, i + 1), () => next(i + 1)));
      next(0);
    });
    const { witness } = await open({}, '127.0.0.1', port);
    await witness.until(() => witness.received.length === bytes.length);
    expect(witness.received.equals(bytes)).toBe(true);
  });

  it('reports nothing before the caller holds the stream', async () => {
    const port = await listen((socket) => socket.end('SSH-2.0-server\r\n'));
    const witness = new StreamWitness();
    let holds = false;
    const heldAtFirstReport: boolean[] = [];
    const note = (): void => void heldAtFirstReport.push(holds);
    const events = {
      data: (chunk: Buffer) => (note(), witness.data(chunk)),
      drain: note,
      close: (error?: Error) => (note(), witness.close(error)),
    };
    await tcpTransport().connect({ host: '127.0.0.1', port }, events, new AbortController().signal);
    holds = true;
    await witness.until(() => witness.log.includes('close'));
    expect(heldAtFirstReport).not.toContain(false);
    expect(witness.received.toString()).toBe('SSH-2.0-server\r\n');
  });

  it('R3: write says false when the broker does not read, and drain says when it does; other streams do not notice', async () => {
    const paused: Socket[] = [];
    const slow = await listen((socket) => paused.push(socket.pause()));
    const quick = await listen((socket) => socket.resume());
    const { stream, witness } = await open({}, '127.0.0.1', slow);
    const { stream: other } = await open({}, '127.0.0.1', quick);
    const chunk = Buffer.alloc(64 * 1024);
    let sent = 0;
    // The system's own buffers fill first; a write that they take whole drains at once.
    for (;;) {
      const before = witness.log.length;
      sent++;
      if (stream.write([chunk])) continue;
      await turn();
      if (witness.log.length === before) break;
    }
    expect(sent).toBeGreaterThan(1);
    expect(other.write([Buffer.from('small')])).toBe(true);
    const drains = witness.log.length;
    paused[0]!.resume();
    await witness.until(() => witness.log.length > drains);
    expect(witness.log.at(-1)).toBe('drain');
    expect(stream.write([Buffer.from('small')])).toBe(true);
  });

  it('R3: the drain of the very first write is not lost', async () => {
    const port = await listen((socket) => socket.resume());
    const { stream, witness } = await open({}, '127.0.0.1', port);
    expect(stream.write([Buffer.alloc(1_000_000)])).toBe(false);
    await witness.until(() => witness.log.includes('drain'));
  });

  it("C8: the broker's half-close ends the stream, and a write after it is no error", async () => {
    const gone: Promise<unknown>[] = [];
    const port = await listen(
      (socket) => {
        gone.push(once(socket, 'close'));
        socket.resume().end('bye');
      },
      '127.0.0.1',
      0,
      { allowHalfOpen: true },
    );
    const { stream, witness } = await open({}, '127.0.0.1', port);
    await witness.until(() => witness.log.includes('close'));
    expect(witness.log).toEqual(['data', 'close']);
    expect(witness.error).toBeUndefined();
    expect(stream.write([Buffer.from('too late')])).toBe(true);
    await gone[0]; // our side lets go as well
    await turn();
    expect(witness.log).toEqual(['data', 'close']);
  });

  it("C8: the broker's half-close ends the stream also when it reads no longer and our bytes are stuck", async () => {
    const stuck: Socket[] = [];
    const port = await listen((socket) => stuck.push(socket.pause()), '127.0.0.1', 0, { allowHalfOpen: true });
    const { stream, witness } = await open({}, '127.0.0.1', port);
    stream.write([Buffer.alloc(32 * 1024 * 1024)]);
    while (stuck.length === 0) await turn();
    stuck[0]!.end();
    await witness.until(() => witness.log.includes('close'));
    expect(witness.log).toEqual(['close']);
  });

  it('a reset ends the stream once, with the address and the reason', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { stream, witness } = await open({}, '127.0.0.1', port);
    stream.write([Buffer.from('hello')]);
    await witness.until(() => witness.log.includes('close'));
    stream.write([Buffer.from('too late')]);
    await turn();
    expect(witness.log).toEqual(['close']);
    expect(witness.error).toBeInstanceOf(SocketDisconnectedError);
    expect(witness.error).toMatchObject({
      message: `127.0.0.1:${port}: the other side reset the connection (ECONNRESET)`,
      retriable: true,
      cause: { code: 'ECONNRESET' },
    });
  });

  it('reports nothing after destroy, though bytes are on their way', async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => {
      sockets.push(socket);
      socket.write('a');
    });
    const { stream, witness } = await open({}, '127.0.0.1', port);
    await witness.until(() => witness.log.length === 1);
    sockets[0]!.write(Buffer.alloc(1_000_000));
    stream.destroy();
    stream.destroy();
    await new Promise((resolve) => sockets[0]!.once('close', resolve));
    await turn();
    expect(witness.log).toEqual(['data']);
    expect(stream.write([Buffer.from('x')])).toBe(true);
  });

  describe('what a refusal says', () => {
    it('names the address and the reason in one line', async () => {
      const error = await failure({}, '127.0.0.1', 1);
      expect(error).toBeInstanceOf(SocketDisconnectedError);
      expect(error).toMatchObject({ message: '127.0.0.1:1: nothing listens there (ECONNREFUSED)', retriable: true });
    });

    it.each([
      ['ENOTFOUND', 'kafka.example:9092: the host name is unknown (ENOTFOUND)'],
      ['EAI_AGAIN', 'kafka.example:9092: the name server does not answer (EAI_AGAIN)'],
    ])('says what is wrong with a name: %s', async (code, message) => {
      const lookup: LookupFunction = (_host, _options, callback) => callback(Object.assign(new Error('no'), { code }), '');
      expect(await failure({ lookup }, 'kafka.example', 9092)).toMatchObject({ message, retriable: true, cause: { code } });
    });

    it('H13: a host or port that no broker can have is an error, not an exception', async () => {
      expect((await failure({}, '', 9092)).message).toBe(':9092: the host name is empty');
      expect((await failure({}, '127.0.0.1', 70_000)).message).toMatch(/^127\.0\.0\.1:70000: Port should be/);
      expect((await failure({}, '127.0.0.1', -1)).message).toMatch(/^127\.0\.0\.1:-1: Port should be/);
      expect((await failure({}, 'a\0b\n\x1b[31mc', 9092)).message).toMatch(/^a b \[31mc:9092: [\x20-\x7e]+$/);
      expect((await failure({ lookup: resolvesTo() }, 'kafka', 9092)).message).toBe('kafka:9092: the name has no address');
      expect((await failure({ lookup: resolvesTo('not an address') }, 'kafka', 9092)).message).toBe('kafka:9092: the name has no address');
    });

    it('R8: having no file descriptor left is an error that can be retried', async () => {
      // The child opens connections until the system says no.
      const script = `
        import { tcpTransport } from ${JSON.stringify(new URL('./tcp-transport.ts', import.meta.url).href)};
        import { createServer } from 'node:net';
        const server = createServer((socket) => socket.pause()).listen(0, '127.0.0.1', async () => {
          const transport = tcpTransport(), streams = [];
          const events = { data() {}, drain() {}, close() {} };
          try {
            for (;;) streams.push(await transport.connect({ host: '127.0.0.1', port: server.address().port }, events, new AbortController().signal));
          } catch (error) {
            process.stdout.write(JSON.stringify([error.name, error.message, error.retriable]), () => process.exit());
          }
        });`;
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        'ulimit -n 60; exec "$0" --no-warnings --input-type=module --eval "$1"',
        process.execPath,
        script,
      ]);
      const [name, message, retriable] = JSON.parse(stdout) as [string, string, boolean];
      expect(name).toBe('SocketDisconnectedError');
      expect(message).toMatch(/^127\.0\.0\.1:\d+: this process has too many open files \(EMFILE\)$/);
      expect(retriable).toBe(true);
    });
  });

  describe('C13: a name with several addresses', () => {
    it('tries the next when one refuses, and says nothing of it when that works', async () => {
      const port = await listen((socket) => socket.end(), '127.0.0.3');
      const lookup = resolvesTo('127.0.0.1', '127.0.0.2', '127.0.0.3');
      const { witness } = await open({ lookup, clock: new HandClock() }, 'kafka', port); // at once: no time passes
      await witness.until(() => witness.log.includes('close'));
      expect(witness.error).toBeUndefined();
    });

    it('tries the next beside one that does not answer', async () => {
      const port = await blackHole();
      await listen((socket) => socket.end('alive'), '127.0.0.2', port);
      const clock = new HandClock();
      const opening = open({ lookup: resolvesTo('127.0.0.1', '127.0.0.2'), clock }, 'kafka', port);
      await clock.advance(249);
      await clock.advance(1);
      const { witness } = await opening;
      await witness.until(() => witness.log.includes('close'));
      expect(witness.received.toString()).toBe('alive');
      expect(clock.pending).toBe(0);
      await turn();
      expect(attempts()).toBe(0);
    });

    it('tries one that took the connection and said nothing behind the others the next time', async () => {
      const seen: string[] = [];
      const port = await listen((socket) => {
        seen.push(socket.localAddress!);
        if (socket.localAddress === '127.0.0.2') socket.write('alive');
      }, '0.0.0.0');
      const transport = tcpTransport({ lookup: resolvesTo('127.0.0.1', '127.0.0.2') });
      for (const isAlive of [false, true, true]) {
        const witness = new StreamWitness();
        const stream = await transport.connect({ host: 'kafka', port }, witness, new AbortController().signal);
        if (isAlive) await witness.until(() => witness.log.includes('data'));
        stream.destroy();
        await turn();
      }
      expect(seen).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.2']);
    });

    it('tries one that stalled in the TLS handshake behind the others the next time', async () => {
      const seen: string[] = [];
      const port = await listen((socket) => {
        seen.push(socket.localAddress!);
        if (socket.localAddress === '127.0.0.2') socket.destroy();
      }, '0.0.0.0');
      const clock = new HandClock();
      const transport = tcpTransport({ lookup: resolvesTo('127.0.0.1', '127.0.0.2'), ssl: true, clock });
      const connect = () => transport.connect({ host: 'kafka', port }, new StreamWitness(), new AbortController().signal);
      const stalled = expect(connect()).rejects.toThrow(TimeoutError);
      while (seen.length === 0) await turn();
      await clock.advance(10_000);
      await stalled;
      await expect(connect()).rejects.toThrow(SocketDisconnectedError);
      expect(seen).toEqual(['127.0.0.1', '127.0.0.2']);
    });

    it('names each address and why it failed', async () => {
      const lookup = resolvesTo('127.0.0.1', '127.0.0.2');
      const same = await failure({ lookup }, 'kafka', 1);
      expect(same.message).toBe('kafka:1: nothing listens there (ECONNREFUSED), at 127.0.0.1, 127.0.0.2');
      const different = await failure({ lookup: resolvesTo('127.0.0.1', '255.255.255.255') }, 'kafka', 1);
      expect(different.message).toMatch(/^kafka:1: 127\.0\.0\.1: nothing listens there \(ECONNREFUSED\); 255\.255\.255\.255: .+/);
    });

    it('asks for the name anew for each connection', async () => {
      const seen: string[] = [];
      const port = await listen((socket) => seen.push(socket.localAddress!), '0.0.0.0');
      const answers = ['127.0.0.1', '127.0.0.2'];
      const lookup: LookupFunction = (host, options, callback) => resolvesTo(answers.shift()!)(host, options, callback);
      const transport = tcpTransport({ lookup });
      for (let i = 0; i < 2; i++) {
        const stream = await transport.connect({ host: 'kafka', port }, new StreamWitness(), new AbortController().signal);
        cleanups.push(() => stream.destroy());
      }
      expect(seen).toEqual(['127.0.0.1', '127.0.0.2']);
    });

    it('takes a lookup that gives one address only', async () => {
      const port = await listen((socket) => socket.end());
      const lookup: LookupFunction = (_host, _options, callback) => callback(null, '127.0.0.1', 4);
      await open({ lookup }, 'kafka', port);
    });

    it.each(['::1', '[::1]'])('takes the IPv6 literal %s without a lookup', async (host) => {
      const port = await listen((socket) => socket.end(), '::1');
      const lookup: LookupFunction = () => expect.unreachable();
      await open({ lookup }, host, port);
    });
  });

  describe('C3: the whole attempt has one deadline', () => {
    it('gives up on an address that lets SYNs fall', async () => {
      const port = await blackHole();
      const clock = new HandClock();
      const failing = failure({ clock }, '127.0.0.1', port);
      await clock.advance(10_000);
      const error = await failing;
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({
        message: `127.0.0.1:${port}: no connection within 10000 ms (connecting to 127.0.0.1)`,
        retriable: true,
      });
      expect(clock.pending).toBe(0);
      await turn();
      expect(attempts()).toBe(0);
    });

    it('gives up on a name server that does not answer, and ignores its late answer', async () => {
      const clock = new HandClock();
      let answer: (() => void) | undefined;
      const lookup: LookupFunction = (_host, _options, callback) => (answer = () => callback(null, '127.0.0.1', 4));
      const failing = failure({ clock, lookup, connectTimeoutMs: 500 }, 'kafka', 9092);
      await clock.advance(500);
      expect((await failing).message).toBe('kafka:9092: no connection within 500 ms (resolving the name)');
      answer!();
      await turn();
      expect(clock.pending).toBe(0);
    });

    it('an aborted signal gives up at once, with its reason, and leaves no timer and no listener', async () => {
      const port = await blackHole();
      const clock = new HandClock();
      const controller = new AbortController();
      const reason = new Error('enough');
      const failing = failure({ clock }, '127.0.0.1', port, controller.signal);
      await turn();
      controller.abort(reason);
      expect(await failing).toBe(reason);
      expect(await failure({ clock }, '127.0.0.1', port, controller.signal)).toBe(reason);
      expect(clock.pending).toBe(0);
      await turn();
      expect(attempts()).toBe(0);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });
  });

  it('R5: a thousand connections leave nothing behind', async () => {
    const port = await listen((socket) => socket.resume());
    const { signal } = new AbortController();
    const transport = tcpTransport();
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'Timeout').length;
    const before = sockets();
    for (let i = 0; i < 1000; i++) {
      const stream = await transport.connect({ host: '127.0.0.1', port }, new StreamWitness(), signal);
      stream.write([Buffer.from('x')]);
      stream.destroy();
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    while (sockets() > before) await turn(); // the server's ends go as it notices
  });

  it('refuses a wrong option by its name', () => {
    expect(() => tcpTransport({ connectTimeoutMs: 0 })).toThrow(RangeError);
    expect(() => tcpTransport({ keepAlve: true } as never)).toThrow(/has no option 'keepAlve'; did you mean 'keepAlive'/);
  });
});
