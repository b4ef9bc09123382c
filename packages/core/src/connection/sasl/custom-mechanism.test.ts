import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../errors.ts';
import type { KafkajsAuthenticationProvider } from './kafkajs-provider.ts';
import type { SaslContext, SaslMechanism } from './mechanism.ts';
import { resolveSasl } from './options.ts';
import { scriptedLogin } from './scripted-login.ts';

/** As AWS_MSK_IAM does it: one JSON message with a signed URL of the broker's host, which lives for 15 minutes. */
class SignedHost implements SaslMechanism {
  readonly name = 'AWS_MSK_IAM';
  readonly #secretKey: string;

  constructor(secretKey: string) {
    this.#secretKey = secretKey;
  }

  async authenticate({ host, clock, exchange }: SaslContext): Promise<{ expiresAt: number }> {
    const day = new Date(clock.wallTime()).toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = ['20231114', 'eu-west-1', 'kafka-cluster', 'aws4_request'];
    const signingKey = scope.reduce(
      (key: Buffer, part) => createHmac('sha256', key).update(part).digest(),
      Buffer.from(`AWS4${this.#secretKey}`),
    );
    const query = `Action=kafka-cluster%3AConnect&X-Amz-Date=${day}&X-Amz-Expires=900`;
    const request = `GET\n/\n${query}\nhost:${host}\n\nhost\n${createHash('sha256').update('').digest('hex')}`;
    const toSign = ['AWS4-HMAC-SHA256', day, scope.join('/'), createHash('sha256').update(request).digest('hex')].join('\n');
    const signature = createHmac('sha256', signingKey).update(toSign).digest('hex');
    const payload = { version: '2020_10_22', host, action: 'kafka-cluster:Connect', 'x-amz-date': day, 'x-amz-signature': signature };
    const answer = JSON.parse((await exchange(Buffer.from(JSON.stringify(payload)))).toString()) as { version: string };
    if (answer.version !== payload.version) throw new AuthenticationError('the broker answers in another version');
    return { expiresAt: clock.wallTime() + 900_000 };
  }
}

describe("a mechanism of one's own", () => {
  it('has what an IAM login needs: the host to sign, the time, one exchange, and a way to say when it ends', async () => {
    const { context, sent, clock } = scriptedLogin(() => '{"version":"2020_10_22","request-id":"1"}');
    const mechanism = resolveSasl({ mechanism: new SignedHost('secret') });
    expect(mechanism.name).toBe('AWS_MSK_IAM');
    expect(await mechanism.authenticate(context)).toEqual({ expiresAt: clock.wallTime() + 900_000 });
    const payload = JSON.parse(sent[0]!.toString()) as Record<string, string>;
    expect(payload).toMatchObject({ host: 'kafka', 'x-amz-date': '20231114T221320Z' });
    expect(payload['x-amz-signature']).toMatch(/^[0-9a-f]{64}$/);
  });

  describe("in kafkajs' form", () => {
    const prefixed = (text: string): Buffer => {
      const bytes = Buffer.from(`____${text}`);
      bytes.writeInt32BE(bytes.length - 4);
      return bytes;
    };

    /** Sends a word, and wants it back. */
    const echo =
      (word: string, encode: (text: string) => Buffer = prefixed): KafkajsAuthenticationProvider =>
      ({ host, port, logger, saslAuthenticate }) => ({
        async authenticate() {
          logger.namespace('echo').debug('logging in', { broker: `${host}:${port}` });
          const answer = await saslAuthenticate({
            request: { encode: () => encode(word) },
            response: {
              decode: (bytes: Buffer) => bytes.subarray(4, 4 + bytes.readInt32BE(0)),
              parse: (decoded: Buffer) => decoded.toString(),
            },
          });
          if (answer !== word) throw new Error(`the broker says ${answer}`);
        },
      });
    const login = (provider: KafkajsAuthenticationProvider) => resolveSasl({ mechanism: 'echo', authenticationProvider: provider });

    it('exchanges bytes whose length is not sent: SaslAuthenticate has its own', async () => {
      const { context, sent } = scriptedLogin((bytes) => bytes);
      await login(echo('hello')).authenticate(context);
      expect(sent.map(String)).toEqual(['hello']);
    });

    it('needs no response', async () => {
      const { context, sent } = scriptedLogin(() => 'ignored');
      const provider: KafkajsAuthenticationProvider = ({ saslAuthenticate }) => ({
        authenticate: () => saslAuthenticate({ request: { encode: () => Promise.resolve(prefixed('once')) } }),
      });
      await login(provider).authenticate(context);
      expect(sent.map(String)).toEqual(['once']);
    });

    it('what it throws is an AuthenticationError with its message', async () => {
      const { context } = scriptedLogin(() => 'goodbye');
      await expect(login(echo('hello')).authenticate(context)).rejects.toThrow(
        new AuthenticationError('kafka:9092: sasl.authenticationProvider failed: the broker says goodbye', { retriable: true }),
      );
    });

    it("the broker's refusal comes through, though the provider wraps it", async () => {
      const refused = new AuthenticationError('the broker refused');
      const { context } = scriptedLogin(() => Promise.reject(refused));
      const wrapping: KafkajsAuthenticationProvider = (given) => ({
        authenticate: () =>
          echo('hello')(given)
            .authenticate()
            .catch(() => Promise.reject(new Error('wrapped'))),
      });
      await expect(login(wrapping).authenticate(context)).rejects.toBe(refused);
    });

    it.each([
      ['no length', () => Buffer.from('hello')],
      ['a wrong length', () => Buffer.from('0000000968656c6c6f', 'hex')],
      ['no Buffer', () => 'hello' as unknown as Buffer],
    ])('bytes with %s are refused, and nothing is sent', async (_, encode) => {
      const { context, sent } = scriptedLogin((bytes) => bytes);
      await expect(login(echo('hello', encode)).authenticate(context)).rejects.toThrow(
        'kafka:9092: SASL ECHO: request.encode() of sasl.authenticationProvider must return a Buffer that starts with its length',
      );
      expect(sent).toEqual([]);
    });
  });
});
