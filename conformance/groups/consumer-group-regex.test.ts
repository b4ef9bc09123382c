import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { type Heartbeat, type TestMember, TestGroup } from './consumer-group.ts';

/** Subscriptions by a regular expression, which the broker looks at (KIP-848). */

const prefix = broker.freshName('regex');
const [one, two] = [
  await broker.createTopic({ prefix: `${prefix}-one`, partitions: 2 }),
  await broker.createTopic({ prefix: `${prefix}-two` }),
];
const regex: Heartbeat = { subscribedTopicNames: [], subscribedTopicRegex: `${prefix}-one.*` };
afterAll(() => broker.closeWires());

/** A broker looks at a regular expression once it has answered, so the topics come with a later heartbeat. */
async function gets(member: TestMember, topic: typeof one, partitions: readonly number[]): Promise<void> {
  await until(`${member.id} has ${topic.name} ${partitions.join()}`, async () => {
    await member.beat();
    return member.partitions(topic).join() === partitions.join();
  });
}

describe('A regular expression', () => {
  it('is looked at after the answer', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    expect(await member.join([], regex)).toMatchObject({ errorCode: code.none, memberEpoch: 1, assignment: { topicPartitions: [] } });
    await gets(member, one, [0, 1]);
    expect(member.partitions(two)).toEqual([]);
    expect(member.epoch).toBe(2);
    expect(await group.describe()).toMatchObject({ groupState: 'Stable', groupEpoch: 2 });
    const { subscribedTopicNames, subscribedTopicRegex } = (await group.describeMember(member.id))!;
    expect({ subscribedTopicNames, subscribedTopicRegex }).toEqual({ subscribedTopicNames: [], subscribedTopicRegex: `${prefix}-one.*` });
  });

  it('that the group knows already is served at once', async () => {
    const group = await TestGroup.create();
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([], regex);
    await gets(a, one, [0, 1]);
    await b.join([], regex);
    expect(b.epoch).toBe(3);
    await group.stable(a, b);
    expect([...a.partitions(one), ...b.partitions(one)].sort()).toEqual([0, 1]);
  });

  it('goes together with names', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([two], { subscribedTopicRegex: `${prefix}-one.*` });
    expect(member.partitions(two)).toEqual([0]);
    await gets(member, one, [0, 1]);
    expect(member.partitions(two)).toEqual([0]);
  });

  it('that is taken back is no longer served', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([], regex);
    await gets(member, one, [0, 1]);
    await member.beat({ subscribedTopicRegex: '', subscribedTopicNames: [two.name] });
    await gets(member, one, []);
    await gets(member, two, [0]);
  });

  it('must match the whole name', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    await member.join([], { ...regex, subscribedTopicRegex: `${prefix}-one|${prefix}-two.*` });
    await gets(member, two, [0]);
    expect(member.partitions(one)).toEqual([]);
  });

  it.each([
    ['[', 'missing closing ]'],
    ['(', 'missing closing )'],
    ['*a', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['\\1', 'invalid escape sequence'],
    ['[b-a]', 'invalid character class range'],
    ['a{2,1}', 'invalid repeat count'],
  ])('%j is refused, and leaves no trace', async (subscribedTopicRegex, fault) => {
    const group = await TestGroup.create();
    expect(await group.member().join([], { ...regex, subscribedTopicRegex })).toMatchObject({
      errorCode: code.invalidRegularExpression,
      errorMessage: `SubscribedTopicRegex \`${subscribedTopicRegex}\` is not a valid regular expression: ${fault}.`,
    });
    expect((await group.describe()).errorCode).toBe(code.groupIdNotFound);
  });
});
