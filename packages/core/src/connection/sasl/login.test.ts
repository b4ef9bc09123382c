import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationError, ProtocolError, SocketDisconnectedError } from '../../errors.ts';
import type { Api } from '../../protocol/api.ts';
import { saslAuthenticate } from '../../protocol/apis/sasl-authenticate.ts';
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts';
import { HandClock, type ScriptedPeer, scriptedTransport, turn } from '../../scripted-transport.ts';
import { Connection } from '../connection.ts';
import { handshake } from '../handshake.ts';
import { resolveSasl, type SaslOptions } from './options.ts';
import { scramServer } from './scripted-login.ts';

const password = 'horse-battery-staple';
const scramLogin: SaslOptions = { mechanism: 'scram-sha-256', username: 'alice', password };

describe('a login to a broker', () => {
  let peer: ScriptedPeer;
  let connection: Connection;

  beforeEach(async () => {
    const { transport, peers } = scriptedTransport();
    const limits = { requestTimeoutMs: 1000, maxInFlight: 5, maxFrameBytes: 100 * 1024 * 1024 };
    const options = {
      address: { host: 'kafka', port: 9092 },
      name: 'broker 1',
      clientId: 'test',
      transport,
      clock: new HandClock(),
      ...limits,
    };
    connection = await Connection.open(options, new AbortController().signal);
    peer = peers[0]!;
  });

  /** Begins to log in; the broker has said which versions it speaks. */
  async function begin(sasl: SaslOptions): Promise<{ login: Promise<unknown> }> {
    const { signal } = new AbortController();
    const own = { sasl: resolveSasl(sasl), clientSoftwareName: 'tskafka', clientSoftwareVersion: '1' };
    const login = handshake(connection, { ...own, clock: new HandClock(), signal }).catch((error: unknown) => error);
    peer.answerApiVersions(saslHandshake as Api<never, never>, saslAuthenticate as Api<never, never>);
    await turn();
    return { login };
  }

  const offer = async (mechanisms: string[], errorCode = 0): Promise<void> => {
    peer.answer(saslHandshake as Api<never, never>, { errorCode, mechanisms } as never);
    await turn();
  };

  /** What came as auth bytes in the request that waits. */
  const clientBytes = (): Buffer => {
    const { body, apiVersion } = peer.requests[0]!;
    body.flexible = apiVersion >= saslAuthenticate.flexibleVersion;
    body.tags(); // the peer reads headers without them
    return saslAuthenticate.readRequest(body, apiVersion).authBytes;
  };

  const answer = (authBytes: string | Buffer, errorCode = 0, errorMessage: string | null = null): void => {
    const response = { errorCode, errorMessage, authBytes: Buffer.from(authBytes as string), sessionLifetimeMs: 0 };
    peer.answer(saslAuthenticate as Api<never, never>, response as never);
  };

  const requests = async (): Promise<void> => {
    while (peer.requests.length === 0) await turn();
  };

  function expectNoSecret(error: unknown): void {
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(password);
  }

  it('succeeds by SCRAM', async () => {
    const server = scramServer({ password });
    const { login } = await begin(scramLogin);
    await offer(['SCRAM-SHA-256']);
    answer(server(clientBytes()));
    await requests();
    answer(server(clientBytes()));
    expect(await login).toBeUndefined();
  });

  it.each<SaslOptions>([scramLogin, { mechanism: 'plain', username: 'alice', password }])(
    'A1: a password that the broker refuses is an AuthenticationError without the password: $mechanism',
    async (sasl) => {
      const { login } = await begin(sasl);
      await offer([]);
      answer('', 58, 'Authentication failed during authentication due to invalid credentials');
      const error = await login;
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error).toMatchObject({ retriable: false });
      expect((error as Error).message).toContain('due to invalid credentials');
      expectNoSecret(error);
    },
  );

  it('A2: a broker that offers something weaker gets nothing', async () => {
    const { login } = await begin(scramLogin);
    await offer(['PLAIN'], 33);
    expect(await login).toBeInstanceOf(AuthenticationError);
    expect(peer.requests).toEqual([]);
  });

  it('A12: a broker that closes instead of an answer fails the login, which can be tried again', async () => {
    const { login } = await begin(scramLogin);
    await offer([]);
    peer.close();
    const error = await login;
    expect(error).toBeInstanceOf(SocketDisconnectedError);
    expect(error).toMatchObject({ retriable: true });
    expect((error as Error).message).toContain('SaslAuthenticate');
    expectNoSecret(error);
  });

  it('H20: auth bytes of 100 MB are refused by their length', async () => {
    const { login } = await begin(scramLogin);
    await offer([]);
    peer.send(Buffer.from('06000000', 'hex'));
    expect(await login).toBeInstanceOf(ProtocolError);
    expect(peer.dropped).toBe(true);
  });

  it('H20: auth bytes that fit the frame and no SCRAM message are refused', async () => {
    const { login } = await begin(scramLogin);
    await offer([]);
    answer(`r=${'x'.repeat(900_000)}`);
    const error = await login;
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message.length).toBeLessThan(300);
  });

  it('H20: a long list of mechanisms is told by its beginning', async () => {
    const long = await begin(scramLogin);
    await offer(
      Array.from({ length: 50_000 }, (_, i) => `M${i}`),
      33,
    );
    expect(((await long.login) as Error).message.length).toBeLessThan(300);
  });

  it('H20: a list of a million mechanisms is refused by its length', async () => {
    const { login } = await begin(scramLogin);
    await offer(
      Array.from({ length: 1_000_000 }, (_, i) => `M${i}`),
      33,
    );
    expect(await login).toBeInstanceOf(ProtocolError);
  });
});
