import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { unsignedToken } from '../login.ts';
import type { Finished } from '../programs/run.ts';
import { tskafka } from '../programs/tskafka.ts';
import { within } from '../programs/within.ts';
import { type AclSpec, closeLogins, grant, type Operation, revoke } from './fixture.ts';

describe('tskafka says who may not do what, and how to allow it', () => {
  const alice = broker.freshName('alice');
  const principal = `User:${alice}`;
  const group = broker.freshName('group');
  let [closed, readable, brokers]: string[] = [];
  let rules: AclSpec[] = [];

  beforeAll(async () => {
    closed = (await broker.createTopic({ partitions: 2 })).name;
    readable = (await broker.createTopic({ partitions: 2 })).name;
    const deny = (operation: Operation): AclSpec => ({ type: 'cluster', name: 'kafka-cluster', principal, operation, permission: 'deny' });
    rules = [
      // The first rule of a thing closes it to all others.
      { name: closed, principal: 'User:other' },
      { name: readable, principal, operation: 'read' },
      { type: 'group', name: group, principal: 'User:other' },
      { type: 'transactionalId', name: `tskafka-produce`, pattern: 'prefixed', principal: 'User:other' },
      ...(['describe', 'alter', 'describeConfigs', 'alterConfigs'] as const).map(deny),
      { type: 'cluster', name: 'kafka-cluster', principal: 'User:*' },
    ];
    await grant(...rules);
    brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`).join(',');
  });
  afterAll(async () => {
    await revoke(...rules);
    closeLogins();
  });

  const asAlice = (args: string): Promise<Finished> =>
    tskafka(`${args} --sasl oauthbearer`, {
      brokers: brokers!,
      input: 'x\n',
      env: { TSKAFKA_SASL_OAUTHBEARER_TOKEN: unsignedToken(alice) },
    });
  const create = `an administrator can allow it: tskafka acls create --principal ${principal}`;
  const filled = (text: string): string => text.replace('CLOSED', closed!).replace('READABLE', readable!).replace('GROUP', group);

  it.each([
    ['consume CLOSED', 'read topic CLOSED', '--operation read --topic CLOSED'],
    ['tail CLOSED', 'read topic CLOSED', '--operation read --topic CLOSED'],
    ['produce CLOSED', 'write to topic CLOSED', '--operation write --topic CLOSED'],
    ['produce READABLE', 'write to topic READABLE', '--operation write --topic READABLE'],
    ['topic describe CLOSED', 'describe topic CLOSED', '--operation describe --topic CLOSED'],
    ['consume READABLE -G GROUP', 'read group GROUP', '--operation read --group GROUP'],
    ['consume READABLE --follow -G GROUP', 'read group GROUP', '--operation read --group GROUP'],
    ['lag GROUP', 'read group GROUP', '--operation read --group GROUP'],
    ['offsets reset GROUP --to end --execute', 'read group GROUP', '--operation read --group GROUP'],
    ['topic delete CLOSED --execute', 'delete topic CLOSED', '--operation delete --topic CLOSED'],
    ['topic alter READABLE -p 9 --execute', 'alter topic READABLE', '--operation alter --topic READABLE'],
    ['configs describe topic CLOSED', 'describe the configurations of topic CLOSED', '--operation describeConfigs --topic CLOSED'],
    ['group delete GROUP --execute', 'delete group GROUP', '--operation delete --group GROUP'],
    ['acls', 'describe the cluster', '--operation describe --cluster'],
    ['users', 'describe the cluster', '--operation describe --cluster'],
    ['quorum', 'describe the cluster', '--operation describe --cluster'],
    ['quotas', 'describe the configurations of the cluster', '--operation describeConfigs --cluster'],
    ['configs describe broker 1', 'describe the configurations of the cluster', '--operation describeConfigs --cluster'],
    ['acls create --principal User:a --operation read --topic t --execute', 'alter the cluster', '--operation alter --cluster'],
  ])('%s', async (args, what, rule) => {
    const { stderr, code } = await within(1000, () => asAlice(filled(args)));
    const lines = stderr.split('\n').filter((line) => /^(error|hint):/.test(line));
    expect({ lines, code }).toEqual({
      lines: [`error: ${alice} may not ${filled(what)}`, `hint:  ${create} ${filled(rule)} --execute`],
      code: 1,
    });
    expect(stderr).toMatch(/^cause: .*_AUTHORIZATION_FAILED/m);
  });

  it('produce READABLE --transaction', async () => {
    const { stderr, code } = await within(1000, () => asAlice(`produce ${readable} --transaction`));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /may not write to transactional id (tskafka-produce-\S+)\ncause: .*\nhint: .* --operation write --transactional-id \1 --execute\n$/,
    );
  });

  it('and does not say that nothing is there', async () => {
    expect((await asAlice(`transactions hanging ${closed}`)).stderr).not.toContain('there are no hanging transactions');
    expect((await asAlice(`offsets ${closed}`)).stderr).not.toContain('no topic matches');
  });

  it('and does not read as if nothing were there', async () => {
    expect((await asAlice(`consume ${closed} ${readable}`)).code).toBe(1);
    expect((await asAlice('topics --tsv')).stdout).not.toContain(closed);
  });
});
