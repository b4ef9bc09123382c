import { type AclFilter, createAcls, deleteAcls, describeAcls, type KafkaClient, type NewAcl, valuesOf } from '@tskafka/core';
import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { connect, useClient } from '../consumer/fixture.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

const principals: string[] = [];

function freshUser(): string {
  const principal = `User:${broker.freshName('user')}`;
  principals.push(principal);
  return principal;
}

afterAll(async () => {
  await using own = await connect(); // the file's own is closed by now
  valuesOf(await deleteAcls(own, principals.map((principal) => ({ principal })))); // prettier-ignore
});

/** What the filter picks, once that is so many: a node reads the log of metadata in its own time. */
async function described(filter: AclFilter, count: number) {
  let found: Awaited<ReturnType<typeof describeAcls>> = [];
  await until(`a node knows ${count} rules`, async () => (found = await describeAcls(client, filter)).length === count);
  return found;
}

describe('ACLs', () => {
  it('are created, told by filter, and deleted', async () => {
    const [topic, principal] = [broker.freshName('topic'), freshUser()];
    const read: NewAcl = { resourceType: 'topic', resourceName: topic, principal, operation: 'read', permission: 'allow' };
    const write: NewAcl = {
      ...read,
      resourceName: topic.slice(0, -2),
      patternType: 'prefixed',
      host: '10.0.0.1',
      operation: 'write',
      permission: 'deny',
    };
    const created = await createAcls(client, [read, write]);
    expect([...created]).toEqual([[read, undefined], [write, undefined]]); // prettier-ignore

    const all = await described({ principal }, 2);
    const wholeRead = { ...read, patternType: 'literal', host: '*' };
    expect(all).toEqual(expect.arrayContaining([wholeRead, write]));
    await expect.poll(() => describeAcls(client, { principal, operation: 'read' })).toEqual([wholeRead]);
    await expect.poll(() => describeAcls(client, { principal, resourceName: topic, patternType: 'match' })).toHaveLength(2);
    await expect.poll(() => describeAcls(client, { principal, resourceName: topic })).toEqual([wholeRead]);
    await expect.poll(() => describeAcls(client, { principal, resourceType: 'group' })).toEqual([]);

    const filters: AclFilter[] = [{ principal, permission: 'deny' }, { principal: `${principal}-none` }];
    const deleted = valuesOf(await deleteAcls(client, filters));
    expect([...deleted.get(filters[0]!)!]).toEqual([[write, undefined]]);
    expect(deleted.get(filters[1]!)!.size).toBe(0);
    expect(await described({ principal }, 1)).toEqual([wholeRead]);
  });

  it('a rule that cannot be fails alone', async () => {
    const principal = freshUser();
    const good: NewAcl = { resourceType: 'group', resourceName: '*', principal, operation: 'all', permission: 'allow' };
    const bad: NewAcl = { ...good, resourceType: 'cluster', resourceName: 'another' };
    const created = await createAcls(client, [bad, good]);
    expect(created.get(bad)).toMatchObject({ errorName: 'INVALID_REQUEST', message: expect.stringContaining('kafka-cluster') });
    expect(created.get(good)).toBeUndefined();
  });

  it.each([
    [{ resourceType: 'queue' }, "a rule's resourceType must be one of topic, group, cluster"],
    [{ principal: 'alice' }, "a rule's principal needs a type, as in User:alice; 'alice' has none"],
    [{ operation: 'READ' }, "a rule's operation must be one of all, read"],
    [{ patternType: 'match' }, "a rule's patternType must be one of literal, prefixed"],
  ])('refuses %j before anything is sent', async (change, message) => {
    const rule = { resourceType: 'topic', resourceName: 't', principal: 'User:a', operation: 'read', permission: 'allow', ...change };
    await expect(createAcls(client, [rule as never])).rejects.toThrow(message);
  });
});
