import { afterAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from '@tskafka/core';
import { broker } from '../broker.ts';
import { failure, kafka, password, reaches, tls, unsignedToken, username } from './secure.ts';

afterAll(() => broker.closeWires());

const listeners = [
  ['TLS', { brokers: kafka.addresses('SASL_SSL'), ssl: { ca: tls.ca } }],
  ['plain text', { brokers: kafka.addresses('SASL_PLAINTEXT') }],
] as const satisfies readonly (readonly [string, ClientOptions])[];

const wrong = 'a-wrong-secret';
const login = (mechanism: string, user: string, secret: string) =>
  ({ mechanism, username: user, password: secret }) as ClientOptions['sasl'];

describe.each(listeners)('SASL over %s', (_, listener) => {
  describe.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('%s', (mechanism) => {
    it('reaches every broker with the right password', async () => {
      expect(await reaches({ ...listener, sasl: login(mechanism, username, password) })).toBe(broker.nodes);
    });

    it.each([
      ['wrong password', username],
      ['unknown user', 'nobody'],
    ])('A1: a %s is one clear error, at once, and the password is not in it', async (_what, user) => {
      const error = await failure({ ...listener, sasl: login(mechanism, user, wrong) });
      expect(error).toMatchObject({ name: 'AuthenticationError', message: expect.stringContaining(mechanism.toUpperCase()) });
      expect(error.message).not.toContain(wrong);
      expect(error.ms).toBeLessThan(9000);
    });
  });

  describe('oauthbearer', () => {
    const sasl = (value: string) => ({ mechanism: 'oauthbearer' as const, oauthBearerProvider: () => ({ value }) });

    it('reaches every broker with a token', async () => {
      expect(await reaches({ ...listener, sasl: sasl(unsignedToken()) })).toBe(broker.nodes);
    });

    it.each([
      ['is not a token', 'abc'],
      ['names nobody', unsignedToken({ sub: '' })],
      ['is not valid yet', unsignedToken({ iat: Date.now() / 1000 + 3600, exp: Date.now() / 1000 + 7200 })],
    ])('a token that %s is one clear error, and the token is not in it', async (_what, token) => {
      const error = await failure({ ...listener, sasl: sasl(token) });
      expect(error).toMatchObject({ name: 'AuthenticationError', message: expect.stringContaining('OAUTHBEARER') });
      expect(error.message).not.toContain(token);
    });
  });

  it('a listener that wants a login is one clear error without one', async () => {
    const error = await failure(listener);
    expect(error.message).toMatch(/sasl/i);
  });
});

describe('SASL', () => {
  it('a listener that wants no login is one clear error with one', async () => {
    const error = await failure({ brokers: kafka.bootstrap, sasl: { mechanism: 'plain', username, password } });
    expect(error.name).toBe('AuthenticationError');
    expect(error.message).toMatch(/PLAIN/);
  });
});
