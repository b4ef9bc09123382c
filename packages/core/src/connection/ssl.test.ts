import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority, type TestCertificate } from '@tskafka/test-certificates';
import { type SslOptions, tcpTransport } from './tcp-transport.ts';

let authority: TestAuthority;
let broker: TestCertificate;
let client: TestCertificate;

beforeAll(() => {
  authority = new TestAuthority('test authority');
  broker = authority.issue('broker');
  client = authority.issue('client');
});

describe('A10: certificates and keys', () => {
  const canary = 'horse-battery';
  const table: [string, () => unknown, string][] = [
    [
      'a wrong passphrase',
      () => ({ ...authority.issue('c', { passphrase: 'right' }), passphrase: canary }),
      'ssl: the passphrase does not open the private key',
    ],
    [
      'no passphrase for an encrypted key',
      () => authority.issue('c', { passphrase: canary }),
      'ssl: the private key is encrypted, and there is no passphrase',
    ],
    [
      'a wrong passphrase of a bundle',
      () => ({ pfx: authority.bundle(client, 'right'), passphrase: canary }),
      'ssl: the passphrase does not open the private key',
    ],
    ['a bundle that is none', () => ({ pfx: Buffer.from(canary), passphrase: canary }), 'ssl: pfx is not PKCS #12'],
    ["another certificate's key", () => ({ cert: client.cert, key: broker.key }), 'ssl: key is not the private key of cert'],
    [
      'a file name for a ca',
      () => ({ ca: ['/etc/ca.pem'] }),
      'ssl.ca is not PEM ("-----BEGIN ..."): it takes the contents of a file, not its name',
    ],
    [
      'a passphrase for a key',
      () => ({ cert: client.cert, key: canary }),
      'ssl.key is not PEM ("-----BEGIN ..."): it takes the contents of a file, not its name',
    ],
    ['a ca that is cut', () => ({ ca: authority.ca.slice(0, 200) }), 'ssl.ca has a certificate that cannot be read'],
    [
      'a certificate that is cut',
      () => ({ cert: client.cert.slice(0, 200), key: client.key }),
      'ssl: a certificate or key cannot be read (bad end line)',
    ],
    ['a number for a passphrase', () => ({ ...client, passphrase: 70007 }), 'ssl.passphrase must be a string, not of type number'],
    [
      'a number for a key',
      () => ({ cert: client.cert, key: 70007 }),
      'ssl: The "options.key" property must be of type string or an instance of Buffer, TypedArray, or DataView.',
    ],
    [
      'a text for rejectUnauthorized',
      () => ({ rejectUnauthorized: 'false' }),
      'ssl.rejectUnauthorized must be true or false, not of type string',
    ],
    [
      'a slip of the pen',
      () => ({ rejectUnauthorised: false }),
      "ssl has no option 'rejectUnauthorised'; did you mean 'rejectUnauthorized'?",
    ],
    ['a host', () => ({ host: 'x' }), 'ssl.host cannot be set: the client decides where and how to connect'],
    ['a version that is none', () => ({ minVersion: 'TLSv9' }), 'ssl: "TLSv9" is not a valid minimum TLS protocol version'],
  ];

  it.each(table)('%s is a TypeError at construction, and shows no secret', (_, options, message) => {
    let error: unknown;
    try {
      tcpTransport({ ssl: options() as SslOptions });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(message);
    const shown = inspect(error, { showHidden: true, depth: Infinity });
    expect(shown).not.toContain(canary);
    expect(shown).not.toContain('70007');
  });

  it('a wrong passphrase is told as one though it decrypts the key to something', () => {
    const own = authority.issue('c', { passphrase: 'right' });
    const refused = (passphrase: string): string => {
      try {
        tcpTransport({ ssl: { ...own, passphrase } });
        return 'taken';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const told = new Set(Array.from({ length: 1500 }, (_, i) => refused(`wrong-${i}`)));
    expect([...told]).toEqual(['ssl: the passphrase does not open the private key']);
  });

  it('an inspected or printed transport shows neither key nor passphrase', () => {
    const own = authority.issue('c', { passphrase: canary });
    const transport = tcpTransport({ ssl: { ...own, passphrase: canary } });
    const shown = inspect(transport, { showHidden: true, depth: Infinity }) + JSON.stringify(transport);
    expect(shown).not.toContain(canary);
    expect(shown).not.toContain('PRIVATE KEY');
  });
});
