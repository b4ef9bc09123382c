import { apis, type AlterUserScramCredentialsRequest } from '@tskafka/core/protocol';
import { saltedPassword } from '../../access/fixture.ts';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { alterUserScramCredentials, describeUserScramCredentials } = apis;

const mechanism = { sha256: 1, sha512: 2 } as const;

type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number];

const upsertion = (name: string, fields: Partial<Upsertion> = {}): Upsertion => ({
  ...{ name, ...saltedPassword('SCRAM-SHA-256', 'secret') },
  ...fields,
});
const alteration = (upsertions: readonly Upsertion[], deletions: AlterUserScramCredentialsRequest['deletions'] = []) => ({
  ...{ upsertions, deletions },
});
const of = (...names: string[]) => ({ users: names.map((name) => ({ name })) });

async function known(talk: Talk, name: string, count: number): Promise<void> {
  await talk.until(`${name} has ${count} credentials`, async () => {
    const { results } = await talk.peek(describeUserScramCredentials, of(name));
    return results[0]!.credentialInfos.length === count;
  });
}

export const scramUserScenarios: Scenario[] = [
  {
    api: alterUserScramCredentials,
    title: 'a user comes, changes and goes',
    run: async (talk) => {
      const name = talk.name('user');
      await talk.ask(alterUserScramCredentials, alteration([upsertion(name)]));
      await known(talk, name, 1);
      await talk.ask(describeUserScramCredentials, of(name));
      const other = upsertion(name, saltedPassword('SCRAM-SHA-512', 'secret', 8192));
      await talk.ask(alterUserScramCredentials, alteration([other]));
      await known(talk, name, 2);
      await talk.ask(describeUserScramCredentials, of(name));
      await talk.ask(describeUserScramCredentials, { users: null }, { own: 'results' });
      await talk.ask(alterUserScramCredentials, alteration([], [{ name, mechanism: mechanism.sha256 }]));
      await known(talk, name, 1);
      await talk.ask(alterUserScramCredentials, alteration([], [{ name, mechanism: mechanism.sha512 }]));
      await known(talk, name, 0);
      await talk.ask(describeUserScramCredentials, of(name));
    },
  },
  ...requests(alterUserScramCredentials, [
    ['no name', () => alteration([upsertion('')])],
    ['too few iterations', (talk) => alteration([upsertion(talk.name('user'), { iterations: 4095 })])],
    ['too many iterations', (talk) => alteration([upsertion(talk.name('user'), { iterations: 16_385 })])],
    ['a mechanism that does not exist', (talk) => alteration([upsertion(talk.name('user'), { mechanism: 9 })])],
    ['no mechanism', (talk) => alteration([upsertion(talk.name('user'), { mechanism: 0 })])],
    ['no salt', (talk) => alteration([upsertion(talk.name('user'), { salt: Buffer.alloc(0) })])],
    ['no password', (talk) => alteration([upsertion(talk.name('user'), { saltedPassword: Buffer.alloc(0) })])],
    ['the deletion of what is not there', (talk) => alteration([], [{ name: talk.name('user'), mechanism: 1 }])],
    ['the deletion without a name', () => alteration([], [{ name: '', mechanism: 1 }])],
    ['the deletion of an unknown mechanism', (talk) => alteration([], [{ name: talk.name('user'), mechanism: 9 }])],
    [
      'the same twice',
      (talk) => {
        const name = talk.name('user');
        return alteration([upsertion(name), upsertion(name)]);
      },
    ],
    [
      'set and deleted at once',
      (talk) => {
        const name = talk.name('user');
        return alteration([upsertion(name)], [{ name, mechanism: mechanism.sha256 }]);
      },
    ],
    ['nothing', () => alteration([])],
  ]),
  ...requests(describeUserScramCredentials, [
    ['an unknown user', (talk) => of(talk.name('user'))],
    ['no name', () => of('')],
    [
      'the same user twice',
      (talk) => {
        const name = talk.name('user');
        return of(name, name);
      },
    ],
  ]),
];
