import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { saslUser } from '../../tools/real-kafka/properties.ts';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { closeLogins, saltedPassword, scramLogin } from './fixture.ts';

const wire = await broker.wire(1);
const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
type Mechanism = (typeof mechanisms)[number];
const numberOf = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const;

const users: { name: string; mechanism: number }[] = [];

afterAll(async () => {
  for (const user of users) await wire.send(apis.alterUserScramCredentials, 0, { deletions: [user], upsertions: [] });
  closeLogins();
});

function freshUser(): string {
  const name = broker.freshName('scram');
  users.push({ name, mechanism: 1 }, { name, mechanism: 2 });
  return name;
}

interface Changes {
  readonly deletions?: readonly { readonly name: string; readonly mechanism: number }[];
  readonly upsertions?: readonly ({ readonly name: string } & ReturnType<typeof saltedPassword>)[];
}

async function alter({ deletions = [], upsertions = [] }: Changes) {
  const { results } = await wire.send(apis.alterUserScramCredentials, 0, { deletions, upsertions });
  return results.toSorted((a, b) => (a.user < b.user ? -1 : 1));
}

async function describeUsers(...names: string[]) {
  const answer = await wire.send(apis.describeUserScramCredentials, 0, { users: names.map((name) => ({ name })) });
  expect(answer).toMatchObject({ errorCode: code.none, errorMessage: '' });
  return answer.results;
}

/** Creates a user, and resolves once the first node knows it. */
async function createUser(name: string, mechanism: Mechanism, password: string, iterations?: number): Promise<void> {
  expect(await alter({ upsertions: [{ name, ...saltedPassword(mechanism, password, iterations) }] })).toEqual([
    { user: name, errorCode: code.none, errorMessage: null },
  ]);
  await until(`node 1 knows ${name}`, async () => {
    const [user] = await describeUsers(name);
    return user!.credentialInfos.some((info) => info.mechanism === numberOf[mechanism] && info.iterations === (iterations ?? 4096));
  });
}

describe.each(mechanisms)('%s', (mechanism) => {
  it('a user that was created logs in, until it is removed', async () => {
    const name = freshUser();
    expect(await scramLogin(name, 'secret', { mechanism })).toMatchObject({ errorCode: code.saslAuthenticationFailed });
    await createUser(name, mechanism, 'secret');
    const { errorCode, wire: loggedIn } = await scramLogin(name, 'secret', { mechanism });
    expect(errorCode).toBe(code.none);
    expect((await loggedIn.send(apis.metadata, 9, { topics: [] })).brokers).toHaveLength(broker.nodes);
    expect(await scramLogin(name, 'wrong', { mechanism })).toMatchObject({
      errorCode: code.saslAuthenticationFailed,
      errorMessage: `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`,
    });

    const deletion = { name, mechanism: numberOf[mechanism] };
    expect(await alter({ deletions: [deletion] })).toEqual([{ user: name, errorCode: code.none, errorMessage: null }]);
    await until('the user is gone', async () => (await describeUsers(name))[0]!.errorCode === code.resourceNotFound);
    expect(await scramLogin(name, 'secret', { mechanism })).toMatchObject({ errorCode: code.saslAuthenticationFailed });
  });

  it('a new password takes the place of the old one', async () => {
    const name = freshUser();
    await createUser(name, mechanism, 'old');
    await createUser(name, mechanism, 'new', 5000);
    expect(await scramLogin(name, 'old', { mechanism })).toMatchObject({ errorCode: code.saslAuthenticationFailed });
    expect(await scramLogin(name, 'new', { mechanism })).toMatchObject({ errorCode: code.none });
  });

  it('a user of one mechanism is none of the other', async () => {
    const name = freshUser();
    await createUser(name, mechanism, 'secret');
    const other = mechanisms.find((candidate) => candidate !== mechanism)!;
    expect(await scramLogin(name, 'secret', { mechanism: other })).toMatchObject({ errorCode: code.saslAuthenticationFailed });
  });
});

describe('AlterUserScramCredentials', () => {
  const valid = (): ReturnType<typeof saltedPassword> => saltedPassword('SCRAM-SHA-256', 'secret');

  it.each<[string, object, number, string]>([
    ['too few iterations', { iterations: 4095 }, code.unacceptableCredential, 'Too few iterations'],
    ['too many iterations', { iterations: 16385 }, code.unacceptableCredential, 'Too many iterations'],
    ['an unknown mechanism', { mechanism: 3 }, code.unsupportedSaslMechanism, 'Unknown SCRAM mechanism'],
    ['no name', { name: '' }, code.unacceptableCredential, 'Username must not be empty'],
  ])('%s is refused, and the other users are created', async (_, fields, errorCode, errorMessage) => {
    const [good, bad] = [freshUser(), freshUser()];
    const results = await alter({
      upsertions: [
        { name: good, ...valid() },
        { name: bad, ...valid(), ...fields },
      ],
    });
    const user = 'name' in fields ? '' : bad;
    expect(results).toContainEqual({ user, errorCode, errorMessage });
    expect(results).toContainEqual({ user: good, errorCode: code.none, errorMessage: null });
  });

  it.each<[string, object, number, string]>([
    ['who is not there', {}, code.resourceNotFound, 'Attempt to delete a user credential that does not exist'],
    ['by an unknown mechanism', { mechanism: 0 }, code.unsupportedSaslMechanism, 'Unknown SCRAM mechanism'],
    ['without a name', { name: '' }, code.unacceptableCredential, 'Username must not be empty'],
  ])('a user %s is not removed', async (_, fields, errorCode, errorMessage) => {
    const deletion = { name: broker.freshName(), mechanism: 1, ...fields };
    expect(await alter({ deletions: [deletion] })).toEqual([{ user: deletion.name, errorCode, errorMessage }]);
  });

  it('a user twice in one request is refused as a whole', async () => {
    const [twice, both] = [freshUser(), freshUser()];
    await createUser(both, 'SCRAM-SHA-256', 'secret');
    const upsertions = [
      { name: twice, ...valid() },
      { name: twice, ...saltedPassword('SCRAM-SHA-512', 'secret') },
      { name: both, ...valid() },
    ];
    const results = await alter({ deletions: [{ name: both, mechanism: 1 }], upsertions });
    const errorMessage = 'A user credential cannot be altered twice in the same request';
    const refused = (user: string) => ({ user, errorCode: code.duplicateResource, errorMessage });
    expect(results).toEqual([refused(twice), refused(both)].toSorted((a, b) => (a.user < b.user ? -1 : 1)));
    expect(await describeUsers(twice)).toMatchObject([{ errorCode: code.resourceNotFound }]);
    expect(await describeUsers(both)).toMatchObject([{ errorCode: code.none }]);
  });
});

describe('DescribeUserScramCredentials', () => {
  it('tells mechanisms and iterations, and of every user without a list', async () => {
    const name = freshUser();
    await createUser(name, 'SCRAM-SHA-256', 'secret', 4097);
    await createUser(name, 'SCRAM-SHA-512', 'secret', 4098);
    const user = (await describeUsers(name))[0]!;
    expect(user).toMatchObject({ user: name, errorCode: code.none, errorMessage: '' });
    expect(user.credentialInfos.toSorted((a, b) => a.mechanism - b.mechanism)).toEqual([
      { mechanism: 1, iterations: 4097 },
      { mechanism: 2, iterations: 4098 },
    ]);
    await broker.withSasl(); // the mock's users come with its listener
    const { results } = await wire.send(apis.describeUserScramCredentials, 0, { users: null });
    expect(results.map((one) => one.user)).toEqual(expect.arrayContaining([name, saslUser.username]));
  });

  it('a user that is not there, and one that is asked for twice, are errors of their own', async () => {
    const [missing, twice] = [broker.freshName(), freshUser()];
    await createUser(twice, 'SCRAM-SHA-256', 'secret');
    const results = await describeUsers(missing, twice, twice);
    expect(results).toHaveLength(2);
    expect(results).toContainEqual({
      user: missing,
      errorCode: code.resourceNotFound,
      errorMessage: `Attempt to describe a user credential that does not exist: ${missing}`,
      credentialInfos: [],
    });
    expect(results).toContainEqual({
      user: twice,
      errorCode: code.duplicateResource,
      errorMessage: `Cannot describe SCRAM credentials for the same user twice in a single request: ${twice}`,
      credentialInfos: [],
    });
  });
});
