import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { jsonLines, tskafka } from '../programs/tskafka.ts';

const planOnly = /^plan only, nothing was changed; this would /m;

/** The rows of a command, as JSON. A node reads the log of metadata in its own time, so a change may take a moment to be told. */
async function rowsOf(args: string, count?: number): Promise<Record<string, unknown>[]> {
  let rows: Record<string, unknown>[] = [];
  const ask = async (): Promise<boolean> => {
    rows = jsonLines((await tskafka(`${args} --json`)).stdout);
    return count === undefined || rows.length === count;
  };
  await until(`${args} tells ${count} rows`, ask);
  return rows;
}

/** Until it is: what a change finds to be changed is what its node knows. */
async function done(args: string, shown: RegExp): Promise<void> {
  await until(`${args} finds it`, async () => shown.test((await tskafka(args)).stdout));
}

describe('tskafka acls', () => {
  it('shows, creates and deletes rules, and nothing without --execute', async () => {
    const [principal, topic] = [`User:${broker.freshName('user')}`, broker.freshName('topic')];
    const create = `acls create --principal ${principal} --operation read --operation describe --topic ${topic}`;
    const plan = await tskafka(create);
    expect(plan.stderr).toMatch(planOnly);
    expect(plan.stdout).toMatch(new RegExp(`^${principal} +allow +read +topic +${topic} +literal +\\* +planned$`, 'm'));
    expect(await rowsOf(`acls --principal ${principal}`)).toEqual([]);

    expect((await tskafka(`${create} --execute`)).code).toBe(0);
    const rows = await rowsOf(`acls --principal ${principal}`, 2);
    expect(rows.map(({ operation }) => operation)).toEqual(['describe', 'read']);
    expect(rows[0]).toMatchObject({ principal, permission: 'allow', resource: 'topic', name: topic, pattern: 'literal', host: '*' });

    await done(`acls delete --principal ${principal} --operation read --execute`, / read .* done$/m);
    expect(await rowsOf(`acls --principal ${principal}`, 1)).toEqual([expect.objectContaining({ operation: 'describe' })]);
    await done(`acls delete --principal ${principal} --execute`, / describe .* done$/m);
    await rowsOf(`acls --principal ${principal}`, 0);
  });

  it('creates all that a producer and a consumer need', async () => {
    const [principal, topic, group] = [`User:${broker.freshName('user')}`, broker.freshName('topic'), broker.freshName('group')];
    const create = `acls create --principal ${principal} --producer --consumer --topic ${topic} --group ${group} --prefixed`;
    expect((await tskafka(create)).stderr).toContain(`this would create 5 rules for ${principal}`);
    expect((await tskafka(`${create} --execute`)).code).toBe(0);
    const rows = await rowsOf(`acls --principal ${principal}`, 5);
    expect(rows.map(({ resource, operation }) => `${resource} ${operation}`)).toEqual([
      'group read',
      'topic create',
      'topic describe',
      'topic read',
      'topic write',
    ]);
    expect(new Set(rows.map(({ pattern }) => pattern))).toEqual(new Set(['prefixed']));
    await done(`acls delete --principal ${principal} --execute`, / done$/m);
    await rowsOf(`acls --principal ${principal}`, 0);
  });

  it('takes away what a role was given, and nothing else', async () => {
    const [principal, topic, group] = [`User:${broker.freshName('user')}`, broker.freshName('topic'), broker.freshName('group')];
    const who = `--principal ${principal} --topic ${topic}`;
    await tskafka(`acls create ${who} --producer --consumer --group ${group} --execute`);
    await tskafka(`acls create ${who} --operation write --prefixed --execute`);
    await tskafka(`acls create ${who} --operation write --deny --execute`);
    await rowsOf(`acls --principal ${principal}`, 7);
    const left = async (): Promise<string> => {
      const rows = await rowsOf(`acls --principal ${principal}`);
      return rows.map(({ permission, resource, operation, pattern }) => `${permission} ${resource} ${operation} ${pattern}`).join('\n');
    };
    await until('the rules of the producer are gone', async () => {
      await tskafka(`acls delete ${who} --producer --execute`);
      const others = ['allow group read literal', 'allow topic read literal', 'deny topic write literal', 'allow topic write prefixed'];
      return (await left()) === others.join('\n');
    });
    await done(`acls delete ${who} --consumer --group ${group} --execute`, / read .* done$/m);
    await rowsOf(`acls --principal ${principal}`, 2);
    await done(`acls delete --principal ${principal} --execute`, / done$/m);
    await rowsOf(`acls --principal ${principal}`, 0);
  });

  it.each([
    ['acls create --principal User:a --producer', '--producer of which topic?'],
    ['acls create --principal User:a --consumer --topic t', '--consumer in which group?'],
    ['acls create --principal User:a --producer --topic t --operation read', '--producer says what may be done'],
    ['acls create --principal User:a --producer --topic t --group g', '--producer needs no rule about that'],
    ['acls create --principal User:a --consumer --topic t --group g --deny', '--deny forbids'],
    ['acls create --principal User:a --consumer --topic t --group g --idempotent', '--idempotent is about producers'],
    ['acls create --principal alice --consumer --topic t --group g', '--principal User:alice'],
    ['acls delete', 'no rule was selected'],
    ['acls delete --principal User:a --producer', '--producer of which topic?'],
    ['acls delete --topic t --idempotent', '--idempotent is about producers'],
    ['acls create --operation read --topic t', 'the principal is missing'],
    ['acls create --principal User:a --topic t', 'the operation is missing'],
    ['acls create --principal User:a --operation read', 'the resource is missing'],
    ['acls create --principal User:a --operation red --topic t', 'red'],
  ])('%s is a wrong use', async (args, message) => {
    const { stdout, stderr, code } = await tskafka(args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain(message);
  });
});

describe('tskafka users', () => {
  it('sets and deletes passwords that it never shows', async () => {
    const user = broker.freshName('user');
    const plan = await tskafka(`users set ${user}`);
    expect(plan.stderr).toMatch(planOnly);
    const set = await tskafka(`users set ${user} --secret-file - --execute`, { input: 'top-secret\n' });
    expect(set).toMatchObject({ code: 0, stdout: expect.stringMatching(/SCRAM-SHA-512 +4,096 +done$/m) });
    expect(set.stdout + set.stderr).not.toContain('top-secret');
    await until('the user is known', async () => (await tskafka(`users ${user}`)).code === 0);
    expect(await rowsOf(`users list ${user}`, 1)).toEqual([{ user, mechanism: 'SCRAM-SHA-512', iterations: 4096 }]);
    await done(`users delete ${user} --execute`, / done$/m);
    let gone = await tskafka(`users ${user}`);
    await until('the user is forgotten', async () => (gone = await tskafka(`users ${user}`)).code === 1);
    expect(gone.stderr).toBe(`error: ${user} has no SCRAM password\ncause: RESOURCE_NOT_FOUND\nhint:  tskafka users lists who has one\n`);
  });

  it('a password that is nowhere is asked for, and not found without a terminal', async () => {
    const { stderr, code } = await tskafka('users set alice --execute');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: alice needs a password\nhint: {2}name a file with --secret-file/);
  });
});

describe('tskafka quotas', () => {
  it('sets limits, shows them, and takes them away', async () => {
    const user = broker.freshName('user');
    expect((await tskafka(`quotas set --for-user ${user} --set producer_byte_rate=1024`)).stderr).toMatch(planOnly);
    const set = await tskafka(`quotas set --for-user ${user} --set producer_byte_rate=1024 --set request_percentage=50 --execute`);
    expect(set.code).toBe(0);
    const rows = await rowsOf(`quotas --for-user ${user}`, 2);
    expect(rows).toContainEqual({ user, clientId: null, ip: null, defaults: [], limit: 'producer_byte_rate', value: 1024 });
    const cleared = await tskafka(`quotas set --for-user ${user} --delete producer_byte_rate --delete request_percentage --execute`);
    expect(cleared.code).toBe(0);
    await rowsOf(`quotas --for-user ${user}`, 0);
  });

  it('an unknown limit is refused by the cluster, and said', async () => {
    const { stdout, stderr, code } = await tskafka('quotas set --for-user alice --set bytes_a_day=1 --execute');
    expect(code).toBe(1);
    expect(stdout).toMatch(/ failed$/m);
    expect(stderr).toContain('bytes_a_day');
  });
});
