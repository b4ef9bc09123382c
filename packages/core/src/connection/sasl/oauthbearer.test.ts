import { describe, expect, it } from 'vitest';
import { AuthenticationError, TimeoutError } from '../../errors.ts';
import { HandClock } from '../../scripted-transport.ts';
import { expiryOfJwt, oauthBearer, type OauthBearerToken } from './oauthbearer.ts';
import { scriptedLogin } from './scripted-login.ts';

const now = new HandClock().wallTime();
const jwt = (claims: object): string =>
  ['{"alg":"none"}', JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');

describe('oauthBearer', () => {
  // The second and third were made by Kafka's OAuthBearerClientInitialResponse.
  it.each<[string, OauthBearerToken, string | undefined, string]>([
    ['a token', { value: 'abc' }, undefined, 'n,,\x01auth=Bearer abc\x01\x01'],
    ['a JWT', { value: 'e30.e30.sig', extensions: {} }, undefined, 'n,,\x01auth=Bearer e30.e30.sig\x01\x01'],
    [
      'identity and extensions',
      { value: 'e30.e30.sig', extensions: { identityPoolId: 'pool 2', logicalCluster: 'lkc-1' } },
      'me',
      'n,a=me,\x01auth=Bearer e30.e30.sig\x01identityPoolId=pool 2\x01logicalCluster=lkc-1\x01\x01',
    ],
    ['an identity to escape', { value: 'abc' }, 'a=b,c', 'n,a=a=3Db=2Cc,\x01auth=Bearer abc\x01\x01'],
  ])('sends %s as Kafka does', async (_, token, identity, message) => {
    const { context, sent } = scriptedLogin(() => '');
    await oauthBearer(() => Promise.resolve(token), identity).authenticate(context);
    expect(sent.map(String)).toEqual([message]);
  });

  it('tells the provider which broker it is for', async () => {
    const { context, clock } = scriptedLogin(() => '');
    const seen: unknown[] = [];
    await oauthBearer((given) => {
      seen.push(given);
      return { value: 'abc' };
    }).authenticate(context);
    expect(seen).toEqual([{ host: 'kafka', port: 9092, signal: context.signal, clock }]);
  });

  it('says when the token expires: what the provider says, else what the JWT says', async () => {
    const { context } = scriptedLogin(() => '');
    const inJwt = Math.floor(now / 1000) + 600;
    const expiry = (token: OauthBearerToken) => oauthBearer(() => token).authenticate(context);
    expect(await expiry({ value: jwt({ exp: inJwt }) })).toEqual({ expiresAt: inJwt * 1000 });
    expect(await expiry({ value: jwt({ exp: inJwt }), expiresAt: now + 5 })).toEqual({ expiresAt: now + 5 });
    expect(await expiry({ value: 'opaque' })).toEqual({ expiresAt: undefined });
  });

  it.each([
    ['no JWT', 'opaque'],
    ['no JSON', 'a.b.c'],
    ['no exp', jwt({})],
    ['an exp that is text', jwt({ exp: '5' })],
  ])('knows no expiry of %s', (_, token) => {
    expect(expiryOfJwt(token)).toBeUndefined();
  });

  describe('A1: a token that the broker refuses', () => {
    const refusal = '{"status":"invalid_token","scope":"kafka","openid-configuration":"https://idp"}';

    it('is told with the JSON of the broker, and the login is ended by 0x01', async () => {
      const { context, sent } = scriptedLogin((_, step) =>
        step === 1 ? refusal : Promise.reject(new Error('SASL_AUTHENTICATION_FAILED')),
      );
      const refused = oauthBearer(() => ({ value: 'abc' })).authenticate(context);
      await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
      await expect(refused).rejects.toMatchObject({
        message: `kafka:9092: the broker refused the OAUTHBEARER token: ${JSON.stringify(refusal)}`,
        retriable: false,
      });
      expect(sent[1]).toEqual(Buffer.from([1]));
      expect(sent).toHaveLength(2);
    });

    it('is refused also when the broker then says that all is well', async () => {
      const { context } = scriptedLogin((_, step) => (step === 1 ? refusal : ''));
      await expect(oauthBearer(() => ({ value: 'abc' })).authenticate(context)).rejects.toBeInstanceOf(AuthenticationError);
    });

    it('H19, H20: is told in one line, however much the broker says, and without the token', async () => {
      const { context } = scriptedLogin((_, step) => (step === 1 ? `bad abcdef\n\x1b[31m${'x'.repeat(1_000_000)}` : ''));
      const error = await oauthBearer(() => ({ value: 'abcdef' }))
        .authenticate(context)
        .then(
          () => expect.unreachable(),
          (thrown: Error) => thrown,
        );
      expect(error.message.length).toBeLessThan(1200);
      expect(error.message).toContain('bad [token]\\n\\u001b[31m');
    });
  });

  describe('A5: a provider', () => {
    const provided = (provide: () => unknown) => {
      const { context, sent, clock } = scriptedLogin(() => '');
      return { login: oauthBearer(provide as () => OauthBearerToken).authenticate(context), sent, clock };
    };

    it('that is slow runs into the deadline', async () => {
      const { login, clock, sent } = provided(() => new Promise(() => {}));
      login.catch(() => {});
      await clock.advance(10_000);
      await expect(login).rejects.toBeInstanceOf(TimeoutError);
      await expect(login).rejects.toMatchObject({ retriable: true });
      expect(sent).toEqual([]);
    });

    it.each([
      ['throws', () => expect.fail('no token today')],
      ['rejects', () => Promise.reject(new Error('no token today'))],
    ])('that %s can be asked again', async (_, provide) => {
      const { login } = provided(provide);
      await expect(login).rejects.toBeInstanceOf(AuthenticationError);
      await expect(login).rejects.toMatchObject({
        message: 'kafka:9092: sasl.oauthBearerProvider failed: no token today',
        retriable: true,
      });
    });

    it('that gives an expired token can be asked again, and nothing is sent', async () => {
      const { login, sent } = provided(() => ({ value: 'abc', expiresAt: now - 60_000 }));
      await expect(login).rejects.toMatchObject({
        message: 'kafka:9092: sasl.oauthBearerProvider returned a token that expired 60 s ago',
        retriable: true,
      });
      expect(sent).toEqual([]);
    });

    it('T6: may have a clock that goes up to 30 s wrong', async () => {
      await provided(() => ({ value: 'abc', expiresAt: now - 29_000 })).login;
    });

    it.each([
      ['nothing', undefined, 'undefined instead of { value }'],
      ['null', null, 'null instead of { value }'],
      ['a text', 'abc', 'string instead of { value }'],
      ['no value', {}, 'a token whose value is of type undefined'],
      ['an empty token', { value: '' }, 'a token that is empty or has invalid characters'],
      ['a token with a separator', { value: 'abc\x01auth=Bearer other' }, 'a token that is empty or has invalid characters'],
      ['a token with a line end', { value: 'abc\n' }, 'a token that is empty or has invalid characters'],
      ['an expiry that is a Date', { value: 'abc', expiresAt: new Date() }, 'an expiresAt that is not a number of milliseconds'],
      ['an extension named auth', { value: 'abc', extensions: { auth: 'x' } }, 'an extension with the name "auth"'],
      ['an extension with a bad name', { value: 'abc', extensions: { 'a=b': 'x' } }, 'an extension with the name "a=b"'],
      ['an extension with a separator', { value: 'abc', extensions: { a: 'x\x01b=c' } }, 'an extension a with a value that is not text'],
      ['an extension that is a number', { value: 'abc', extensions: { a: 5 } }, 'an extension a with a value that is not text'],
    ])('that gives %s is told so, and nothing is sent', async (_, given, message) => {
      const { login, sent } = provided(() => given);
      await expect(login).rejects.toThrow(new AuthenticationError(`kafka:9092: sasl.oauthBearerProvider returned ${message}`));
      expect(sent).toEqual([]);
    });
  });
});
