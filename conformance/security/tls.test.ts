import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { failure, kafka, reaches, tls } from './secure.ts';

afterAll(() => broker.closeWires());

const ssl = { brokers: kafka.addresses('SSL') };
const mutual = { brokers: kafka.addresses('MTLS') };

describe('TLS', () => {
  it('reaches every broker by a CA that it is given, under a name and under an address', async () => {
    expect(await reaches({ ...ssl, ssl: { ca: tls.ca } })).toBe(broker.nodes);
    const localhost = ssl.brokers.replaceAll('127.0.0.1', 'localhost');
    expect(await reaches({ brokers: localhost, ssl: { ca: [tls.ca] } })).toBe(broker.nodes);
  });

  it.each([
    ['the CAs of the machine', true],
    ['another CA', { ca: tls.otherCa }],
  ])('A7: refuses a broker that %s do not know', async (_, ssl_) => {
    const error = await failure({ ...ssl, ssl: ssl_ });
    expect(error).toMatchObject({ name: 'AuthenticationError', message: expect.stringContaining('not signed by a known CA') });
  });

  it('A7: refuses a broker whose certificate has another name', async () => {
    const error = await failure({ ...ssl, ssl: { ca: tls.ca, servername: 'kafka.example' } });
    expect(error).toMatchObject({ name: 'AuthenticationError', message: expect.stringContaining('kafka.example') });
  });

  it('takes any broker when it is told to', async () => {
    expect(await reaches({ ...ssl, ssl: { rejectUnauthorized: false } })).toBe(broker.nodes);
  });

  it('shows its own certificate where the broker wants one', async () => {
    expect(await reaches({ ...mutual, ssl: { ca: tls.ca, cert: tls.cert, key: tls.key } })).toBe(broker.nodes);
  });

  // In TLS 1.3 the client is done before the broker has looked at its certificate, so the reason comes after the handshake.
  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('by %s', (version) => {
    it.each([
      ['without a certificate', {}],
      ['with a certificate of an unknown CA', { cert: tls.otherCert, key: tls.otherKey }],
    ])('A7: is refused %s where the broker wants one', async (_, own) => {
      const error = await failure({ ...mutual, ssl: { ca: tls.ca, minVersion: version, maxVersion: version, ...own } });
      expect(error.name).toBe('AuthenticationError');
      expect(error.message).toMatch(/certificate/);
    });
  });
});

describe('the wrong port', () => {
  const nobodyAnswers = { unavailableTimeoutMs: 500 };

  it('A8: a TLS port without TLS is one clear error', async () => {
    const error = await failure(ssl);
    expect(error.message).toMatch(/TLS/);
    expect(error.message).toMatch(/ssl/);
  });

  it('A8: a port without TLS is one clear error where TLS is asked for', async () => {
    const error = await failure({ brokers: kafka.bootstrap, ssl: { ca: tls.ca } });
    expect(error.message).toMatch(/TLS/);
  });

  it('a port where nobody listens is named, with the reason', async () => {
    const port = kafka.proxyPort(1); // the place of a fault proxy, which is not there
    const error = await failure({ brokers: `127.0.0.1:${port}`, ...nobodyAnswers });
    expect(error).toMatchObject({ name: 'NoBrokersAvailableError', message: expect.stringContaining(`127.0.0.1:${port}`) });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('a host that there is not is named, with the reason', async () => {
    const error = await failure({ brokers: 'kafka.invalid:9092', ...nobodyAnswers });
    expect(error).toMatchObject({ name: 'NoBrokersAvailableError', message: expect.stringContaining('kafka.invalid:9092') });
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('the port of a controller is one clear error', async () => {
    const error = await failure({ brokers: `127.0.0.1:${kafka.port('CONTROLLER', 1)}` });
    expect(error).toMatchObject({
      name: 'UnsupportedVersionError',
      message: expect.stringContaining('does not offer Metadata (api key 3): is this the port of a controller?'),
    });
  });
});
