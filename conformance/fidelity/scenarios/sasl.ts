import { apis } from '@tskafka/core/protocol';
import { saslUser } from '../../../tools/real-kafka/properties.ts';
import { tokenMessage } from '../../login.ts';
import type { Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const { saslHandshake, saslAuthenticate, metadata } = apis;

/** The connection has yet to log in. */
const as = '';

/** A token lives ten minutes, less what it took to send it. */
const mask = ['sessionLifetimeMs'];

const plain = (user: string, password: string, authorizationId = ''): Buffer => Buffer.from(`${authorizationId}\0${user}\0${password}`);

/** Chooses the mechanism, and says this. */
async function login(talk: Talk, mechanism: string, ...messages: readonly Buffer[]): Promise<void> {
  await talk.peek(saslHandshake, { mechanism }, { as });
  for (const authBytes of messages) await talk.ask(saslAuthenticate, { authBytes }, { as, mask });
}

const logins: readonly (readonly [title: string, mechanism: string, ...messages: Buffer[]])[] = [
  ['PLAIN', 'PLAIN', plain(saslUser.username, saslUser.password)],
  ['PLAIN with a wrong password', 'PLAIN', plain(saslUser.username, 'wrong')],
  ['PLAIN of an unknown user', 'PLAIN', plain('nobody', 'wrong')],
  ['PLAIN for somebody else', 'PLAIN', plain(saslUser.username, saslUser.password, 'admin')],
  ['PLAIN without a user', 'PLAIN', plain('', saslUser.password)],
  ['PLAIN without a password', 'PLAIN', plain(saslUser.username, '')],
  ['PLAIN of too few parts', 'PLAIN', Buffer.from('test')],
  ['PLAIN of nothing', 'PLAIN', Buffer.alloc(0)],
  ['SCRAM of an unknown user', 'SCRAM-SHA-256', Buffer.from('n,,n=nobody,r=nonce')],
  ['SCRAM of garbage', 'SCRAM-SHA-256', Buffer.from('garbage')],
  ['SCRAM for somebody else', 'SCRAM-SHA-512', Buffer.from(`n,a=admin,n=${saslUser.username},r=nonce`)],
  ['OAUTHBEARER', 'OAUTHBEARER', tokenMessage('alice')],
  ['OAUTHBEARER of garbage', 'OAUTHBEARER', Buffer.from('garbage')],
  ['OAUTHBEARER for somebody else', 'OAUTHBEARER', Buffer.from(tokenMessage('alice').toString().replace('n,,', 'n,a=admin,'))],
];

export const saslScenarios: Scenario[] = [
  ...['PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER', 'GSSAPI', 'NONE', ''].map((mechanism): Scenario => ({
    ...{ api: saslHandshake, nodes: 3, title: `the mechanism '${mechanism}'` },
    run: async (talk) => void (await talk.ask(saslHandshake, { mechanism }, { as })),
  })),
  ...logins.map(([title, mechanism, ...messages]): Scenario => ({
    ...{ api: saslAuthenticate, nodes: 3, title },
    run: (talk) => login(talk, mechanism, ...messages),
  })),
  {
    api: saslAuthenticate,
    nodes: 3,
    title: 'a request follows the login',
    run: async (talk) => {
      await login(talk, 'PLAIN', plain(saslUser.username, saslUser.password));
      await talk.ask(metadata, { topics: [] }, { as, mask: ['controllerId'] });
    },
  },
  {
    api: saslAuthenticate,
    nodes: 3,
    title: 'before a handshake',
    run: async (talk) => void (await talk.ask(saslAuthenticate, { authBytes: plain('a', 'b') }, { as })),
  },
  {
    api: saslHandshake,
    nodes: 3,
    since: 1,
    title: 'a request before the handshake',
    run: async (talk) => void (await talk.ask(metadata, { topics: [] }, { as })),
  },
  {
    api: saslHandshake,
    nodes: 3,
    since: 1,
    title: 'twice',
    run: async (talk) => {
      await talk.ask(saslHandshake, { mechanism: 'PLAIN' }, { as });
      await talk.ask(saslHandshake, { mechanism: 'PLAIN' }, { as });
    },
  },
];
