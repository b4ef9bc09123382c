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

  const start = (sasl?: SaslMechanism) =>
    handshake(connection, {
      sasl,
      clientSoftwareName: 'tskafka',
      clientSoftwareVersion: '1',
      clock,
      signal: new AbortController().signal,
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
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([heartbeat.key, saslHandshake.key]);
    const during = connection.send(heartbeat, request, { maxVersion: 2 });
    expect(peer.requests).toHaveLength(2);

    peer.answer(heartbeat as Api<never, never>, { errorCode: 0 } as never);
    await expect(before).resolves.toMatchObject({ errorCode: 0 });
    await acceptMechanism();
    answerSasl('second');
    await turn();
    answerSasl('', 10_000);
    await turn();
    expect(peer.requests.map(({ apiKey }) => apiKey)).toEqual([heartbeat.key]);
    peer.answer(heartbeat as Api<never, never>, { errorCode: 0 } as never);
    await expect(during).resolves.toMatchObject({ errorCode: 0 });
  });

  it('A4: a renewal that is refused closes the connection', async () => {
    const ready = start(twoStep);
    await offerSasl();
    answerSasl('second');
    await turn();
    answerSasl('', 1000);
    await ready;
    await clock.advance(850);
    peer.answer(saslHandshake as Api<never, never>, { errorCode: 33, mechanisms: [] } as never);
    await turn();
    expect(connection.closed).toBe(true);
    expect(peer.dropped).toBe(true);
  });
});
