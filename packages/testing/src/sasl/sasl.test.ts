import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { apis, errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { connect, type TestClient } from '../test-client.ts';
import { VirtualClock } from '../virtual-clock.ts';
import type { SaslOptions } from './sasl-options.ts';

const users = { alice: 'secret', 'odd=name,': 'pässword' };

async function start(sasl: SaslOptions = { users }) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ brokers: 1, sasl, clock });
  return { clock, cluster, client: await connect(cluster) };
}

const handshake = (client: TestClient, mechanism: string, version = 1) => client.send(apis.saslHandshake, version, { mechanism });
const authenticate = (client: TestClient, token: string | Buffer) =>
  client.send(apis.saslAuthenticate, 2, { authBytes: Buffer.from(token as string) });
const metadata = (client: TestClient) => client.send(apis.metadata, 12, { topics: [] });
const plain = (user: string, password: string) => `\u0000${user}\u0000${password}`;

async function logIn(client: TestClient, mechanism = 'PLAIN', token = plain('alice', 'secret')) {
  await handshake(client, mechanism);
  return authenticate(client, token);
}

describe('before a client has authenticated', () => {
  it('it may ask for versions, and for nothing else', async () => {
    const { client } = await start();
    expect(await client.send(apis.apiVersions, 2, {})).toMatchObject({ errorCode: 0 });
    await expect(metadata(client)).rejects.toThrow(/closed/);
  });

  it('a mechanism that is not offered is refused with those that are, and the connection closed', async () => {
    const { client } = await start();
    const answer = await handshake(client, 'GSSAPI');
    expect(answer).toEqual({ errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] });
    expect(await client.closed).toBeUndefined();
  });

  it('a token without a handshake closes the connection', async () => {
    const { client } = await start();
    await expect(authenticate(client, plain('alice', 'secret'))).rejects.toThrow(/closed/);
  });
});

describe('PLAIN', () => {
  it('lets the right password in', async () => {
    const { client } = await start();
    expect(await logIn(client)).toMatchObject({ errorCode: 0, sessionLifetimeMs: 0 });
    await metadata(client);
  });

  it.each([
    [plain('alice', 'wrong'), 'Authentication failed: Invalid username or password'],
    [plain('mallory', 'secret'), 'Authentication failed: Invalid username or password'],
    [plain('', 'secret'), 'Authentication failed: username not specified'],
    [plain('alice', ''), 'Authentication failed: password not specified'],
    [`root\u0000alice\u0000secret`, 'Authentication failed: Client requested an authorization id that is different from username'],
    ['alice', 'Invalid SASL/PLAIN response: expected 3 tokens, got 1'],
  ])('refuses %j', async (token, errorMessage) => {
    const { client } = await start();
    expect(await logIn(client, 'PLAIN', token)).toMatchObject({ errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage });
    expect(await client.closed).toBeUndefined();
  });

  it('works with the bare tokens of a handshake of version 0', async () => {
    const { client } = await start();
    await handshake(client, 'PLAIN', 0);
    const token = Buffer.from(plain('alice', 'secret'));
    const length = Buffer.alloc(4);
    length.writeInt32BE(token.length);
    client.postBytes(Buffer.concat([length, token]));
    await metadata(client);
  });
});

/** What a client says in a SCRAM exchange, computed here by the RFC alone. */
class ScramClient {
  readonly first: string;
  readonly #hash: string;
  readonly #password: string;

  constructor(hash: string, user: string, password: string) {
    this.#hash = hash;
    this.#password = password;
    this.first = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=nonce`;
  }

  final(serverFirst: string): { message: string; serverSignature: string } {
    const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
    const hmac = (key: Buffer, text: string): Buffer => createHmac(this.#hash, key).update(text).digest();
    const length = this.#hash === 'sha256' ? 32 : 64;
    const salted = pbkdf2Sync(this.#password, Buffer.from(salt!, 'base64'), Number(iterations), length, this.#hash);
    const withoutProof = `c=biws,r=${nonce}`;
    const authMessage = `${this.first},${serverFirst},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash(this.#hash).update(clientKey).digest(), authMessage);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!));
    const serverSignature = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64');
    return { message: `${withoutProof},p=${proof.toString('base64')}`, serverSignature };
  }
}

describe.each([
  ['SCRAM-SHA-256', 'sha256'],
  ['SCRAM-SHA-512', 'sha512'],
])('%s', (mechanism, hash) => {
  async function exchange(user: string, password: string) {
    const { client } = await start({ users, iterations: 4096 });
    await handshake(client, mechanism);
    const scram = new ScramClient(hash, user, password);
    const challenge = await authenticate(client, `n,,${scram.first}`);
    if (challenge.errorCode !== 0) return { answer: challenge, client };
    expect(String(challenge.authBytes)).toMatch(/^r=nonce.+,s=.+,i=4096$/);
    const { message, serverSignature } = scram.final(String(challenge.authBytes));
    return { answer: await authenticate(client, message), serverSignature, client };
  }

  it.each(Object.entries(users))('lets %s in, and proves that the broker knows the password too', async (user, password) => {
    const { answer, serverSignature, client } = await exchange(user, password);
    expect([answer.errorCode, String(answer.authBytes)]).toEqual([0, `v=${serverSignature}`]);
    await metadata(client);
  });

  it.each([
    ['alice', 'wrong'],
    ['mallory', 'secret'],
  ])('refuses %s with %s, and does not say why', async (user, password) => {
    const errorMessage = `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`;
    const { answer } = await exchange(user, password);
    expect(answer).toMatchObject({ errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage });
  });
});

describe('OAUTHBEARER', () => {
  const initial = (token: string) => `n,,\u0001auth=Bearer ${token}\u0001\u0001`;
  const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

  it('takes any token where that is wanted', async () => {
    const { client } = await start({ oauthbearer: true });
    expect(await logIn(client, 'OAUTHBEARER', initial('anything'))).toMatchObject({ errorCode: 0, sessionLifetimeMs: 0 });
    await metadata(client);
  });

  it('ends the session when the token does', async () => {
    const { client, clock } = await start({ oauthbearer: true });
    const exp = clock.wallTime() / 1000 + 60;
    expect(await logIn(client, 'OAUTHBEARER', initial(jwt({ sub: 'alice', exp })))).toMatchObject({ sessionLifetimeMs: 60_000 });
  });

  it('asks the test, and refuses after the client has had its say', async () => {
    const { client } = await start({ oauthbearer: async (token) => token === 'good' });
    const challenge = await logIn(client, 'OAUTHBEARER', initial('bad'));
    expect([challenge.errorCode, String(challenge.authBytes)]).toEqual([0, '{"status":"invalid_token"}']);
    expect(await authenticate(client, '\u0001')).toMatchObject({
      errorCode: errorCodes.SASL_AUTHENTICATION_FAILED,
      errorMessage: '{"status":"invalid_token"}',
    });
  });
});

describe('a session that ends (KIP-368)', () => {
  it('is closed at the next request, unless the client authenticates again in time', async () => {
    const { client, clock } = await start({ users, sessionLifetimeMs: 1000 });
    expect(await logIn(client)).toMatchObject({ sessionLifetimeMs: 1000 });
    await clock.advance(900);
    expect(await logIn(client)).toMatchObject({ errorCode: 0, sessionLifetimeMs: 1000 });
    await clock.advance(900);
    await metadata(client);
    await clock.advance(101);
    await expect(metadata(client)).rejects.toThrow(/closed/);
  });

  it('takes nothing else while the client authenticates again', async () => {
    const { client } = await start({ users, sessionLifetimeMs: 1000 });
    await logIn(client);
    await handshake(client, 'PLAIN');
    await expect(metadata(client)).rejects.toThrow(/closed/);
  });

  it('belongs to one user', async () => {
    const { client } = await start({ users, sessionLifetimeMs: 1000 });
    await logIn(client);
    const other = await logIn(client, 'PLAIN', plain('odd=name,', 'pässword'));
    expect(other).toMatchObject({ errorCode: errorCodes.SASL_AUTHENTICATION_FAILED });
    expect(other.errorMessage).toContain('Cannot change principals');
  });
});

it('without SASL there is no mechanism to choose', async () => {
  const client = await connect(await MockCluster.start());
  expect(await handshake(client, 'PLAIN')).toEqual({ errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] });
});

it.each([
  [{}, /needs users/],
  [{ users, mechanisms: ['GSSAPI' as 'PLAIN'] }, /no SASL mechanism 'GSSAPI'/],
])('refuses the options %j', async (sasl, message) => {
  await expect(MockCluster.start({ sasl })).rejects.toThrow(message);
});

describe('a cluster without a secret key', () => {
  it('has no delegation tokens', async () => {
    const { client } = await start();
    await logIn(client);
    const disabled = { errorCode: errorCodes.DELEGATION_TOKEN_AUTH_DISABLED };
    expect(await client.send(apis.createDelegationToken, 3, { renewers: [], maxLifetimeMs: -1 })).toMatchObject({
      ...disabled,
      tokenId: '',
    });
    expect(await client.send(apis.renewDelegationToken, 2, { hmac: Buffer.alloc(64), renewPeriodMs: -1 })).toMatchObject(disabled);
    expect(await client.send(apis.expireDelegationToken, 2, { hmac: Buffer.alloc(64), expiryTimePeriodMs: -1 })).toMatchObject(disabled);
    expect(await client.send(apis.describeDelegationToken, 3, { owners: null })).toMatchObject(disabled);
  });
});
