import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import tls, { createServer as createTlsServer, type TlsOptions as TlsServerOptions, type TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaError } from '../errors.ts';
import { AuthenticationError, ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { HandClock, turn } from '../scripted-transport.ts';
import type { TransportStream } from '../transport.ts';
import { StreamWitness } from './stream-witness.ts';
import { tcpTransport, type SslOptions, type TcpTransportOptions } from './tcp-transport.ts';
import { TestAuthority, type TestCertificate } from '@tskafka/test-certificates';

let authority: TestAuthority;
let stranger: TestAuthority;
let broker: TestCertificate;
let client: TestCertificate;

beforeAll(() => {
  authority = new TestAuthority('test authority');
  stranger = new TestAuthority('another authority');
  broker = authority.issue('broker', { names: 'DNS:kafka.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1' });
  client = authority.issue('client');
});

describe('tcpTransport with ssl', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    await once(server.listen(0), 'listening');
    return (server.address() as AddressInfo).port;
  }

  const listenPlain = (onSocket: (socket: Socket) => void): Promise<number> => listen(createTcpServer(onSocket));

  const listenTls = (options: TlsServerOptions = {}, onSocket: (socket: TLSSocket) => void = () => {}): Promise<number> => {
    const server = createTlsServer({ ...broker, ...options }, (socket) => onSocket(socket.on('error', () => {})));
    return listen(server.on('tlsClientError', () => {}));
  };

  /** Every name is this machine; `host` is what the client believes. */
  async function open(
    ssl: SslOptions | boolean,
    host: string,
    port: number,
    more: TcpTransportOptions = {},
  ): Promise<{ stream: TransportStream; witness: StreamWitness }> {
    const witness = new StreamWitness();
    const transport = tcpTransport({ ssl, lookup: (_host, _options, callback) => callback(null, '127.0.0.1', 4), ...more });
    const stream = await transport.connect({ host, port }, witness, new AbortController().signal);
    cleanups.push(() => stream.destroy());
    return { stream, witness };
  }

  const failure = (...args: Parameters<typeof open>): Promise<KafkaError> =>
    open(...args).then(
      () => Promise.reject(new Error('it connected')),
      (error: KafkaError) => error,
    );

  it('carries bytes both ways', async () => {
    const port = await listenTls({}, (socket) => socket.pipe(socket));
    const { stream, witness } = await open({ ca: authority.ca }, 'kafka.test', port);
    stream.write([Buffer.from('one '), Buffer.from('two')]);
    await witness.until(() => witness.received.length === 7);
    expect(witness.received.toString()).toBe('one two');
  });

  it('reports nothing before the caller holds the stream, though the first bytes come with the end of the handshake', async () => {
    let greeted = false;
    const target = await listenTls({ maxVersion: 'TLSv1.2' }, (socket) => socket.write('hello', () => (greeted = true)));
    const port = await listenPlain((near) => {
      const far = connect(target, '127.0.0.1').on('error', () => {});
      cleanups.push(() => far.destroy());
      let flights = 0;
      const last: Buffer[] = [];
      near.on('data', (chunk) => {
        flights++;
        far.write(chunk);
      });
      // The last flight is held until the greeting is there too, so that both arrive as one.
      far.on('data', (chunk) => {
        if (flights < 2) return near.write(chunk);
        last.push(chunk);
        return greeted && near.write(Buffer.concat(last.splice(0)));
      });
    });
    const witness = new StreamWitness();
    const transport = tcpTransport({ ssl: { ca: authority.ca } });
    let holds = false;
    const heldAtData = new Promise<boolean>((resolve) => {
      const data = (chunk: Buffer): void => {
        witness.data(chunk);
        resolve(holds);
      };
      void transport
        .connect({ host: '127.0.0.1', port }, { data, drain() {}, close() {} }, new AbortController().signal)
        .then((stream) => cleanups.push(() => stream.destroy()))
        .then(() => (holds = true));
    });
    expect(await heldAtData).toBe(true);
    expect(witness.received.toString()).toBe('hello');
  });

  describe('A7: verifies the broker', () => {
    it.each([
      ['ssl: true', true],
      ['ssl: {}', {}],
      ['undefined options', { rejectUnauthorized: undefined, ca: undefined, minVersion: undefined }],
      ["another authority's ca", 'stranger'],
    ] as const)('an unknown authority is refused with %s', async (_, ssl) => {
      const port = await listenTls();
      const error = await failure(ssl === 'stranger' ? { ca: stranger.ca } : ssl, 'kafka.test', port);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toMatch(/^kafka\.test:\d+: the broker's certificate is not signed by a known CA: set ssl\.ca \([A-Z_]+\)$/);
      expect(error.retriable).toBe(false);
    });

    it('an unknown authority is refused though the environment says otherwise', async () => {
      const port = await listenTls();
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        expect(await failure({}, 'kafka.test', port)).toBeInstanceOf(AuthenticationError);
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    });

    it('an expired certificate is refused', async () => {
      const port = await listenTls(authority.issue('old', { names: 'DNS:kafka.test', days: -1 }));
      const error = await failure({ ca: authority.ca }, 'kafka.test', port);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toBe(`kafka.test:${port}: the broker's certificate has expired (CERT_HAS_EXPIRED)`);
    });

    it('a certificate for another name is refused, and both names are told', async () => {
      const port = await listenTls();
      const error = await failure({ ca: authority.ca }, 'evil.test', port);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toBe(
        `evil.test:${port}: the broker's certificate is for DNS:kafka.test, DNS:*.wild.test, IP Address:127.0.0.1, ` +
          'IP Address:0:0:0:0:0:0:0:1, not for evil.test (ERR_TLS_CERT_ALTNAME_INVALID)',
      );
    });

    it.each(['kafka.test', 'b1.wild.test', '127.0.0.1', '::1', '[::1]', 'kafka.test.'])('%s is in the certificate', async (host) => {
      const port = await listenTls();
      await open({ ca: authority.ca }, host, port);
    });

    it('an address is not in a certificate for names, though its common name says so', async () => {
      const port = await listenTls(authority.issue('127.0.0.1', { names: 'DNS:kafka.test' }));
      expect((await failure({ ca: authority.ca }, '127.0.0.1', port)).message).toContain('is for DNS:kafka.test, not for 127.0.0.1');
    });

    it.each([
      ['kafka.test', 'kafka.test'],
      ['kafka.test.', 'kafka.test'],
      ['127.0.0.1', false],
      ['::1', false],
    ])('the server name that %s sends is %s', async (host, expected) => {
      const seen: unknown[] = [];
      const port = await listenTls({}, (socket) => seen.push(socket.servername));
      await open({ ca: authority.ca }, host, port);
      while (seen.length === 0) await turn();
      expect(seen).toEqual([expected]);
    });

    it('ssl.servername replaces the host, for the server and in the check', async () => {
      const seen: unknown[] = [];
      const port = await listenTls({}, (socket) => seen.push(socket.servername));
      await open({ ca: authority.ca, servername: 'kafka.test' }, 'tunnel', port);
      while (seen.length === 0) await turn();
      expect(seen).toEqual(['kafka.test']);
    });

    it("the user's own check decides", async () => {
      const port = await listenTls();
      await open({ ca: authority.ca, checkServerIdentity: () => undefined }, 'other.test', port);
      const no = { ca: authority.ca, checkServerIdentity: () => new Error('not in the list of pins') };
      expect((await failure(no, 'kafka.test', port)).message).toBe(`kafka.test:${port}: not in the list of pins`);
    });

    it('rejectUnauthorized: false, in so many words, lets anybody in, and one warning says so', async () => {
      const port = await listenTls();
      const warnings: unknown[] = [];
      const note = (message: unknown): void => void warnings.push(message);
      subscribe('tskafka:warning', note);
      try {
        await open({ rejectUnauthorized: false }, 'evil.test', port);
      } finally {
        unsubscribe('tskafka:warning', note);
      }
      expect(warnings).toEqual([{ message: 'ssl.rejectUnauthorized is false: anybody can pose as a broker' }]);
    });

    it('never tries again without TLS', async () => {
      let connections = 0;
      const port = await listenPlain((socket) => {
        connections++;
        socket.destroy();
      });
      await failure({ ca: authority.ca }, 'kafka.test', port);
      await turn();
      expect(connections).toBe(1);
    });

    it('a broker that has TLS 1.1 alone is refused, also when Node was told to take it', async () => {
      const weak = { ciphers: 'DEFAULT:@SECLEVEL=0' };
      const port = await listenTls({ ...weak, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
      const before = tls.DEFAULT_MIN_VERSION;
      tls.DEFAULT_MIN_VERSION = 'TLSv1';
      try {
        const error = await failure({ ...weak, ca: authority.ca }, 'kafka.test', port);
        expect(error).toBeInstanceOf(AuthenticationError);
        expect(error.message).toMatch(/: no TLS version in common with the broker \(/);
        await open({ ...weak, ca: authority.ca, minVersion: 'TLSv1' }, 'kafka.test', port); // the option in so many words
      } finally {
        tls.DEFAULT_MIN_VERSION = before;
      }
    });
  });

  describe('client certificates', () => {
    const mutual = (): TlsServerOptions => ({ requestCert: true, rejectUnauthorized: true, ca: authority.ca });

    it.each([
      ['cert and key', () => client],
      ['pfx', () => ({ pfx: authority.bundle(client, 'horse'), passphrase: 'horse' })],
      ['an encrypted key', () => ({ ...authority.issue('client', { passphrase: 'horse' }), passphrase: 'horse' })],
    ])('are shown from %s', async (_, of) => {
      const seen: string[] = [];
      const port = await listenTls(mutual(), (socket) => seen.push(String(socket.getPeerCertificate().subject.CN)));
      await open({ ca: authority.ca, ...of() }, 'kafka.test', port);
      while (seen.length === 0) await turn();
      expect(seen).toEqual(['client']);
    });
  });

  describe('A8: a port that speaks something else', () => {
    it.each([
      ['SSH', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
      ['HTTP', (socket: Socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))],
      ['Kafka', (socket: Socket) => socket.once('data', () => socket.write(Buffer.from('0000000a00000000000000000000', 'hex')))],
    ])('%s without TLS', async (_, onSocket) => {
      const error = await failure({}, 'kafka.test', await listenPlain(onSocket));
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error.message).toMatch(/: the port does not speak TLS: remove ssl, or use the broker's TLS port \(/);
      expect(error.retriable).toBe(false);
    });

    it('a Kafka broker without TLS takes the handshake for a frame that is too long, and closes', async () => {
      const port = await listenPlain((socket) => socket.once('data', () => socket.end()));
      const error = await failure({}, 'kafka.test', port);
      expect(error).toBeInstanceOf(SocketDisconnectedError);
      expect(error.message).toBe(
        `kafka.test:${port}: the connection was closed during the TLS handshake: does this port speak TLS? (ECONNRESET)`,
      );
    });
  });

  describe('A9: a handshake that is cut', () => {
    /** Passes bytes on, but those of the broker only up to a number. Then it stalls, or closes. */
    async function cutAfter(limit: number, then: 'end' | 'reset' | 'stall', target: number) {
      const client = { began: false, left: false };
      const port = await listenPlain((near) => {
        const far = connect(target, '127.0.0.1');
        cleanups.push(() => far.destroy());
        near.on('close', () => {
          client.left = true;
          far.destroy();
        });
        far.on('error', () => {});
        near.on('data', (chunk) => {
          client.began = true;
          far.write(chunk);
        });
        let passed = 0;
        const cut = (): void => {
          if (then === 'end') near.end();
          if (then === 'reset') near.resetAndDestroy();
        };
        if (limit === 0) near.once('data', cut);
        far.on('data', (chunk) => {
          if (passed >= limit) return;
          const part = chunk.subarray(0, limit - passed);
          passed += part.length;
          near.write(part, () => passed >= limit && cut());
        });
      });
      return { port, client };
    }

    /** How many bytes the broker sends until the client is satisfied. */
    async function handshakeBytes(): Promise<number> {
      const target = await listenTls();
      let bytes = 0;
      const port = await listenPlain((near) => {
        const far = connect(target, '127.0.0.1');
        near.pipe(far).on('data', (chunk) => {
          bytes += chunk.length;
          near.write(chunk);
        });
      });
      await open({ ca: authority.ca, maxVersion: 'TLSv1.2' }, 'kafka.test', port);
      return bytes - 16; // signatures differ in length by a few bytes
    }

    it.each(['end', 'reset'] as const)('by %s at any byte is an error that can be retried', { timeout: 600_000 }, async (then) => {
      const target = await listenTls();
      const total = await handshakeBytes();
      expect(total).toBeGreaterThan(500);
      const positions = Array.from({ length: total }, (_, i) => i).filter((i) => i < 20 || i % 5 === 0 || i > total - 5);
      const ssl = { ca: authority.ca, maxVersion: 'TLSv1.2' } as const;
      for (const at of positions) {
        const { port } = await cutAfter(at, then, target);
        const error = await failure(ssl, 'kafka.test', port);
        expect(error, `cut at ${at}`).toBeInstanceOf(SocketDisconnectedError);
        expect(error, `cut at ${at}`).toMatchObject({ retriable: true });
      }
    });

    it.each([0, 1, 5, 100])('by silence after %i bytes ends with the deadline', async (limit) => {
      const clock = new HandClock();
      const { port, client } = await cutAfter(limit, 'stall', await listenTls());
      const failing = failure({ ca: authority.ca }, 'kafka.test', port, { clock });
      while (!client.began) await turn();
      await clock.advance(10_000);
      const error = await failing;
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ message: `kafka.test:${port}: no connection within 10000 ms (TLS handshake)`, retriable: true });
      while (!client.left) await turn();
      expect(clock.pending).toBe(0);
    });
  });

  it('C8: the end of the stream is reported once, with and without a TLS goodbye', async () => {
    const target = await listenTls({}, (socket) => socket.once('data', () => socket.end()));
    const behind = await listenTls();
    const rude = await listenPlain((near) => {
      const far = connect(behind, '127.0.0.1').on('error', () => {});
      cleanups.push(() => far.destroy());
      far.pipe(near);
      near.on('data', (chunk) => far.write(chunk));
      cut = () => near.end();
    });
    let cut = (): void => {};
    for (const port of [target, rude]) {
      const { stream, witness } = await open({ ca: authority.ca }, 'kafka.test', port);
      stream.write([Buffer.from('hello')]);
      if (port === rude) cut();
      await witness.until(() => witness.log.includes('close'));
      expect(stream.write([Buffer.from('too late')])).toBe(true);
      await turn();
      expect(witness.log).toEqual(['close']);
    }
  });

  it('R3: write says false when the broker does not read, and drain says when it does', async () => {
    const paused: TLSSocket[] = [];
    const port = await listenTls({}, (socket) => paused.push(socket.pause()));
    const { stream, witness } = await open({ ca: authority.ca }, 'kafka.test', port);
    for (;;) {
      const before = witness.log.length;
      if (stream.write([Buffer.alloc(64 * 1024)])) continue;
      for (let i = 0; i < 20; i++) await turn();
      if (witness.log.length === before) break;
    }
    const drains = witness.log.length;
    paused[0]!.resume();
    await witness.until(() => witness.log.length > drains);
    expect(witness.log.at(-1)).toBe('drain');
  });

  describe('A10: certificates and keys by a function', () => {
    const canary = 'horse-battery';

    it('a function is asked before each connection, so that renewed certificates are shown', async () => {
      const seen: string[] = [];
      const options: TlsServerOptions = { requestCert: true, rejectUnauthorized: true, ca: authority.ca };
      const port = await listenTls(options, (socket) => seen.push(String(socket.getPeerCertificate().subject.CN)));
      const rotated = [authority.issue('old'), authority.issue('new')];
      let i = 0;
      const transport = tcpTransport({ ssl: () => Promise.resolve({ ca: authority.ca, ...rotated[i++] }) });
      for (let n = 1; n <= 2; n++) {
        const stream = await transport.connect({ host: '127.0.0.1', port }, new StreamWitness(), new AbortController().signal);
        cleanups.push(() => stream.destroy());
        while (seen.length < n) await turn();
      }
      expect(seen).toEqual(['old', 'new']);
    });

    it('a function that fails, or gives what cannot be read, is an error that can be retried', async () => {
      const port = await listenTls();
      const leaky = Object.assign(new Error('vault is sealed'), { request: { token: canary } });
      const error = await failure(() => Promise.reject(leaky), '127.0.0.1', port);
      expect(error).toMatchObject({ message: `127.0.0.1:${port}: the ssl function failed: vault is sealed`, retriable: true });
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
      const unreadable = await failure(() => ({ ca: 'x' }), '127.0.0.1', port);
      expect(unreadable.message).toMatch(/: ssl\.ca is not PEM/);
      let isGone = (): void => {};
      const gone = new Promise<void>((resolve) => (isGone = resolve));
      const closing = await listenPlain((socket) => {
        socket.once('close', () => void turn().then(isGone));
        void turn().then(() => socket.resetAndDestroy());
      });
      const late = failure(() => gone.then(() => ({ ca: authority.ca })), '127.0.0.1', closing);
      expect((await late).message).toBe(
        `127.0.0.1:${closing}: the connection was closed during the TLS handshake: does this port speak TLS? (ECONNRESET)`,
      );
      const clock = new HandClock();
      const hanging = failure(() => new Promise(() => {}), '127.0.0.1', port, { clock });
      await clock.advance(0);
      while (clock.pending > 1) await turn();
      await clock.advance(10_000);
      expect(await hanging).toBeInstanceOf(TimeoutError);
    });
  });
});
