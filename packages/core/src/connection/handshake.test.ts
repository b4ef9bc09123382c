import { beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationError, UnsupportedVersionError } from '../errors.ts';
import type { Api } from '../protocol/api.ts';
import { apiVersions } from '../protocol/apis/api-versions.ts';
import { heartbeat } from '../protocol/apis/heartbeat.ts';
import { saslAuthenticate } from '../protocol/apis/sasl-authenticate.ts';
import { saslHandshake } from '../protocol/apis/sasl-handshake.ts';
import { encodeResponse } from '../protocol/frame.ts';
import { HandClock, type ScriptedPeer, scriptedTransport, turn } from '../scripted-transport.ts';
import { Connection } from './connection.ts';
import { handshake } from './handshake.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';

const twoStep: SaslMechanism = {
  name: 'TWO-STEP',
  async authenticate({ exchange }) {
    await exchange(await exchange(Buffer.from('first')));
  },
};

describe('handshake', () => {
  let clock: HandClock;
  let peer: ScriptedPeer;
  let connection: Connection;

  beforeEach(async () => {
    clock = new HandClock();
    const { transport, peers } = scriptedTransport();
    connection = await Connection.open(
      {
        address: { host: 'kafka', port: 9092 },
        name: 'broker 1',
        clientId: 'test',
        transport,
        clock,
        requestTimeoutMs: 1000,
        maxInFlight: 5,
        maxFrameBytes: 1 << 20,
      },
      new AbortController().signal,
    );
    peer = peers[0]!;
  });

  const start = (sasl?: SaslMechanism, signal = new AbortController().signal) =>
    handshake(connection, {
      sasl,
      clientSoftwareName: 'tskafka',
      clientSoftwareVersion: '1',
      clock,
      signal,
    });

  const versions = () => peer.requests.map(({ apiVersion }) => apiVersion);

  /** What a broker answers to an ApiVersions request that is too new for it: error 35 in the form of version 0. */
  function refuseVersion(hint?: number): void {
    const { correlationId } = peer.requests.shift()!;
    const apiKeys = hint === undefined ? [] : [{ apiKey: apiVersions.key, minVersion: 0, maxVersion: hint }];
    peer.send(Buffer.concat(encodeResponse(apiVersions, 0, correlationId, { errorCode: 35, apiKeys })));
  }

  function answerSasl(authBytes: string, sessionLifetimeMs = 0): void {
    peer.answer(
      saslAuthenticate as Api<never, never>,
      { errorCode: 0, errorMessage: null, authBytes: Buffer.from(authBytes), sessionLifetimeMs } as never,
    );
  }

  it('asks in the highest version, and takes the ranges that the broker tells', async () => {
    const ready = start();
    expect(versions()).toEqual([apiVersions.maxVersion]);
    peer.answerApiVersions(heartbeat as Api<never, never>);
    await ready;
    expect(connection.versions.pick(heartbeat as Api<never, never>)).toBe(heartbeat.maxVersion);
    expect(() => connection.versions.pick(saslHandshake as Api<never, never>)).toThrow(UnsupportedVersionError);
  });

  it('C19: falls to the version that an older broker names', async () => {
    const ready = start();
    refuseVersion(2);
    await turn();
    expect(versions()).toEqual([2]);
    peer.answerApiVersions();
    await ready;
  });

  it.each([undefined, 99, -5])('C19: with the hint %s falls to version 0, once', async (hint) => {
    const ready = start();
    refuseVersion(hint);
    await turn();
    expect(versions()).toEqual([0]);
    peer.answerApiVersions();
    await ready;
  });

  it('C19: gives up when version 0 is refused too', async () => {
    const refused = expect(start()).rejects.toThrow('broker 1 refused to say which versions it speaks: UNSUPPORTED_VERSION');
    refuseVersion(2);
    await turn();
    refuseVersion(2);
    await turn();
    refuseVersion();
    await refused;
    expect(peer.requests).toEqual([]);
  });

  it('A2: a mechanism that is not offered is an error that names what is, and nothing else is tried', async () => {
    const refused = start(twoStep);
    refused.catch(() => {});
    peer.answerApiVersions(saslHandshake as Api<never, never>, saslAuthenticate as Api<never, never>);
    await turn();
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 33, mechanisms: ['PLAIN', 'SCRAM-SHA-256'] } as never);
    await expect(refused).rejects.toThrow('does not offer the SASL mechanism TWO-STEP: it offers PLAIN, SCRAM-SHA-256');
    expect(peer.requests).toEqual([]);
  });

  it('A1: a refused login is an AuthenticationError with the reason of the broker, not to be retried', async () => {
    const refused = start(twoStep);
    refused.catch(() => {});
    await offerSasl();
    const reason = { errorCode: 58, errorMessage: 'Authentication failed', authBytes: Buffer.alloc(0), sessionLifetimeMs: 0 };
    peer.answer(saslAuthenticate as Api<never, never>, reason as never);
    await expect(refused).rejects.toMatchObject({ name: 'AuthenticationError', retriable: false });
    await expect(refused).rejects.toThrow('broker 1 refused the SASL TWO-STEP login: Authentication failed');
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('A5: a login that waits for ever ends with the setup time, though the mechanism heeds no signal', async () => {
    const giveUp = new AbortController();
    const ready = start({ name: 'TWO-STEP', authenticate: () => new Promise(() => {}) }, giveUp.signal);
    const failed = expect(ready).rejects.toThrow('too late');
    await offerSasl();
    giveUp.abort(new Error('too late'));
    await failed;
  });

  it('H19: the words of a broker that refuses the login are cut short, and hold no control character', async () => {
    const refused = start(twoStep);
    refused.catch(() => {});
    await offerSasl();
    const errorMessage = `\u001b[2Jno\r\n${'x'.repeat(30_000)}`;
    peer.answer(
      saslAuthenticate as Api<never, never>,
      { errorCode: 58, errorMessage, authBytes: Buffer.alloc(0), sessionLifetimeMs: 0 } as never,
    );
    const { message } = await refused.then(
      () => new Error('it did not refuse'),
      (error: unknown) => error as Error,
    );
    expect(message.length).toBeLessThan(1200);
    expect(message).toContain('\\u{1b}[2Jno\\u{d}\\u{a}xxx');
    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });

  it('H20: of a huge list of mechanisms a few are shown, without control characters', async () => {
    const refused = start(twoStep);
    refused.catch(() => {});
    peer.answerApiVersions(saslHandshake as Api<never, never>, saslAuthenticate as Api<never, never>);
    await turn();
    const mechanisms = Array.from({ length: 20_000 }, (_, i) => `\u0007MECHANISM-${i}`);
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 33, mechanisms } as never);
    const { message } = await refused.then(
      () => new Error('it did not refuse'),
      (error: unknown) => error as Error,
    );
    expect(message).toContain('it offers \\u{7}MECHANISM-0, \\u{7}MECHANISM-1');
    expect(message.length).toBeLessThan(1200);
  });

  it('H20: a list of mechanisms beyond a megabyte ends the connection: nobody is logged in yet', async () => {
    const refused = expect(start(twoStep)).rejects.toThrow(/longer than maxFrameBytes \(1048576\)/);
    peer.answerApiVersions(saslHandshake as Api<never, never>, saslAuthenticate as Api<never, never>);
    await turn();
    const mechanisms = Array.from({ length: 100_000 }, (_, i) => `MECHANISM-${i}`);
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 33, mechanisms } as never);
    await refused;
    expect(peer.dropped).toBe(true);
  });

  async function offerSasl(): Promise<void> {
    peer.answerApiVersions(heartbeat as Api<never, never>, saslHandshake as Api<never, never>, saslAuthenticate as Api<never, never>);
    await turn();
    await acceptMechanism();
  }

  async function acceptMechanism(): Promise<void> {
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 0, mechanisms: ['TWO-STEP'] } as never);
    await turn();
  }

  it('A4: renews the login before the session ends; what is in flight is answered, and new requests wait', async () => {
    const ready = start(twoStep);
    await offerSasl();
    answerSasl('second');
    await turn();
    answerSasl('', 10_000);
    await ready;

    const request = { groupId: 'g', generationId: 1, memberId: 'm' };
    const before = connection.send(heartbeat, request, { heldMs: 60_000, maxVersion: 2 });
    await clock.advance(8500);
    const during = connection.send(heartbeat, request, { maxVersion: 2 });
    await clock.advance(30_000); // the broker holds the request back: that is not the time of the renewal
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([heartbeat.key]);
    peer.answer(heartbeat as Api<never, never>, { errorCode: 0 } as never);
    await expect(before).resolves.toMatchObject({ errorCode: 0 });
    await turn();
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([saslHandshake.key]);

    await acceptMechanism();
    answerSasl('second');
    await turn();
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([saslAuthenticate.key]);
    answerSasl('', 10_000);
    await turn();
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([heartbeat.key]);
    peer.answer(heartbeat as Api<never, never>, { errorCode: 0 } as never);
    await expect(during).resolves.toMatchObject({ errorCode: 0 });
  });

  it('A4: a renewal that hangs ends the connection, and what waited for it fails', async () => {
    let logins = 0;
    const once: SaslMechanism = {
      name: 'TWO-STEP',
      // The second time a provider of tokens hangs, and heeds no signal.
      authenticate: async ({ exchange }) => (++logins === 1 ? void (await exchange(Buffer.alloc(0))) : new Promise(() => {})),
    };
    const ready = start(once);
    await offerSasl();
    answerSasl('', 10_000);
    await ready;
    await clock.advance(8500);
    await acceptMechanism();
    const waiting = connection.send(heartbeat, { groupId: 'g', generationId: 1, memberId: 'm' });
    const failed = expect(waiting).rejects.toThrow('broker 1: the login was not renewed within 10000 ms');
    await clock.advance(10_000);
    await failed;
    expect(logins).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('S3: closed while a renewal is due or under way, it keeps no timer and tells the mechanism', async () => {
    let told: AbortSignal | undefined;
    const waits: SaslMechanism = {
      name: 'TWO-STEP',
      async authenticate({ exchange, signal }) {
        if (told !== undefined) return new Promise(() => (told = signal));
        told = signal;
        return void (await exchange(Buffer.alloc(0)));
      },
    };
    const ready = start(waits);
    await offerSasl();
    answerSasl('', 10_000);
    await ready;
    expect(clock.pending).toBeGreaterThan(0);
    await clock.advance(8500);
    await acceptMechanism();
    expect(told!.aborted).toBe(false);
    connection.close();
    await turn();
    expect(told!.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('A4: closed before a renewal is due, it keeps no timer', async () => {
    const ready = start(twoStep);
    await offerSasl();
    answerSasl('second');
    await turn();
    answerSasl('', 10_000);
    await ready;
    connection.close();
    await turn();
    expect(clock.pending).toBe(0);
  });

  it("T6: a token that has expired by our clock, and not by the broker's, is renewed after a pause and not at once", async () => {
    let logins = 0;
    const expired: SaslMechanism = {
      name: 'TWO-STEP',
      async authenticate({ exchange }) {
        logins++;
        await exchange(Buffer.alloc(0));
        return { expiresAt: clock.wallTime() - 1000 };
      },
    };
    const ready = start(expired);
    await offerSasl();
    answerSasl('', 10_000);
    await ready;
    await clock.advance(1000);
    expect(peer.requests).toEqual([]);
    await clock.advance(200);
    await acceptMechanism();
    expect(logins).toBe(2);
  });

  it('A4: a renewal that is refused closes the connection, and what waits for it may be tried over another', async () => {
    const ready = start(twoStep);
    await offerSasl();
    answerSasl('second');
    await turn();
    answerSasl('', 10_000);
    await ready;
    await clock.advance(8500);
    const waiting = connection.send(heartbeat, { groupId: 'g', generationId: 1, memberId: 'm' });
    const failed = expect(waiting).rejects.toMatchObject({
      name: 'SocketDisconnectedError',
      retriable: true,
      message: 'broker 1: the login was not renewed: broker 1 does not offer the SASL mechanism TWO-STEP: it offers none',
    });
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 33, mechanisms: [] } as never);
    await failed;
    expect(connection.closed).toBe(true);
    expect(peer.dropped).toBe(true);
  });
});
