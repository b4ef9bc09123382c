import { createDelegationToken, describeDelegationTokens, expireDelegationToken, KafkaClient, renewDelegationToken } from '@tskafka/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { unsignedToken } from '../login.ts';
import { until } from '../until.ts';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';

const [user, renewer] = [broker.freshName('owner'), `User:${broker.freshName('renewer')}`];

describe.skipIf(broker.nodes === 1)('delegation tokens', () => {
  let client: KafkaClient;

  beforeAll(async () => {
    const brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`);
    client = await KafkaClient.connect({ brokers, transport: tcpTransport, sasl: oauth(user) });
  });
  afterAll(async () => client?.close());

  it('are made, told, renewed and ended', async () => {
    const made = await createDelegationToken(client, { renewers: [renewer], maxLifetimeMs: 3_600_000 });
    expect(made).toMatchObject({ owner: `User:${user}`, requester: `User:${user}`, renewers: [renewer] });
    expect(made.maxAt - made.issuedAt).toBe(3_600_000);
    expect(made.hmac.length).toBeGreaterThan(30);

    let told = [made];
    const known = async (count: number) => (told = await describeDelegationTokens(client, [`User:${user}`])).length === count;
    await until('the node knows the token', () => known(1));
    expect(told).toEqual([made]);
    expect(await describeDelegationTokens(client, [renewer])).toEqual([made]);
    expect(await describeDelegationTokens(client, ['User:somebody-else'])).toEqual([]);

    let renewedTo = 0;
    await until('the controller knows the token', async () => {
      renewedTo = await renewDelegationToken(client, made.hmac, { periodMs: 1000 }).catch(() => 0);
      return renewedTo > 0;
    });
    expect(renewedTo).toBeLessThan(made.expiresAt);
    await expireDelegationToken(client, made.hmac);
    await until('the node has forgotten the token', () => known(0));
    await expect(renewDelegationToken(client, Buffer.from('no such token'))).rejects.toMatchObject({
      errorName: 'DELEGATION_TOKEN_NOT_FOUND',
    });
  });

  it.each([
    [{ renewers: ['alice'] }, "a principal needs a type and a name, as in User:alice, not 'alice'"],
    [{ owners: 'User:a' }, "createDelegationToken has no option 'owners'; did you mean 'owner'?"],
  ])('refuses %j before anything is sent', async (options, message) => {
    await expect(createDelegationToken(client, options as never)).rejects.toThrow(message);
  });
});

/** A login by a token that nobody has signed. */
function oauth(user: string) {
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: unsignedToken(user) }) } as const;
}
