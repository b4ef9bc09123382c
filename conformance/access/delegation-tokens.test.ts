import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';
import { type AclSpec, closeLogins, grant, loginAs, revoke, scramLogin } from './fixture.ts';

afterAll(closeLogins);

const day = 86_400_000;
const week = 7 * day;
const principal = (name: string) => ({ principalType: 'User', principalName: name });

interface Wanted {
  readonly version?: number;
  readonly renewers?: readonly string[];
  readonly maxLifetimeMs?: number;
  readonly owner?: string;
}

function create(wire: Wire, { version = 3, renewers = [], maxLifetimeMs = -1, owner }: Wanted = {}) {
  return wire.send(apis.createDelegationToken, version, {
    ...(owner !== undefined && { ownerPrincipalType: 'User', ownerPrincipalName: owner }),
    renewers: renewers.map(principal),
    maxLifetimeMs,
  });
}

type Token = Awaited<ReturnType<typeof create>>;

const renew = (wire: Wire, { hmac }: Pick<Token, 'hmac'>, renewPeriodMs = -1) =>
  wire.send(apis.renewDelegationToken, 2, { hmac, renewPeriodMs });
const expire = (wire: Wire, { hmac }: Pick<Token, 'hmac'>, expiryTimePeriodMs: number) =>
  wire.send(apis.expireDelegationToken, 2, { hmac, expiryTimePeriodMs });

const freshUser = (): string => broker.freshName('user');

/**
 * Resolves once the token is known, or forgotten, where that matters: the node of this connection tells of tokens and takes logins, and the
 * controller decides who may renew and end them. Each reads the log of metadata in its own time, also the controller that has written to it.
 */
async function known(wire: Wire, token: Token, isThere = true): Promise<void> {
  const what = isThere ? 'known' : 'forgotten';
  await until(`the node has ${what} the token`, async () => {
    const { tokens } = await wire.send(apis.describeDelegationToken, 3, { owners: null });
    return tokens.some(({ tokenId }) => tokenId === token.tokenId) === isThere;
  });
  // Somebody else cannot end a token: not as it is another's, or not as it is none.
  const stranger = await loginAs(freshUser());
  await until(`the controller has ${what} the token`, async () => {
    const { errorCode } = await expire(stranger, token, 1000);
    return (errorCode === code.delegationTokenOwnerMismatch) === isThere;
  });
  stranger.close();
}

async function tokenOf(user: string, wanted?: Wanted): Promise<{ readonly wire: Wire; readonly token: Token }> {
  const wire = await loginAs(user);
  const token = await create(wire, wanted);
  expect(token.errorCode).toBe(code.none);
  await known(wire, token);
  return { wire, token };
}

describe.each(versionsOf(apis.createDelegationToken))('CreateDelegationToken version %i', (version) => {
  it('gives a token for the client', async () => {
    const user = freshUser();
    const wire = await loginAs(user);
    const token = await create(wire, { version });
    expect(token).toMatchObject({ errorCode: code.none, ...principal(user) });
    if (version >= 3) expect(token).toMatchObject({ tokenRequesterPrincipalType: 'User', tokenRequesterPrincipalName: user });
    expect(token.tokenId).toMatch(/^[\w-]{22}$/);
    expect(token.hmac).toHaveLength(64);
    expect(token.expiryTimestampMs - token.issueTimestampMs).toBe(day);
    expect(token.maxTimestampMs - token.issueTimestampMs).toBe(week);
  });

  it('is not for those who have not said who they are', async () => {
    const wire = await broker.wire();
    expect(await create(wire, { version })).toMatchObject({
      errorCode: code.delegationTokenRequestNotAllowed,
      ...principal('ANONYMOUS'),
      ...{ issueTimestampMs: -1, expiryTimestampMs: -1, maxTimestampMs: -1, tokenId: '', hmac: Buffer.alloc(0) },
    });
  });
});

describe('CreateDelegationToken', () => {
  it.each<[string, number, number, number]>([
    ['a shorter life', 1000, 1000, 1000],
    ['a longer life than is given', week + 1, day, week],
    ['two days', 2 * day, day, 2 * day],
  ])('%s', async (_, maxLifetimeMs, expiresAfter, endsAfter) => {
    const token = await create(await loginAs(freshUser()), { maxLifetimeMs });
    expect(token.expiryTimestampMs - token.issueTimestampMs).toBe(expiresAfter);
    expect(token.maxTimestampMs - token.issueTimestampMs).toBe(endsAfter);
  });

  it('renewers are users', async () => {
    const wire = await loginAs(freshUser());
    const renewers = [{ principalType: 'Group', principalName: 'x' }];
    const answer = await wire.send(apis.createDelegationToken, 3, { renewers, maxLifetimeMs: -1 });
    expect(answer).toMatchObject({ errorCode: code.invalidPrincipalType, issueTimestampMs: -1, tokenId: '' });
  });

  it('a token for somebody else needs permission', async () => {
    const [user, owner] = [freshUser(), freshUser()];
    const entry: AclSpec = { type: 'user', name: `User:${owner}`, principal: `User:${user}`, operation: 'createTokens' };
    const closed: AclSpec = { ...entry, principal: 'User:somebody-else' };
    await grant(closed);
    const wire = await loginAs(user);
    const refused = await create(wire, { owner });
    expect(refused).toMatchObject({
      errorCode: code.delegationTokenAuthorizationFailed,
      ...principal(owner),
      tokenRequesterPrincipalName: user,
    });
    await grant(entry);
    expect(await create(wire, { owner })).toMatchObject({ errorCode: code.none, ...principal(owner), tokenRequesterPrincipalName: user });
    await revoke(entry, closed);
  });
});

describe.each(versionsOf(apis.describeDelegationToken))('DescribeDelegationToken version %i', (version) => {
  const describeTokens = async (wire: Wire, owners: readonly string[] | null) =>
    wire.send(apis.describeDelegationToken, version, { owners: owners?.map(principal) ?? null });

  it('tells all of a token, to its owner and its renewers', async () => {
    const [user, renewer] = [freshUser(), freshUser()];
    const { wire, token } = await tokenOf(user, { renewers: [renewer] });
    for (const asking of [wire, await loginAs(renewer)]) {
      const { errorCode, tokens } = await describeTokens(asking, [user]);
      expect(errorCode).toBe(code.none);
      expect(tokens).toMatchObject([
        {
          ...principal(user),
          ...(version >= 3 && { tokenRequesterPrincipalType: 'User', tokenRequesterPrincipalName: user }),
          issueTimestamp: token.issueTimestampMs,
          expiryTimestamp: token.expiryTimestampMs,
          maxTimestamp: token.maxTimestampMs,
          tokenId: token.tokenId,
          hmac: token.hmac,
          renewers: [principal(renewer)],
        },
      ]);
    }
    expect(await describeTokens(wire, [])).toMatchObject({ errorCode: code.none, tokens: [] });
    expect(await describeTokens(wire, [freshUser()])).toMatchObject({ errorCode: code.none, tokens: [] });
  });

  it('hides a token from those who may not describe it', async () => {
    const user = freshUser();
    const { wire, token } = await tokenOf(user);
    const other = await loginAs(freshUser());
    expect((await describeTokens(other, [user])).tokens).toHaveLength(1); // nothing forbids it
    const entries: AclSpec[] = [
      { type: 'token', name: token.tokenId, principal: 'User:somebody-else', operation: 'describe' },
      { type: 'user', name: `User:${user}`, principal: 'User:somebody-else', operation: 'describeTokens' },
    ];
    await grant(...entries);
    expect((await describeTokens(other, [user])).tokens).toHaveLength(0);
    expect((await describeTokens(wire, [user])).tokens).toHaveLength(1);
    await revoke(...entries);
  });

  it('is not for those who have not said who they are', async () => {
    const wire = await broker.wire();
    expect(await describeTokens(wire, null)).toMatchObject({ errorCode: code.delegationTokenRequestNotAllowed, tokens: [] });
  });
});

describe('RenewDelegationToken', () => {
  it('by the owner or a renewer, no longer than the token was made for', async () => {
    const renewer = freshUser();
    const { wire, token } = await tokenOf(freshUser(), { renewers: [renewer], maxLifetimeMs: 2 * day });
    const renewed = await renew(await loginAs(renewer), token, 3 * day);
    expect(renewed.errorCode).toBe(code.none);
    expect(renewed.expiryTimestampMs).toBeGreaterThanOrEqual(token.expiryTimestampMs); // a day from now
    expect(renewed.expiryTimestampMs).toBeLessThan(token.maxTimestampMs);
    const shorter = await renew(wire, token, 1000);
    expect(shorter.expiryTimestampMs).toBeLessThan(token.expiryTimestampMs);
    const ends = await create(wire, { maxLifetimeMs: 60_000 });
    await known(wire, ends);
    expect(await renew(wire, ends)).toMatchObject({ errorCode: code.none, expiryTimestampMs: ends.maxTimestampMs });
  });

  it('is refused', async () => {
    const { wire, token } = await tokenOf(freshUser());
    const refused = (errorCode: number) => ({ errorCode, expiryTimestampMs: 0 });
    expect(await renew(wire, { hmac: Buffer.alloc(64) })).toMatchObject(refused(code.delegationTokenNotFound));
    expect(await renew(await loginAs(freshUser()), token)).toMatchObject(refused(code.delegationTokenOwnerMismatch));
    expect(await renew(await broker.wire(), token)).toMatchObject({
      errorCode: code.delegationTokenRequestNotAllowed,
      expiryTimestampMs: -1,
    });
  });

  it('comes too late for a token that has expired', async () => {
    const { wire, token } = await tokenOf(freshUser(), { maxLifetimeMs: 1 });
    await until('the token has expired', async () => (await renew(wire, token)).errorCode === code.delegationTokenExpired);
    expect(await expire(wire, token, 1000)).toMatchObject({ errorCode: code.delegationTokenExpired, expiryTimestampMs: 0 });
    expect(await expire(wire, token, -1)).toMatchObject({ errorCode: code.none });
  });
});

describe('ExpireDelegationToken', () => {
  it('sets an earlier end, or ends the token now', async () => {
    const { wire, token } = await tokenOf(freshUser());
    const sooner = await expire(wire, token, 60_000);
    expect(sooner.errorCode).toBe(code.none);
    expect(sooner.expiryTimestampMs).toBeLessThan(token.expiryTimestampMs);
    expect(await expire(wire, token, 2 * week)).toMatchObject({ errorCode: code.none, expiryTimestampMs: token.maxTimestampMs });
    const now = await expire(wire, token, -1);
    expect(now.errorCode).toBe(code.none);
    expect(now.expiryTimestampMs).toBeLessThan(sooner.expiryTimestampMs);
    await known(wire, token, false);
    expect(await expire(wire, token, -1)).toMatchObject({ errorCode: code.delegationTokenNotFound, expiryTimestampMs: 0 });
  });

  it('is refused', async () => {
    const { token } = await tokenOf(freshUser());
    const stranger = await loginAs(freshUser());
    expect(await expire(stranger, token, -1)).toMatchObject({ errorCode: code.delegationTokenOwnerMismatch, expiryTimestampMs: 0 });
    expect(await expire(await broker.wire(), token, -1)).toMatchObject({
      errorCode: code.delegationTokenRequestNotAllowed,
      expiryTimestampMs: -1,
    });
  });
});

describe.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('a login with a token by %s', (mechanism) => {
  it('is one of its owner', async () => {
    const user = freshUser();
    const { token } = await tokenOf(user);
    const password = token.hmac.toString('base64');
    const { name } = await broker.createTopic();
    const entry: AclSpec = { name, principal: `User:${user}`, operation: 'read' };
    await grant(entry);

    const login = await scramLogin(token.tokenId, password, { mechanism, byToken: true });
    expect(login).toMatchObject({ errorCode: code.none });
    if ('sessionLifetimeMs' in login) expect(login.sessionLifetimeMs).toBeGreaterThan(0);
    const { topics } = await login.wire.send(apis.metadata, 9, { topics: [{ name }], includeTopicAuthorizedOperations: true });
    expect(topics).toMatchObject([{ errorCode: code.none, topicAuthorizedOperations: 0b1_0000_1000 }]);
    await revoke(entry);

    // A token does not get tokens.
    expect(await create(login.wire)).toMatchObject({ errorCode: code.delegationTokenRequestNotAllowed });
    expect(await renew(login.wire, token)).toMatchObject({ errorCode: code.delegationTokenRequestNotAllowed });
    expect(await expire(login.wire, token, -1)).toMatchObject({ errorCode: code.delegationTokenRequestNotAllowed });
    const described = await login.wire.send(apis.describeDelegationToken, 3, { owners: null });
    expect(described).toMatchObject({ errorCode: code.delegationTokenRequestNotAllowed });
  });

  it('is refused with another secret, without saying that it is a token, and once the token has ended', async () => {
    const { wire, token } = await tokenOf(freshUser());
    const password = token.hmac.toString('base64');
    const refused = { errorCode: code.saslAuthenticationFailed };
    expect(await scramLogin(token.tokenId, 'wrong', { mechanism, byToken: true })).toMatchObject(refused);
    expect(await scramLogin(token.tokenId, password, { mechanism })).toMatchObject(refused);
    expect(await scramLogin('nothing', password, { mechanism, byToken: true })).toMatchObject(refused);
    await expire(wire, token, -1);
    await known(wire, token, false);
    expect(await scramLogin(token.tokenId, password, { mechanism, byToken: true })).toMatchObject(refused);
  });
});
