import { expect, it } from 'vitest';
import { saslOf } from './sasl-of.ts';

it('reads users, and how each logs in', () => {
  expect(saslOf(['plain:alice:a:b', 'SCRAM-SHA-512:bob:x', 'oauthbearer'])).toEqual({
    sasl: { users: { alice: 'a:b', bob: 'x' }, mechanisms: ['PLAIN', 'SCRAM-SHA-512', 'OAUTHBEARER'], oauthbearer: true },
    logins: [
      { mechanism: 'PLAIN', user: 'alice', password: 'a:b' },
      { mechanism: 'SCRAM-SHA-512', user: 'bob', password: 'x' },
    ],
  });
});

it.each(['', 'plain', 'plain:alice', 'plain:alice:', 'plain::x', 'gssapi:alice:x', 'oauthbearer:alice:x'])("'%s' is no login", (text) => {
  expect(() => saslOf([text])).toThrow('is not a login: write it like plain:USER:PASSWORD');
});

it('says no password in what it refuses', () => {
  expect(() => saslOf(['plan:alice:secret'])).toThrow(/^(?!.*secret)/);
});
