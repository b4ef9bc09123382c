import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { alterClientQuotas, describeClientQuotas } = apis;

type Entity = Readonly<Record<string, string | null>>;
/** A number sets a quota, null removes it. */
type Quotas = Readonly<Record<string, number | null>>;

const match = { exact: 0, default: 1, any: 2 } as const;

const alteration = (entity: Entity, quotas: Quotas, validateOnly = false) => ({
  entries: [
    {
      entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
      ops: Object.entries(quotas).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
    },
  ],
  validateOnly,
});

type Component = readonly [type: string, matchType: number, match?: string | null];
const filter = (components: readonly Component[], strict = false) => ({
  components: components.map(([entityType, matchType, name = null]) => ({ entityType, matchType, match: name })),
  strict,
});
const ofUser = (name: string): Component => ['user', match.exact, name];

async function known(talk: Talk, user: string, count: number): Promise<void> {
  await talk.until(`${user} has ${count} quotas`, async () => {
    const { entries } = await talk.peek(describeClientQuotas, filter([ofUser(user)]));
    return (entries ?? []).flatMap(({ values }) => values).length === count;
  });
}

export const clientQuotaScenarios: Scenario[] = [
  {
    api: alterClientQuotas,
    title: 'quotas are set, changed and removed',
    run: async (talk) => {
      const user = talk.name('user');
      await talk.ask(alterClientQuotas, alteration({ user }, { producer_byte_rate: 1000, request_percentage: 50.5 }));
      await known(talk, user, 2);
      await talk.ask(describeClientQuotas, filter([ofUser(user)]));
      await talk.ask(alterClientQuotas, alteration({ user, 'client-id': 'c' }, { consumer_byte_rate: 2000 }));
      await known(talk, user, 3);
      await talk.ask(describeClientQuotas, filter([ofUser(user)]));
      await talk.ask(alterClientQuotas, alteration({ user }, { producer_byte_rate: 3000, request_percentage: null }));
      await talk.ask(alterClientQuotas, alteration({ user, 'client-id': 'c' }, { consumer_byte_rate: null }));
      await known(talk, user, 1);
      await talk.ask(describeClientQuotas, filter([ofUser(user)]));
      await talk.ask(alterClientQuotas, alteration({ user }, { producer_byte_rate: null }));
      await known(talk, user, 0);
      await talk.ask(describeClientQuotas, filter([ofUser(user)]));
    },
  },
  ...requests(alterClientQuotas, [
    ['looked at only', (talk) => alteration({ user: talk.name('user') }, { producer_byte_rate: 1000 }, true)],
    ['an unknown quota', (talk) => alteration({ user: talk.name('user') }, { none: 1000 })],
    ['a quota of zero', (talk) => alteration({ user: talk.name('user') }, { producer_byte_rate: 0 })],
    ['a rate that is no whole number', (talk) => alteration({ user: talk.name('user') }, { producer_byte_rate: 1.5 })],
    ['an unknown kind of entity', (talk) => alteration({ team: talk.name('team') }, { producer_byte_rate: 1000 })],
    ['an entity without a name', () => alteration({ user: '' }, { producer_byte_rate: 1000 })],
    ['no entity', () => alteration({}, { producer_byte_rate: 1000 })],
    ['an address that is none', (talk) => alteration({ ip: talk.name('address') }, { connection_creation_rate: 10 })],
    ['an address with a quota of users', () => alteration({ ip: '10.9.8.7' }, { producer_byte_rate: 1000 })],
    ['a user with a quota of addresses', (talk) => alteration({ user: talk.name('user') }, { connection_creation_rate: 10 })],
    ['an address and a user', (talk) => alteration({ ip: '10.9.8.7', user: talk.name('user') }, { connection_creation_rate: 10 })],
    ['the removal of what is not there', (talk) => alteration({ user: talk.name('user') }, { producer_byte_rate: null })],
    ['nothing', () => ({ entries: [], validateOnly: false })],
  ]),
  {
    api: describeClientQuotas,
    title: 'filters',
    run: async (talk) => {
      const [user, client] = [talk.name('user'), talk.name('client')];
      await talk.peek(alterClientQuotas, alteration({ user }, { producer_byte_rate: 1 }));
      await talk.peek(alterClientQuotas, alteration({ user, 'client-id': client }, { producer_byte_rate: 2 }));
      await talk.peek(alterClientQuotas, alteration({ 'client-id': client }, { producer_byte_rate: 3 }));
      await known(talk, user, 2);
      const ofClient: Component = ['client-id', match.exact, client];
      await talk.until('the client has quotas', async () => {
        const { entries } = await talk.peek(describeClientQuotas, filter([ofClient], true));
        return entries?.length === 1;
      });
      await talk.ask(describeClientQuotas, filter([ofUser(user)]));
      await talk.ask(describeClientQuotas, filter([ofUser(user)], true));
      await talk.ask(describeClientQuotas, filter([ofClient]));
      await talk.ask(describeClientQuotas, filter([ofUser(user), ofClient], true));
      await talk.ask(describeClientQuotas, filter([['user', match.any], ofClient], true));
      await talk.ask(describeClientQuotas, filter([['user', match.default], ofClient], true));
      await talk.ask(describeClientQuotas, filter([]), { own: 'entries' });
      const entities: Entity[] = [{ user }, { user, 'client-id': client }, { 'client-id': client }];
      for (const entity of entities) {
        await talk.peek(alterClientQuotas, alteration(entity, { producer_byte_rate: null }));
      }
    },
  },
  ...requests(describeClientQuotas, [
    ['an unknown user', (talk) => filter([ofUser(talk.name('user'))])],
    ['an unknown kind of entity', () => filter([['team', match.exact, 'a']])],
    ['an entity without a kind', () => filter([['', match.exact, 'a']])],
    ['a match of no kind', () => filter([['user', 9]])],
    ['an exact match of nothing', () => filter([['user', match.exact]])],
    ['a name beside a match that needs none', () => filter([['user', match.any, 'a']])],
    [
      'the same kind twice',
      () =>
        filter([
          ['user', match.any],
          ['user', match.default],
        ]),
    ],
    [
      'addresses and users',
      () =>
        filter([
          ['ip', match.any],
          ['user', match.any],
        ]),
    ],
  ]),
];
