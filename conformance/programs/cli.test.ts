import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { jsonLines, topicWith, tskafka } from './tskafka.ts';

describe('tskafka', () => {
  it('topics lists what is there', async () => {
    const name = await topicWith('0\n1\n2\n');
    const { stdout } = await tskafka('topics --json');
    expect(jsonLines(stdout).find(({ topic }) => topic === name)).toMatchObject({ topic: name, partitions: 2, replicas: 1, messages: 3 });
  });

  it('groups, lag and group delete show how far a group has come, and do nothing without --execute', async () => {
    const topic = await topicWith('0\n1\n2\n');
    const group = broker.freshName('group');
    await tskafka(`consume ${topic} -G ${group} --commit`);
    await tskafka(`produce ${topic} -p 0`, { input: '3\n' });
    expect((await tskafka('groups')).stdout).toMatch(new RegExp(`^${group} +classic +Empty +0 +1$`, 'm'));
    const { stdout, stderr } = await tskafka(`lag ${group} --json`);
    expect(JSON.parse(stdout.split('\n')[0]!)).toEqual({ topic, partition: 0, committed: 3, end: 4, lag: 1 });
    expect(stderr).toMatch(/ in all\n$/);
    const plan = await tskafka(`group delete ${group}`);
    expect(plan).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${group} +classic +Empty +0 +planned$`, 'm')) as string,
    });
    expect(plan.stderr).toBe(`plan only, nothing was changed; this would delete ${group}\nadd --execute to do it\n`);
    expect((await tskafka(`group delete ${group} --execute`)).stdout).toMatch(new RegExp(`^${group} .* done$`, 'm'));
    const gone = await tskafka(`lag ${group}`);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(
      new RegExp(
        `^error: group ${group} does not exist\ncause: GROUP_ID_NOT_FOUND\nhint: {2}(did you mean .*\\?|tskafka groups lists.*)$`,
        'm',
      ),
    );
    expect((await tskafka(`group delete ${group} --execute`)).code).not.toBe(0);
  });

  it.each([
    ['an unknown topic', 'consume no-such-topic', 1, /^error: topic no-such-topic does not exist\nhint: {2}tskafka topics/],
    ['an unknown topic to produce to', 'produce no-such-topic', 1, /error: topic no-such-topic does not exist/],
    ['an unknown option', 'consume x --ofset 3', 2, /^error: unknown option '--ofset'\nhint: {2}did you mean --offset\?/],
    ['an unknown command', 'consum x', 2, /^error: unknown command 'consum'\nhint: {2}did you mean consume\?/],
    ['a noun alone', 'topic', 2, /^error: missing required argument 'topic'\nhint: {2}tskafka topic --help lists its commands$/m],
    ['a place that is none', 'consume x -o yesterdya', 2, /^error: -o yesterdya is not an offset\nhint: {2}did you mean @yesterday\?/],
    ['a missing password', 'topics --sasl plain --user me', 2, /^error: me needs a password\nhint: {2}put it into TSKAFKA_SASL_PASSWORD/],
    ['a missing user', 'topics --sasl plain', 2, /^error: --sasl plain needs --user/],
    [
      'a dead broker',
      'topics -b 127.0.0.1:1 --timeout 0.3',
      4,
      /^error: cannot reach Kafka at 127.0.0.1:1\ncause: nothing listens there .*\nhint: .*tskafka doctor/,
    ],
    ['an address that is none', 'topics -b [::1', 2, /^error: '\[::1' is not the address of a broker/],
  ])('says in a line what is wrong: %s', async (_what, args, exitCode, message) => {
    const { stdout, stderr, code } = await tskafka(args, { input: 'x\n' });
    expect({ stdout, code }).toEqual({ stdout: '', code: exitCode });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
