import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '@tskafka/test-certificates';
import { AuthenticationError } from '../errors.ts';
import { turn } from '../scripted-transport.ts';
import { brokerNames, tlsFixture } from './tls-fixture.ts';

const authority = new TestAuthority('test authority');
const stranger = new TestAuthority('another authority');
const { listenPlain, listenTls, open, failure, close } = tlsFixture(authority.issue('broker', { names: brokerNames }));

afterEach(close);

describe('A7: verifies the broker', () => {
  it.each([
    ['ssl: true', true],
    ['ssl: {}', {}],
    ['undefined options', { rejectUnauthorized: undefined, ca: undefined, minVersion: undefined }],
    ["another authority's ca", 'stranger'],
  ] as const)('an unknown authority is refused with %s', async (_, ssl) => {
    const port = await listenTls();
    const error = await failure(ssl === 'stranger' ? { ca: stranger.ca } : ssl, 'kafka.test', port);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toMatch(/^kafka\.test:\d+: the broker's certificate is not signed by a known CA: set ssl\.ca \([A-Z_]+\)$/);
    expect(error.retriable).toBe(false);
  });

  it('an unknown authority is refused though the environment says otherwise', async () => {
    const port = await listenTls();
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await failure({}, 'kafka.test', port)).toBeInstanceOf(AuthenticationError);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  it('an expired certificate is refused', async () => {
    const port = await listenTls(authority.issue('old', { names: 'DNS:kafka.test', days: -1 }));
    const error = await failure({ ca: authority.ca }, 'kafka.test', port);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toBe(`kafka.test:${port}: the broker's certificate has expired (CERT_HAS_EXPIRED)`);
  });

  it('a certificate for another name is refused, and both names are told', async () => {
    const port = await listenTls();
    const error = await failure({ ca: authority.ca }, 'evil.test', port);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toBe(
      `evil.test:${port}: the broker's certificate is for DNS:kafka.test, DNS:*.wild.test, IP Address:127.0.0.1, ` +
        'IP Address:0:0:0:0:0:0:0:1, not for evil.test (ERR_TLS_CERT_ALTNAME_INVALID)',
    );
  });

  it.each(['kafka.test', 'b1.wild.test', '127.0.0.1', '::1', '[::1]', 'kafka.test.'])('%s is in the certificate', async (host) => {
    const port = await listenTls();
    await open({ ca: authority.ca }, host, port);
  });

  it('an address is not in a certificate for names, though its common name says so', async () => {
    const port = await listenTls(authority.issue('127.0.0.1', { names: 'DNS:kafka.test' }));
    expect((await failure({ ca: authority.ca }, '127.0.0.1', port)).message).toContain('is for DNS:kafka.test, not for 127.0.0.1');
  });

  it.each([
    ['kafka.test', 'kafka.test'],
    ['kafka.test.', 'kafka.test'],
    ['127.0.0.1', false],
    ['::1', false],
  ])('the server name that %s sends is %s', async (host, expected) => {
    const seen: unknown[] = [];
    const port = await listenTls({}, (socket) => seen.push(socket.servername));
    await open({ ca: authority.ca }, host, port);
    while (seen.length === 0) await turn();
    expect(seen).toEqual([expected]);
  });

  it('ssl.servername replaces the host, for the server and in the check', async () => {
    const seen: unknown[] = [];
    const port = await listenTls({}, (socket) => seen.push(socket.servername));
    await open({ ca: authority.ca, servername: 'kafka.test' }, 'tunnel', port);
    while (seen.length === 0) await turn();
    expect(seen).toEqual(['kafka.test']);
  });

  it("the user's own check decides", async () => {
    const port = await listenTls();
    await open({ ca: authority.ca, checkServerIdentity: () => undefined }, 'other.test', port);
    const no = { ca: authority.ca, checkServerIdentity: () => new Error('not in the list of pins') };
    expect((await failure(no, 'kafka.test', port)).message).toBe(`kafka.test:${port}: not in the list of pins`);
  });

  it('rejectUnauthorized: false, in so many words, lets anybody in, and one warning says so', async () => {
    const port = await listenTls();
    const warnings: unknown[] = [];
    const note = (message: unknown): void => void warnings.push(message);
    subscribe('tskafka:warning', note);
    try {
      await open({ rejectUnauthorized: false }, 'evil.test', port);
    } finally {
      unsubscribe('tskafka:warning', note);
    }
    expect(warnings).toEqual([{ message: 'ssl.rejectUnauthorized is false: anybody can pose as a broker' }]);
  });

  it('never tries again without TLS', async () => {
    let connections = 0;
    const port = await listenPlain((socket) => {
      connections++;
      socket.destroy();
    });
    await failure({ ca: authority.ca }, 'kafka.test', port);
    await turn();
    expect(connections).toBe(1);
  });

  it('a broker that has TLS 1.1 alone is refused, also when Node was told to take it', async () => {
    const weak = { ciphers: 'DEFAULT:@SECLEVEL=0' };
    const port = await listenTls({ ...weak, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    const before = tls.DEFAULT_MIN_VERSION;
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    try {
      const error = await failure({ ...weak, ca: authority.ca }, 'kafka.test', port);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error.message).toMatch(/: no TLS version in common with the broker \(/);
      await open({ ...weak, ca: authority.ca, minVersion: 'TLSv1' }, 'kafka.test', port); // the option in so many words
    } finally {
      tls.DEFAULT_MIN_VERSION = before;
    }
  });
});
