import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { saslUser } from '../../tools/real-kafka/properties.ts';
import { broker } from '../broker.ts';
import { jsonLines, tskafka } from '../programs/tskafka.ts';
import { until } from '../until.ts';

describe.skipIf(broker.nodes === 1)('tskafka tokens', () => {
  let brokers: string;
  beforeAll(async () => {
    brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`).join(',');
  });
  const me = `User:${saslUser.username}`;
  const call = (args: string, env: Record<string, string> = {}) =>
    tskafka(`${args} --sasl scram-sha-256 --user ${saslUser.username}`, {
      brokers,
      env: { TSKAFKA_SASL_PASSWORD: saslUser.password, ...env },
    });
  const loginBy = (token: string, secret: string) =>
    tskafka(`topics --sasl scram-sha-256 --user ${token} -X sasl.tokenauth=true`, { brokers, env: { TSKAFKA_SASL_PASSWORD: secret } });

  async function listed(): Promise<Record<string, unknown>[]> {
    return jsonLines((await call(`tokens --owner ${me} --json`)).stdout);
  }

  it('are made, told without their secrets, used, renewed and ended', async () => {
    const renewer = `User:${broker.freshName('renewer')}`;
    const create = `tokens create --renewer ${renewer} --lifetime 1h --json`;
    const plan = await call(create);
    expect(plan).toMatchObject({ code: 0, stderr: expect.stringMatching(/^plan only, nothing was changed; this would create a token$/m) });
    expect(jsonLines(plan.stdout)).toEqual([
      expect.objectContaining({ token: null, secret: null, renewers: [renewer], status: 'planned' }),
    ]);
    const isMine = ({ renewers }: Record<string, unknown>): boolean => (renewers as string[]).includes(renewer);
    expect((await listed()).filter(isMine)).toEqual([]);

    const [made] = jsonLines((await call(`${create} --execute`)).stdout);
    expect(made).toMatchObject({ owner: me, renewers: [renewer], status: 'done' });
    const [token, secret] = [made!['token'] as string, made!['secret'] as string];
    expect(secret).toMatch(/^[A-Za-z0-9+/]{40,}=*$/);
    let told: Awaited<ReturnType<typeof call>>;
    await until('the token is told', async () => (told = await call('tokens')).stdout.includes(token));
    expect(told!.stdout + told!.stderr).not.toContain(secret);

    await until('the token is known everywhere', async () => (await loginBy(token, secret)).code === 0);
    expect(await loginBy(token, 'AAAA')).toMatchObject({ code: 4, stdout: '' });

    const renewed = jsonLines((await call(`tokens renew ${token} --for 10m --execute --json`)).stdout);
    expect(renewed).toEqual([expect.objectContaining({ token, status: 'done' })]);
    expect(Date.parse(renewed[0]!['new'] as string)).toBeLessThan(Date.now() + 3_000_000);
    const ended = await call(`tokens expire ${token} no-such-token --execute`);
    expect(ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/ done$/m),
      stderr: expect.stringContaining('there is no token no-such-token'),
    });
    await until('the token is forgotten', async () => (await listed()).filter(isMine).length === 0);
    await until('nobody logs in by it', async () => (await loginBy(token, secret)).code === 4);
  });

  it('a secret may go to a new file that only its owner can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tokens-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'secret');
    const { stdout, code } = await call(`tokens create --lifetime 1m --secret-to ${file} --execute --json`);
    expect({ code, rows: jsonLines(stdout) }).toEqual({ code: 0, rows: [expect.objectContaining({ secret: null, status: 'done' })] });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{40,}=*\n$/);
    const again = await call(`tokens create --secret-to ${file} --execute`);
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be written: .*EEXIST.*\nhint: {2}it must be a new file/),
    });
  });

  it('need a login that is not by a token itself', async () => {
    expect(await tskafka('tokens')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('DELEGATION_TOKEN_') });
  });
});
