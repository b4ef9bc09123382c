import { describe, expect, it } from 'vitest';
import { AuthenticationError, SocketDisconnectedError } from '../../errors.ts';
import { scramServer, scriptedLogin } from './scripted-login.ts';
import { scram, type ScramSettings } from './scram.ts';

const settings = (more: Partial<ScramSettings> = {}): ScramSettings => ({
  hash: 'sha256',
  username: 'alice',
  password: 'pencil',
  maxIterations: 1_000_000,
  ...more,
});

describe('scram', () => {
  const published = [
    {
      of: 'RFC 7677',
      hash: 'sha256',
      username: 'user',
      password: 'pencil',
      nonce: 'rOprNGfwEbeRWgbNEkqO',
      clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      clientFinal: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    },
    {
      of: "Kafka's ScramFormatter, SHA-512",
      hash: 'sha512',
      username: 'alice',
      password: 'pencil',
      nonce: 'rOprNGfwEbeRWgbNEkqO',
      clientFirst: 'n,,n=alice,r=rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=8192',
      clientFinal:
        'c=biws,r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,' +
        'p=4T0QJcK/P36jdF0ktYGaZX8mBAvgYlTrcACmVr+TBQ1bKh0aoAk98JyWHValQR5jhngTmlrIJ8rf4Z5gU6krGw==',
      serverFinal: 'v=lfU7tbhTuWia82w9Tm8bM9ZFCvzU0JqU6vRD28ZrEc58YFqEydBI964/XSTND9XMl/E0nOM5qFSvbiFdr78i6A==',
    },
    {
      of: "Kafka's ScramFormatter, SHA-512, a name to escape and a password beyond ASCII",
      hash: 'sha512',
      username: 'a=b,c=d,',
      password: 'pässwörd €\u00ad',
      nonce: 'rOprNGfwEbeRWgbNEkqO',
      clientFirst: 'n,,n=a=3Db=2Cc=3Dd=2C,r=rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=8192',
      clientFinal:
        'c=biws,r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,' +
        'p=inJ6S3jv05fCRtb3HVZ/0mBAHxaeOs5S9tExfE59C0AgwmoDqnAV/s3fv16o/ZTaXB1ipCGa8iuYkqmzDsmlTQ==',
      serverFinal: 'v=kOu4vkM6gLcjfMgATN2yvY2fuDGg3MATRN0QTuHv085XsQPhaaftZ+uPpB8f68RbR8FQs1MBX5s3M0mP1TIObA==',
    },
    {
      of: "Kafka's ScramFormatter, SHA-256, a name to escape and a password beyond ASCII",
      hash: 'sha256',
      username: 'a=b,c=d,',
      password: 'pässwörd €\u00ad',
      nonce: 'rOprNGfwEbeRWgbNEkqO',
      clientFirst: 'n,,n=a=3Db=2Cc=3Dd=2C,r=rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=8192',
      clientFinal: 'c=biws,r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,p=PpiLF1L0O7XG9E8UTnbhvgRfMftJEkcNIORHPHn1DG0=',
      serverFinal: 'v=09C95cP2Z3d/PQWwmK9b4YUzF8UorVL+8SGLhzNTHHc=',
    },
  ] as const;

  it.each(published)('says what $of says', async ({ hash, username, password, nonce, ...messages }) => {
    const { context, sent } = scriptedLogin((_, step) => (step === 1 ? messages.serverFirst : messages.serverFinal));
    await scram(settings({ hash, username, password, nonce: () => nonce })).authenticate(context);
    expect(sent.map(String)).toEqual([messages.clientFirst, messages.clientFinal]);
  });

  it.each(['sha256', 'sha512'] as const)('%s convinces a broker, and is convinced by it', async (hash) => {
    const { context, sent } = scriptedLogin(scramServer({ hash }));
    const mechanism = scram(settings({ hash }));
    expect(mechanism.name).toBe(hash === 'sha256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512');
    await mechanism.authenticate(context);
    expect(sent).toHaveLength(2);
  });

  it('a delegation token says that it is one, and signs that too', async () => {
    const { context, sent } = scriptedLogin(scramServer());
    await scram(settings({ username: 'token', delegationToken: true })).authenticate(context);
    expect(String(sent[0])).toMatch(/^n,,n=token,r=[^,]+,tokenauth=true$/);
  });

  it('uses a new nonce for each login', async () => {
    const mechanism = scram(settings());
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const { context, sent } = scriptedLogin(scramServer());
      await mechanism.authenticate(context);
      nonces.add(/r=(.*)$/.exec(sent[0]!.toString())![1]!);
    }
    expect(nonces.size).toBe(3);
    for (const nonce of nonces) expect(nonce).toMatch(/^[\x21-\x2b\x2d-\x7e]{20,}$/);
  });

  it('A1: a wrong password is an AuthenticationError that is not to be retried', async () => {
    const { context } = scriptedLogin(scramServer());
    const refused = scram(settings({ password: 'eraser' })).authenticate(context);
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
    await expect(refused).rejects.toMatchObject({
      message: 'kafka:9092: SCRAM-SHA-256 failed: the broker says "invalid-proof"',
      retriable: false,
    });
  });

  it.each([
    ['a signature of nothing', () => 'v='],
    ['a short signature', () => `v=${Buffer.alloc(31).toString('base64')}`],
    ['a wrong signature', () => `v=${Buffer.alloc(32).toString('base64')}`],
  ])('A3: a broker with %s is refused, though it lets us in', async (_, final) => {
    const server = scramServer();
    const { context } = scriptedLogin((message, step) => (step === 1 ? server(message) : final()));
    const refused = scram(settings()).authenticate(context);
    await expect(refused).rejects.toThrow("kafka:9092: SCRAM-SHA-256 failed: the broker's signature is wrong");
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('A3: every single change of what a broker says is noticed', async () => {
    const mechanism = scram(settings());
    for (const changed of [1, 2]) {
      for (let at = 0; at < 30; at++) {
        const server = scramServer();
        const { context } = scriptedLogin((message, step) => {
          const answer = Buffer.from(server(message));
          if (step === changed) answer[(at * 7) % answer.length]! ^= 1;
          return answer;
        });
        await expect(mechanism.authenticate(context), `message ${changed}, byte ${at * 7}`).rejects.toBeInstanceOf(AuthenticationError);
      }
    }
  });

  it('A3: the cap on iterations is the option', async () => {
    const { context, sent } = scriptedLogin(scramServer({ iterations: 4097 }));
    await expect(scram(settings({ maxIterations: 4096 })).authenticate(context)).rejects.toThrow(
      'asks for "4097" iterations, and 4096 to 4096',
    );
    expect(sent).toHaveLength(1); // no proof went out
  });

  it('A12: a connection that closes instead of an answer is what is told', async () => {
    const gone = new SocketDisconnectedError('gone', { retriable: true });
    const { context } = scriptedLogin(() => Promise.reject(gone));
    await expect(scram(settings()).authenticate(context)).rejects.toBe(gone);
  });

  it('A6: a password function is asked for each login', async () => {
    const passwords = ['eraser', 'pencil'];
    const mechanism = scram(settings({ password: () => Promise.resolve(passwords.shift()!) }));
    await expect(mechanism.authenticate(scriptedLogin(scramServer()).context)).rejects.toThrow('invalid-proof');
    await mechanism.authenticate(scriptedLogin(scramServer()).context);
  });
});
