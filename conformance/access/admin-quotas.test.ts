import { alterClientQuotas, describeClientQuotas, type KafkaClient, type QuotaChange, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('client quotas', () => {
  it('are set, told by filter, and taken away', async () => {
    const [user, clientId] = [broker.freshName('user'), broker.freshName('client')];
    const alone: QuotaChange = { entity: { user }, limits: { producer_byte_rate: 1024, consumer_byte_rate: 2048 } };
    const both: QuotaChange = { entity: { user, clientId }, limits: { request_percentage: 50 } };
    const forDefault: QuotaChange = { entity: { user, clientId: null }, limits: { producer_byte_rate: 1 } };
    const altered = await alterClientQuotas(client, [alone, both, forDefault]);
    expect([...altered]).toEqual([alone, both, forDefault].map((change) => [change, undefined]));

    await until('a node knows the quotas', async () => (await describeClientQuotas(client, { user })).length === 3);
    await expect.poll(() => describeClientQuotas(client, { user })).toEqual(expect.arrayContaining([alone, both, forDefault]));
    await expect.poll(() => describeClientQuotas(client, { user, strict: true })).toEqual([alone]);
    await expect.poll(() => describeClientQuotas(client, { user, clientId })).toEqual([both]);
    await expect.poll(() => describeClientQuotas(client, { user, clientId: null })).toEqual([forDefault]);
    await expect.poll(() => describeClientQuotas(client, { user, clientId: true })).toHaveLength(2);

    const change: QuotaChange = { entity: { user }, limits: { producer_byte_rate: null } };
    const rest = [both, forDefault].map(({ entity, limits }) => ({ entity, limits: { ...limits } }));
    valuesOf(await alterClientQuotas(client, [change, ...rest.map(({ entity, limits }) => ({ entity, limits: nulled(limits) }))]));
    const left = [{ entity: { user }, limits: { consumer_byte_rate: 2048 } }];
    await until('a node has forgotten the others', async () => (await describeClientQuotas(client, { user })).length === 1);
    await expect.poll(() => describeClientQuotas(client, { user })).toEqual(left);
    valuesOf(await alterClientQuotas(client, [{ entity: { user }, limits: { consumer_byte_rate: null } }]));
  });

  it('a limit that Kafka does not know fails alone; nothing is set with validateOnly', async () => {
    const user = broker.freshName('user');
    const bad: QuotaChange = { entity: { user: `${user}-bad` }, limits: { bytes_a_day: 1 } };
    const good: QuotaChange = { entity: { user }, limits: { producer_byte_rate: 1 } };
    const altered = await alterClientQuotas(client, [bad, good], { validateOnly: true });
    expect(altered.get(bad)).toMatchObject({ errorName: 'INVALID_REQUEST' });
    expect(altered.get(good)).toBeUndefined();
    await expect.poll(() => describeClientQuotas(client, { user })).toEqual([]);
  });

  it.each([
    [{ entity: {}, limits: {} }, 'a quota must be for a user, a clientId or an ip'],
    [{ entity: { userName: 'a' }, limits: {} }, "a quota is for a user, a clientId or an ip, not for 'userName'"],
    [{ entity: { user: 7 }, limits: {} }, 'the user of a quota must be a name, or null for the default one, not 7'],
    [{ entity: { user: 'a' }, limits: { x: '1' } }, 'x must be a number, or null to remove it, not 1'],
  ])('refuses %j before anything is sent', async (change, message) => {
    await expect(alterClientQuotas(client, [change as never])).rejects.toThrow(message);
  });
});

function nulled(limits: Readonly<Record<string, unknown>>): Record<string, null> {
  return Object.fromEntries(Object.keys(limits).map((key) => [key, null]));
}
