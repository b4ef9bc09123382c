import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AuthenticationError, TimeoutError } from '../../errors.ts';
import { HandClock, turn } from '../../scripted-transport.ts';
import { oidcTokens, type OidcOptions } from './oidc.ts';

const secret = 'horse:battery/staple+';

describe('oidcTokens', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  interface Asked {
    readonly url: string | undefined;
    readonly authorization: string | undefined;
    readonly form: Record<string, string>;
  }

  /** A token endpoint on this machine. */
  async function endpoint(answer: (response: ServerResponse, asked: Asked, count: number) => void) {
    const asked: Asked[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
        asked.push({ url: request.url, authorization: request.headers.authorization, form });
        answer(response, asked.at(-1)!, asked.length);
      });
    });
    cleanups.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked };
  }

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  function client(tokenEndpoint: string, more: Partial<OidcOptions> = {}) {
    const clock = new HandClock();
    const provider = oidcTokens({ tokenEndpoint, clientId: 'app one', clientSecret: secret, ...more });
    const { signal } = new AbortController();
    return { clock, ask: (own = signal) => Promise.resolve(provider({ host: 'kafka', port: 9092, signal: own, clock })) };
  }

  const failure = (asking: Promise<unknown>): Promise<AuthenticationError> =>
    asking.then(
      () => expect.unreachable(),
      (error: AuthenticationError) => error,
    );

  it('asks by the client credentials grant, with id and secret encoded in the header', async () => {
    const { url, asked } = await endpoint((response) =>
      json(response, 200, { access_token: 'abc', token_type: 'Bearer', expires_in: 300 }),
    );
    const { ask, clock } = client(url, {
      scope: 'kafka read',
      parameters: { audience: 'https://kafka' },
      extensions: { logicalCluster: 'lkc-1' },
    });
    expect(await ask()).toEqual({ value: 'abc', expiresAt: clock.wallTime() + 300_000, extensions: { logicalCluster: 'lkc-1' } });
    const [{ authorization, form }] = asked as [Asked];
    expect(form).toEqual({ grant_type: 'client_credentials', scope: 'kafka read', audience: 'https://kafka' });
    expect(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString()).toBe('app+one:horse%3Abattery%2Fstaple%2B');
  });

  it('puts id and secret into the form when told to', async () => {
    const { url, asked } = await endpoint((response) => json(response, 200, { access_token: 'abc' }));
    await client(url, { clientAuthentication: 'post' }).ask();
    expect(asked[0]!.form).toEqual({ grant_type: 'client_credentials', client_id: 'app one', client_secret: secret });
    expect(asked[0]!.authorization).toBeUndefined();
  });

  it('A5: fetches once for all who ask, and again when 80 % of the life has passed', async () => {
    const { url, asked } = await endpoint((response, _, count) =>
      json(response, 200, { access_token: `token${count}`, expires_in: '100' }),
    );
    const { ask, clock } = client(url);
    const tokens = await Promise.all([ask(), ask(), ask()]);
    expect(tokens.map(({ value }) => value)).toEqual(['token1', 'token1', 'token1']);
    await clock.advance(79_999);
    expect((await ask()).value).toBe('token1');
    await clock.advance(1);
    expect((await ask()).value).toBe('token2');
    expect(asked).toHaveLength(2);
  });

  it('A5: while the endpoint is out of order the token that is there serves on, until it expires', async () => {
    const { url, asked } = await endpoint((response, _, count) =>
      count > 1 && count < 4 ? json(response, 503, {}) : json(response, 200, { access_token: `token${count}`, expires_in: '100' }),
    );
    const { ask, clock } = client(url);
    await ask();
    await clock.advance(90_000);
    expect((await ask()).value).toBe('token1');
    await clock.advance(10_000);
    expect(await failure(ask())).toMatchObject({ retriable: true });
    expect((await ask()).value).toBe('token4');
    expect(asked).toHaveLength(4);
  });

  it('A5: an endpoint that refuses us is told at once, whatever is left of the last token', async () => {
    const { url } = await endpoint((response, _, count) =>
      count > 1 ? json(response, 401, { error: 'invalid_client' }) : json(response, 200, { access_token: 'abc', expires_in: '100' }),
    );
    const { ask, clock } = client(url);
    await ask();
    await clock.advance(90_000);
    expect(await failure(ask())).toMatchObject({ retriable: false });
  });

  it('A5: a token of unknown life is asked for each time', async () => {
    const { url, asked } = await endpoint((response) => json(response, 200, { access_token: 'opaque' }));
    const { ask } = client(url);
    expect(await ask()).toMatchObject({ value: 'opaque', expiresAt: undefined });
    await ask();
    expect(asked).toHaveLength(2);
  });

  it('A5: a failure is not remembered', async () => {
    const { url } = await endpoint((response, _, count) =>
      count === 1 ? json(response, 503, {}) : json(response, 200, { access_token: 'abc', expires_in: 5 }),
    );
    const { ask } = client(url);
    expect(await failure(ask())).toMatchObject({ retriable: true });
    expect((await ask()).value).toBe('abc');
  });

  it('A6: a secret function is asked for each token', async () => {
    const { url, asked } = await endpoint((response) => json(response, 200, { access_token: 'abc' }));
    const secrets = ['one', 'two'];
    const { ask } = client(url, { clientSecret: () => Promise.resolve(secrets.shift()!), clientAuthentication: 'post' });
    await ask();
    await ask();
    expect(asked.map(({ form }) => form['client_secret'])).toEqual(['one', 'two']);
  });

  it.each([
    [400, { error: 'invalid_scope' }, 'answered with status 400: "invalid_scope"', false],
    [
      401,
      { error: 'invalid_client', error_description: 'no such client' },
      'answered with status 401: "invalid_client: no such client"',
      false,
    ],
    [
      401,
      { error: 'invalid_client', error_description: `not ${secret}` },
      'answered with status 401: "invalid_client: not [secret]"',
      false,
    ],
    [429, {}, 'answered with status 429', true],
    [500, 'text', 'answered with status 500', true],
    [200, { error: 'none' }, 'answered without an access_token', false],
    [200, null, 'answered without an access_token', false],
    [200, { access_token: 5 }, 'answered without an access_token', false],
    [200, { access_token: 'abc', token_type: 'mac' }, 'returned a token that is not a bearer token', false],
  ])('A1: status %i with %j is an AuthenticationError', async (status, body, message, retriable) => {
    const { url } = await endpoint((response) => json(response, status, body));
    const error = await failure(client(url).ask());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ message: `token endpoint ${url} ${message}`, retriable });
  });

  it.each([301, 302, 307, 308])('a redirect by status %i is not followed', async (status) => {
    const { url, asked } = await endpoint((response) => response.writeHead(status, { location: '/elsewhere' }).end());
    const error = await failure(client(url).ask());
    expect(error.message).toBe(`token endpoint ${url} answered with status ${status} (redirects are not followed)`);
    expect(asked.map((one) => one.url)).toEqual(['/token']);
  });

  it('an endpoint that cannot be reached can be asked again', async () => {
    const { url } = await endpoint(() => {});
    for (const cleanup of cleanups.splice(0)) await cleanup(); // nobody listens there now
    const error = await failure(client(url).ask());
    expect(error).toMatchObject({ message: `token endpoint ${url} cannot be asked: ECONNREFUSED`, retriable: true });
  });

  it('an answer without end is cut off', async () => {
    let gone: Promise<unknown> | undefined;
    const { url } = await endpoint((response) => {
      gone = once(response, 'close');
      const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    expect((await failure(client(url).ask())).message).toBe(`token endpoint ${url} answered with more than 262144 bytes`);
    await gone;
  });

  it.each([
    ['before it answers', () => {}],
    ['amid its answer', (response: ServerResponse) => response.write('{')],
  ])('A5: an endpoint that is silent %s runs into its time', async (_, answer) => {
    const { url, asked } = await endpoint(answer);
    const { ask, clock } = client(url, { timeoutMs: 700 });
    const asking = failure(ask());
    while (asked.length === 0) await turn();
    await clock.advance(700);
    const error = await asking;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ message: `token endpoint ${url} did not answer within 700 ms`, retriable: true });
    expect(clock.pending).toBe(0);
  });

  it('A5: who gives up leaves the fetch to the others', async () => {
    let answer: (() => void) | undefined;
    const { url, asked } = await endpoint((response) => (answer = () => json(response, 200, { access_token: 'abc', expires_in: 60 })));
    const { ask } = client(url);
    const impatient = new AbortController();
    const given = ask(impatient.signal);
    const patient = ask();
    while (answer === undefined) await turn();
    const reason = new Error('closed');
    impatient.abort(reason);
    await expect(given).rejects.toBe(reason);
    answer();
    expect((await patient).value).toBe('abc');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['http beyond this machine', { tokenEndpoint: 'http://idp.example/token' }, 'tokenEndpoint must be https, not http://idp.example'],
    ['a name that only begins like this machine', { tokenEndpoint: 'http://127.0.0.1.evil.test/' }, 'tokenEndpoint must be https'],
    ['http to an inner address', { tokenEndpoint: 'http://169.254.169.254/' }, 'tokenEndpoint must be https'],
    ['a file', { tokenEndpoint: 'file:///etc/passwd' }, 'tokenEndpoint must be https'],
    ['a data URL', { tokenEndpoint: 'data:application/json,{}' }, 'tokenEndpoint must be https'],
    ['no URL', { tokenEndpoint: 'idp' }, 'tokenEndpoint must be a URL'],
    ['a password in the URL', { tokenEndpoint: 'https://a:b@idp.example/' }, 'tokenEndpoint must not contain a user name or password'],
    ['no id', { clientId: '' }, 'clientId must be a non-empty string'],
    ['no secret', { clientSecret: '' }, 'clientSecret must be a function or a non-empty string'],
    ['a number for a parameter', { parameters: { a: 1 } }, 'parameters.a must be a string'],
    ['another way to authenticate', { clientAuthentication: 'jwt' }, "clientAuthentication must be 'basic' or 'post'"],
  ])('refuses %s', (_, wrong, message) => {
    const options = { tokenEndpoint: 'https://idp.example/', clientId: 'app', clientSecret: secret, ...wrong } as OidcOptions;
    expect(() => oidcTokens(options)).toThrow(TypeError);
    expect(() => oidcTokens(options)).toThrow(`sasl.oidc.${message}`);
  });

  it.each(['https://idp.example/token', 'http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:9/'])('takes %s', (tokenEndpoint) => {
    oidcTokens({ tokenEndpoint, clientId: 'app', clientSecret: secret });
  });

  it('refuses an unknown option, and names the nearest', () => {
    const options = { tokenEndpoint: 'https://idp', clientId: 'a', clientSecret: 'b', scopes: 'x' } as OidcOptions;
    expect(() => oidcTokens(options)).toThrow("sasl.oidc has no option 'scopes'; did you mean 'scope'?");
  });
});
