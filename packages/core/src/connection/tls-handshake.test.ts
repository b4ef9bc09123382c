import { connect, type Socket } from 'node:net';
import type { TlsOptions as TlsServerOptions, TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { HandClock, turn } from '../scripted-transport.ts';
import { StreamWitness } from './stream-witness.ts';
import { brokerNames, tlsFixture } from './tls-fixture.ts';
import { tcpTransport } from './tcp-transport.ts';
import { TestAuthority } from '@tskafka/test-certificates';

const authority = new TestAuthority('test authority');
const client = authority.issue('client');
const { cleanups, listenPlain, listenTls, open, failure, close } = tlsFixture(authority.issue('broker', { names: brokerNames }));

afterEach(close);

describe('tcpTransport with ssl', () => {
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
