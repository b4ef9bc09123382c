import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority, type TestCertificate } from '@tskafka/test-certificates';
import { tskafka } from '../programs/tskafka.ts';
import { within } from '../programs/within.ts';
import { openTlsListeners, type TlsListeners } from './tls-listeners.ts';

describe('tskafka and certificates', () => {
  let tls: TlsListeners;
  const servers: Server[] = [];
  beforeAll(async () => {
    tls = await openTlsListeners();
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await tls.close();
  });

  it('reads and writes by TLS, also where it has to show a certificate', async () => {
    expect((await tskafka(`topics --tls-ca ${tls.file('ca')}`, { brokers: tls.brokers })).code).toBe(0);
    const own = `--tls-cert ${tls.file('cert')} --tls-key ${tls.file('key')}`;
    expect((await tskafka(`topics --tls-ca ${tls.file('ca')} ${own}`, { brokers: tls.mutual })).code).toBe(0);
  });

  it('warns each time that the certificate is not looked at', async () => {
    const { stderr, code } = await tskafka('topics --tls-insecure -q', { brokers: tls.brokers });
    expect(code).toBe(0);
    expect(stderr).toBe("warning: the brokers' certificate is not verified, so anybody can pose as a broker\n");
  });

  /** One address: what each of several says is said in another test. */
  const one = (brokers: string): string => brokers.split(',')[0]!;
  const first = (...texts: string[]): RegExp => new RegExp(`^error: (${texts.join('|').replaceAll('.', '\\.')})\n`);

  it('a plain client at a TLS port', async () => {
    const at = one(tls.brokers);
    const { stdout, stderr, code } = await within(1000, () => tskafka('topics', { brokers: at }));
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    // Java's broker answers with an alert; OpenSSL hangs up.
    expect(stderr).toMatch(/^error: .* (speaks TLS|closed the connection on the first request)\ncause: .*TLS.*\nhint: {2}add --tls/);
  });

  it.each([
    ['is of an unknown authority', () => '--tls', /^cause: the broker's certificate is not signed by a known CA \([A-Z_]+\)$/m, '--tls-ca FILE names the authority that signed it'],
    ['is not of the authority that was given', () => `--tls-ca ${tls.file('otherCa')}`, /^cause: the broker's certificate is not signed by a known CA \(/m, '--tls-ca FILE names the authority that signed it'],
    ['has another name', () => `--tls-ca ${tls.file('ca')} --tls-server-name kafka.example`, /^cause: the broker's certificate is for .*127\.0\.0\.1, not for kafka\.example \(/m, '--tls-server-name NAME says which name to expect'],
  ])('the certificate of the broker %s', async (_, flags, cause, hint) => {
    const at = one(tls.brokers);
    const { stdout, stderr, code } = await within(1000, () => tskafka(`topics ${flags()}`, { brokers: at }));
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    expect(stderr).toMatch(first(`no trust between ${at} and this client`));
    expect(stderr).toMatch(cause);
    expect(stderr.endsWith(`\nhint:  ${hint}\n`)).toBe(true);
  }); // prettier-ignore

  it.each([
    ['there is none', () => ''],
    ['it is of an unknown authority', () => `--tls-cert ${tls.file('otherCert')} --tls-key ${tls.file('otherKey')}`],
  ])('our own certificate is refused: %s', async (_, flags) => {
    const at = one(tls.mutual);
    const args = `topics --tls-ca ${tls.file('ca')} ${flags()}`.trim();
    const { stdout, stderr, code } = await within(1000, () => tskafka(args, { brokers: at }));
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    // Java's broker says why; OpenSSL may only hang up.
    expect(stderr).toMatch(first(`no trust between ${at} and this client`, `${at} closed the connection`));
    expect(stderr).toMatch(/\n(cause: .*certificate.*\nhint: {2}--tls-cert FILE and --tls-key FILE give ours|cause: it hung up before)/);
  });

  it('the certificate of the broker has expired', async () => {
    const authority = new TestAuthority('old-ca');
    const at = await serverWith(authority.issue('broker', { names: 'IP:127.0.0.1', days: -1 }));
    const { stdout, stderr, code } = await within(1000, () =>
      tskafka('topics --tls', { brokers: at, env: { TSKAFKA_SSL_CA_PEM: authority.ca } }),
    );
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    expect(stderr).toMatch(/\ncause: the broker's certificate has expired.*\nhint: {2}the brokers need a new one; look also at the clock/);
  });

  it.each([
    ['--tls-ca', 'not there', /^error: .*not there cannot be read/],
    ['--tls-ca', 'key', /^error: ssl\.ca/],
  ])('%s of what is no certificate: %s', async (option, file, message) => {
    const path = file === 'key' ? tls.file('key') : `/${file}`;
    const { stderr, code } = await tskafka(['topics', option, path], { brokers: tls.brokers });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  async function serverWith(certificate: TestCertificate): Promise<string> {
    const server = createServer(certificate).on('tlsClientError', () => {});
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  }
});
