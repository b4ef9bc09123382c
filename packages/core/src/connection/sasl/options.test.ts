import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../errors.ts';
import { resolveSasl, type SaslOptions } from './options.ts';
import { scramServer, scriptedLogin } from './scripted-login.ts';

describe('resolveSasl', () => {
  it.each<[string, SaslOptions, string]>([
    ['plain', { mechanism: 'plain', username: 'a', password: 'b' }, 'PLAIN'],
    ['in capitals', { mechanism: 'PLAIN', username: 'a', password: 'b' }, 'PLAIN'],
    ['scram-sha-256', { mechanism: 'scram-sha-256', username: 'a', password: () => 'b' }, 'SCRAM-SHA-256'],
    ['scram-sha-512', { mechanism: 'SCRAM-SHA-512', username: 'a', password: 'b', maxIterations: 4096 }, 'SCRAM-SHA-512'],
    ['a delegation token', { mechanism: 'scram-sha-256', username: 'a', password: 'b', delegationToken: true }, 'SCRAM-SHA-256'],
    ['oauthbearer', { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: 'x' }) }, 'OAUTHBEARER'],
    ['oidc', { mechanism: 'oauthbearer', oidc: { tokenEndpoint: 'https://idp', clientId: 'a', clientSecret: 'b' } }, 'OAUTHBEARER'],
    ['aws', { mechanism: 'aws', authorizationIdentity: 'a', accessKeyId: 'b', secretAccessKey: 'c', sessionToken: '' }, 'AWS'],
    [
      'options that are undefined',
      { mechanism: 'plain', username: 'a', password: 'b', authenticationProvider: undefined } as SaslOptions,
      'PLAIN',
    ],
    ["a mechanism of one's own", { mechanism: { name: 'MINE', authenticate: async () => {} } }, 'MINE'],
    ["one's own in kafkajs' form", { mechanism: 'mine', authenticationProvider: () => ({ authenticate: async () => {} }) }, 'MINE'],
  ])('takes %s', (_, options, name) => {
    expect(resolveSasl(options).name).toBe(name);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'sasl must be an object with a mechanism'],
    ['null', null, 'sasl must be an object with a mechanism'],
    ['a text', 'plain', 'sasl must be an object with a mechanism'],
    [
      'no mechanism',
      { username: 'a', password: 'b' },
      'sasl.mechanism must be one of plain, scram-sha-256, scram-sha-512, oauthbearer, aws, or a mechanism of your own',
    ],
    [
      'an unknown mechanism',
      { mechanism: 'gssapi' },
      "sasl.mechanism 'gssapi' is not known: it may be plain, scram-sha-256, scram-sha-512, oauthbearer, aws, or a mechanism of your own",
    ],
    ['a mechanism that every object has', { mechanism: 'constructor' }, "sasl.mechanism 'constructor' is not known: it may be plain"],
    ['no username', { mechanism: 'plain', password: 'b' }, 'sasl.username must be a string, and it is missing'],
    ['no password', { mechanism: 'scram-sha-256', username: 'a' }, 'sasl.password must be a string or a function, and it is missing'],
    [
      'a password that is a number',
      { mechanism: 'plain', username: 'a', password: 70007 },
      'sasl.password must be a string or a function, not of type number',
    ],
    ['an empty username', { mechanism: 'plain', username: '', password: 'b' }, 'sasl.username is empty'],
    ['an empty password', { mechanism: 'plain', username: 'a', password: '' }, 'sasl.password is empty'],
    [
      'a delegation token that is none',
      { mechanism: 'scram-sha-256', username: 'a', password: 'b', delegationToken: 'yes' },
      'sasl.delegationToken must be true or false, not of type string',
    ],
    [
      'a delegation token by PLAIN',
      { mechanism: 'plain', username: 'a', password: 'b', delegationToken: true },
      "sasl has no option 'delegationToken'",
    ],
    ['NUL in a PLAIN username', { mechanism: 'plain', username: 'a\0b', password: 'b' }, 'sasl.username has a NUL character'],
    ['NUL in a PLAIN password', { mechanism: 'plain', username: 'a', password: 'a\0b' }, 'sasl.password has a NUL character'],
    ['a slip of the pen', { mechanism: 'plain', username: 'a', pasword: 'b' }, "sasl has no option 'pasword'; did you mean 'password'?"],
    ['no token', { mechanism: 'oauthbearer' }, 'sasl.oauthBearerProvider must be a function that returns { value }; or set sasl.oidc'],
    ['a token that is no function', { mechanism: 'oauthbearer', oauthBearerProvider: 'x' }, 'sasl.oauthBearerProvider must be a function'],
    [
      'two sources of tokens',
      { mechanism: 'oauthbearer', oauthBearerProvider() {}, oidc: {} },
      'sasl: set oauthBearerProvider or oidc, not both',
    ],
    [
      'no access key',
      { mechanism: 'aws', authorizationIdentity: 'a', secretAccessKey: 'b' },
      'sasl.accessKeyId must be a string, and it is missing',
    ],
    [
      'a mechanism without a name',
      { mechanism: { authenticate() {} } },
      'sasl.mechanism as an object needs a name and an authenticate function',
    ],
    ['a mechanism that does nothing', { mechanism: { name: 'X' } }, 'sasl.mechanism as an object needs a name'],
    ['a password beside a mechanism', { mechanism: { name: 'X', authenticate() {} }, password: 'b' }, "sasl has no option 'password'"],
    ['a provider that is no function', { mechanism: 'x', authenticationProvider: {} }, 'sasl.authenticationProvider must be a function'],
  ])('refuses %s by a TypeError that says so', (_, options, message) => {
    expect(() => resolveSasl(options as SaslOptions)).toThrow(TypeError);
    expect(() => resolveSasl(options as SaslOptions)).toThrow(message);
  });

  it.each([4095, 0, NaN, '5000'])('A3: refuses a cap of %s iterations', (maxIterations) => {
    const options = { mechanism: 'scram-sha-256', username: 'a', password: 'b', maxIterations } as SaslOptions;
    expect(() => resolveSasl(options)).toThrow(RangeError);
  });

  it('the options reach the mechanism', async () => {
    const { context, sent } = scriptedLogin(scramServer({ hash: 'sha512', password: 'b' }));
    await resolveSasl({ mechanism: 'scram-sha-512', username: 'a=b', password: 'b' }).authenticate(context);
    expect(sent[0]!.toString()).toContain('n=a=3Db,');
    const capped = resolveSasl({ mechanism: 'scram-sha-512', username: 'a', password: 'b', maxIterations: 5000 });
    await expect(capped.authenticate(scriptedLogin(scramServer({ iterations: 5001 })).context)).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('aws sends the four fields that kafkajs sends', async () => {
    const { context, sent } = scriptedLogin(() => '');
    await resolveSasl({ mechanism: 'aws', authorizationIdentity: 'AIDA', accessKeyId: 'AKIA', secretAccessKey: 'key' }).authenticate(
      context,
    );
    expect(sent.map(String)).toEqual(['AIDA\0AKIA\0key\0']);
  });
});
