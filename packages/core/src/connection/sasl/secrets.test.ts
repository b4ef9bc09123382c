import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../errors.ts';
import { oidcTokens } from './oidc.ts';
import { resolveSasl, type SaslOptions } from './options.ts';
import { scramServer, scriptedLogin } from './scripted-login.ts';

const canary = 'horse-battery-staple';
const forms = [canary, Buffer.from(canary).toString('base64').replace(/=+$/, ''), Buffer.from(canary).toString('hex')];

/** Whatever a log could make of a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}${JSON.stringify(value, Object.getOwnPropertyNames(value))}` : '';
  return `${inspect(value, { showHidden: true, depth: Infinity, getters: true })}${JSON.stringify(value)}${String(value)}${error}`;
}

function expectNoSecret(value: unknown): void {
  const text = shown(value);
  for (const form of forms) expect(text).not.toContain(form);
  // As bytes, which inspect writes in hexadecimal with spaces.
  expect(text.replaceAll(' ', '')).not.toContain(forms[2]);
}

const thrown = async (action: () => unknown): Promise<Error> => {
  try {
    await action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

const everyMechanism: [string, SaslOptions][] = [
  ['plain', { mechanism: 'plain', username: 'alice', password: canary }],
  ['plain with a function', { mechanism: 'plain', username: 'alice', password: () => canary }],
  ['scram-sha-256', { mechanism: 'scram-sha-256', username: 'alice', password: canary }],
  ['scram-sha-512', { mechanism: 'scram-sha-512', username: 'alice', password: canary }],
  ['oauthbearer', { mechanism: 'oauthbearer', oauthBearerProvider: () => ({ value: canary }) }],
  ['aws', { mechanism: 'aws', authorizationIdentity: 'a', accessKeyId: 'b', secretAccessKey: canary, sessionToken: canary }],
  [
    'oidc',
    {
      mechanism: 'oauthbearer',
      oidc: {
        tokenEndpoint: 'https://idp.test/',
        clientId: 'app',
        clientSecret: canary,
        fetch: () => Promise.resolve(Response.json({ access_token: canary, expires_in: 60 })),
      },
    },
  ],
];

describe('a secret is nowhere to be read', () => {
  it('the test would see one', () => {
    expect(() => expectNoSecret(new Error('x', { cause: { deep: [{ password: canary }] } }))).toThrow();
    expect(() => expectNoSecret({ bytes: Buffer.from(canary) })).toThrow();
  });

  it.each(everyMechanism)('in the mechanism %s, before and after a login', async (_, options) => {
    const mechanism = resolveSasl(options);
    expectNoSecret(mechanism);
    const hash = mechanism.name.endsWith('512') ? 'sha512' : 'sha256';
    const { context } = scriptedLogin((bytes) => (mechanism.name.startsWith('SCRAM') ? scram(bytes) : ''));
    const scram = scramServer({ hash, password: canary });
    await mechanism.authenticate(context);
    expectNoSecret(mechanism);
  });

  it.each(everyMechanism)('in the error of %s when the broker refuses, closes, or says nonsense', async (_, options) => {
    for (const answer of [
      () => Promise.reject(new AuthenticationError('refused')),
      () => 'nonsense',
      () => canary,
      () => `e=${'x'.repeat(99_999)}`,
    ]) {
      const { context } = scriptedLogin(answer);
      try {
        await resolveSasl(options).authenticate(context);
      } catch (error) {
        expectNoSecret(error);
      }
    }
  });

  it.each<[string, unknown]>([
    ['in the mechanism', { mechanism: canary.repeat(3), username: 'a', password: 'b' }],
    ['as an array', { mechanism: 'plain', username: 'a', password: [canary] }],
    ['as an object', { mechanism: 'plain', username: 'a', password: { value: canary } }],
    ['with a NUL', { mechanism: 'plain', username: 'a', password: `${canary}\0` }],
    ['beside a misspelt name', { mechanism: 'plain', username: 'a', passwort: canary }],
    ['as a token instead of its provider', { mechanism: 'oauthbearer', oauthBearerProvider: canary }],
    [
      'in the URL of the endpoint',
      { mechanism: 'oauthbearer', oidc: { tokenEndpoint: `https://app:${canary}@idp.test/`, clientId: 'a', clientSecret: 'b' } },
    ],
    [
      'in the query of the endpoint',
      { mechanism: 'oauthbearer', oidc: { tokenEndpoint: `http://idp.test/?secret=${canary}`, clientId: 'a', clientSecret: 'b' } },
    ],
    [
      'as an object for oidc',
      { mechanism: 'oauthbearer', oidc: { tokenEndpoint: 'https://idp.test/', clientId: 'a', clientSecret: { value: canary } } },
    ],
  ])('in the TypeError about a secret that stands %s', async (place, options) => {
    const error = await thrown(() => resolveSasl(options as SaslOptions));
    expect(error).toBeInstanceOf(TypeError);
    if (place !== 'in the mechanism') expectNoSecret(error);
  });

  it.each<[string, unknown]>([
    ['an object', { value: canary }],
    ['a text with a NUL', `${canary}\0`],
    ['bytes', Buffer.from(canary)],
  ])('in the error about a password function that gives %s', async (_, given) => {
    const mechanism = resolveSasl({ mechanism: 'plain', username: 'a', password: () => given as string });
    expectNoSecret(await thrown(() => mechanism.authenticate(scriptedLogin(() => '').context)));
  });

  it.each<[string, unknown]>([
    ['a bare text', canary],
    ['a token with a line end', { value: `${canary}\n` }],
    ['an expired token', { value: canary, expiresAt: 1 }],
    ['a bad extension', { value: canary, extensions: { a: `${canary}\x01` } }],
  ])('in the error about a token provider that gives %s', async (_, given) => {
    const mechanism = resolveSasl({ mechanism: 'oauthbearer', oauthBearerProvider: () => given as { value: string } });
    expectNoSecret(await thrown(() => mechanism.authenticate(scriptedLogin(() => '').context)));
  });

  it('in an error that an HTTP client attached its request to', async () => {
    const leaky = Object.assign(new Error('Request failed with status code 401'), { config: { headers: { authorization: canary } } });
    const fail = () => Promise.reject(leaky);
    for (const options of [
      { mechanism: 'plain', username: 'a', password: fail },
      { mechanism: 'scram-sha-512', username: 'a', password: fail },
      { mechanism: 'oauthbearer', oauthBearerProvider: fail },
      { mechanism: 'oauthbearer', oidc: { tokenEndpoint: 'https://idp.test/', clientId: 'a', clientSecret: fail } },
      { mechanism: 'oauthbearer', oidc: { tokenEndpoint: 'https://idp.test/', clientId: 'a', clientSecret: 'b', fetch: fail } },
      { mechanism: 'mine', authenticationProvider: () => ({ authenticate: fail }) },
    ] as SaslOptions[]) {
      const error = await thrown(() => resolveSasl(options).authenticate(scriptedLogin(() => '').context));
      expect(error.message).toContain('Request failed with status code 401');
      expectNoSecret(error);
    }
  });

  it('in what a token endpoint sends back', async () => {
    const bodies = [
      { error: 'bad', error_description: `secret ${canary} is wrong` },
      { error: canary },
      canary,
      { access_token: { nested: canary } },
    ];
    for (const body of bodies) {
      for (const status of [200, 302, 401, 500]) {
        const fetch = (): Promise<Response> => Promise.resolve(Response.json(body, { status }));
        const provider = oidcTokens({ tokenEndpoint: `https://idp.test/?k=${canary}`, clientId: 'a', clientSecret: canary, fetch });
        const { context } = scriptedLogin(() => '');
        expectNoSecret(await thrown(() => provider(context)));
      }
    }
  });
});
