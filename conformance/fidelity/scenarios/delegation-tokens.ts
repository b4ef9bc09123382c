import { apis } from '@tskafka/core/protocol';
import type { Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { createDelegationToken, renewDelegationToken, expireDelegationToken, describeDelegationToken } = apis;

/** Less than what two clocks may differ by, so that its end is a time of this run. */
const hour = 3_600_000;
/** A secret of the broker. */
const mask = ['hmac'];

const user = (principalName: string) => ({ principalType: 'User', principalName });
const creation = (renewers: readonly string[] = [], maxLifetimeMs = hour) => ({ renewers: renewers.map(user), maxLifetimeMs });

/** A user with a token that node 1 knows, and the controller. */
async function owner(talk: Talk, renewers: readonly string[] = []) {
  const as = talk.name('user');
  const token = await talk.peek(createDelegationToken, creation(renewers), { as });
  if (token.errorCode !== 0) throw new Error(`creating a token: error ${token.errorCode}`);
  await known(talk, as, token.hmac);
  return { as, token, hmac: token.hmac };
}

const ownerMismatch = 63;

/** Resolves once node 1, which tells of tokens, and the controller, which decides, have both heard of this one, or of its end. */
async function known(talk: Talk, as: string, hmac: Buffer, isThere = true): Promise<void> {
  await talk.until(`node 1 has heard of the token: ${isThere}`, async () => (await tokensOf(talk, as)).length === (isThere ? 1 : 0));
  await talk.until(`the controller has heard of the token: ${isThere}`, async () => {
    const { errorCode } = await talk.peek(expireDelegationToken, { hmac, expiryTimePeriodMs: 1000 }, { as: `${as}-stranger` });
    return (errorCode === ownerMismatch) === isThere;
  });
}

async function tokensOf(talk: Talk, as: string) {
  const { tokens } = await talk.peek(describeDelegationToken, { owners: [user(as)] }, { as });
  return tokens;
}

/** What is said to whom has not said who he is, and where the brokers have no key to sign tokens. */
const nobody = [
  ['of nobody', createDelegationToken, creation()],
  ['of nobody', renewDelegationToken, { hmac: Buffer.alloc(64), renewPeriodMs: -1 }],
  ['of nobody', expireDelegationToken, { hmac: Buffer.alloc(64), expiryTimePeriodMs: -1 }],
  ['of nobody', describeDelegationToken, { owners: null }],
] as const;

export const delegationTokenScenarios: Scenario[] = [
  ...nobody.flatMap(([title, api, request]) =>
    ([1, 3] as const).map((nodes): Scenario => ({
      api,
      nodes,
      title,
      run: async (talk) => void (await talk.ask(api as typeof createDelegationToken, request as never)),
    })),
  ),
  {
    api: createDelegationToken,
    nodes: 3,
    title: 'a token and who may renew it',
    run: async (talk) => {
      const [as, renewer] = [talk.name('user'), talk.name('renewer')];
      await talk.ask(createDelegationToken, creation([renewer]), { as, mask });
      await talk.until('the token is known', async () => (await tokensOf(talk, as)).length === 1);
      await talk.ask(describeDelegationToken, { owners: null }, { as, mask, own: 'tokens' });
      await talk.ask(describeDelegationToken, { owners: null }, { as: renewer, mask, own: 'tokens' });
    },
  },
  ...(
    [
      ['a renewer that is no user', { renewers: [{ principalType: 'Group', principalName: 'x' }], maxLifetimeMs: -1 }],
      ['a renewer without a name', { renewers: [user('')], maxLifetimeMs: hour }],
    ] as const
  ).map(([title, request]): Scenario => ({
    ...{ api: createDelegationToken, nodes: 3, title },
    run: async (talk) => void (await talk.ask(createDelegationToken, request, { as: talk.name('user'), mask })),
  })),
  {
    api: createDelegationToken,
    nodes: 3,
    since: 3,
    title: 'for somebody else',
    run: async (talk) => {
      const request = { ...creation(), ownerPrincipalType: 'User', ownerPrincipalName: talk.name('owner') };
      await talk.ask(createDelegationToken, request, { as: talk.name('user'), mask });
      await talk.ask(createDelegationToken, { ...request, ownerPrincipalType: 'Group' }, { as: talk.name('user'), mask });
    },
  },
  {
    api: renewDelegationToken,
    nodes: 3,
    title: 'its owner renews it, and others cannot',
    run: async (talk) => {
      const { as, hmac } = await owner(talk);
      await talk.ask(renewDelegationToken, { hmac, renewPeriodMs: 1000 }, { as });
      await talk.ask(renewDelegationToken, { hmac, renewPeriodMs: -1 }, { as });
      await talk.ask(renewDelegationToken, { hmac, renewPeriodMs: 1000 }, { as: talk.name('stranger') });
      await talk.ask(renewDelegationToken, { hmac: Buffer.alloc(64), renewPeriodMs: 1000 }, { as });
    },
  },
  {
    api: expireDelegationToken,
    nodes: 3,
    title: 'its owner ends it, and others cannot',
    run: async (talk) => {
      const { as, hmac } = await owner(talk);
      await talk.ask(expireDelegationToken, { hmac, expiryTimePeriodMs: 60_000 }, { as });
      await talk.ask(expireDelegationToken, { hmac, expiryTimePeriodMs: -1 }, { as: talk.name('stranger') });
      await talk.ask(expireDelegationToken, { hmac: Buffer.alloc(64), expiryTimePeriodMs: -1 }, { as });
      await talk.ask(expireDelegationToken, { hmac, expiryTimePeriodMs: -1 }, { as });
      await known(talk, as, hmac, false);
      await talk.ask(expireDelegationToken, { hmac, expiryTimePeriodMs: -1 }, { as });
    },
  },
  {
    api: describeDelegationToken,
    nodes: 3,
    title: 'tokens of owners',
    run: async (talk) => {
      const { as } = await owner(talk, [talk.name('renewer')]);
      await talk.ask(describeDelegationToken, { owners: [user(as)] }, { as, mask });
      await talk.ask(describeDelegationToken, { owners: [user(talk.name('nobody'))] }, { as, mask });
      await talk.ask(describeDelegationToken, { owners: [] }, { as, mask });
      await talk.ask(describeDelegationToken, { owners: [user(as)] }, { as: talk.name('stranger'), mask });
    },
  },
];
