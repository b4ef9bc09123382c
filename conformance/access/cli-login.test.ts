import { beforeAll, describe, expect, it } from 'vitest';
import { saslUser } from '../../tools/real-kafka/properties.ts';
import { broker } from '../broker.ts';
import { tskafka } from '../programs/tskafka.ts';
import { within } from '../programs/within.ts';

describe('tskafka logs in', () => {
  let brokers: string;
  beforeAll(async () => {
    brokers = (await broker.withSasl()).map(({ host, port }) => `${host}:${port}`).join(',');
  });
  const user = `--user ${saslUser.username}`;
  const env = { TSKAFKA_SASL_PASSWORD: saslUser.password };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('by %s', async (mechanism) => {
    const { stderr, code } = await tskafka(`topics --sasl ${mechanism} ${user}`, { brokers, env });
    expect({ stderr: stderr.replace('there are no topics\n', ''), code }).toEqual({ stderr: '', code: 0 });
  });

  it('with the password of a command, which is not printed', async () => {
    const args = ['config', 'show', '--sasl', 'plain', '--user', 'me', '--password', 'secret'];
    const { stdout } = await tskafka(args, { brokers });
    expect(stdout).toMatch(/sasl\.password +\*\*\*/);
    expect(stdout).not.toContain('secret');
    const { code } = await tskafka(
      ['topics', '--sasl', 'plain', '--user', saslUser.username, '--password-command', `echo ${saslUser.password}`],
      { brokers },
    );
    expect(code).toBe(0);
  });

  it('says that a login is needed', async () => {
    const { stderr, code } = await within(1000, () => tskafka('topics', { brokers }));
    expect(code).toBe(4);
    expect(stderr).toMatch(/closed the connection on the first request\ncause: .*\nhint: {2}log in with --sasl plain --user NAME/);
  });

  it('says that the password is wrong, and where it came from', async () => {
    const wrong = { brokers, env: { TSKAFKA_SASL_PASSWORD: 'wrong' } };
    const { stdout, stderr, code } = await within(2000, () => tskafka(`topics --sasl plain ${user}`, wrong));
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 });
    expect(stderr).toMatch(
      /^error: test could not log in at .*\ncause: Authentication failed.*\(PLAIN\)\nhint: {2}check --user and the password; it came from TSKAFKA_SASL_PASSWORD\n$/,
    );
    expect(stderr).not.toContain('wrong');
  });

  it('says which mechanisms there are', async () => {
    const { stderr, code } = await tskafka('topics --sasl aws', { brokers, env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } });
    expect(code).toBe(4);
    expect(stderr).toMatch(/\ncause: AWS is not enabled; the broker offers .*SCRAM-SHA-512.*\nhint: {2}--sasl /);
  });
});
