import { alterGroupOffsets, type KafkaClient, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith as fixtureTopic, useClient } from '../consumer/fixture.ts';
import { jsonLines, topicWith, tskafka } from './tskafka.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** A topic of five messages, of which the group has read so many. */
async function groupThatRead(count: number): Promise<{ topic: string; group: string }> {
  const topic = await topicWith('0\n1\n2\n3\n4\n');
  const group = broker.freshName('behind');
  valuesOf(await alterGroupOffsets(client, group, [{ topic, partition: 0, offset: count }]));
  return { topic, group };
}

describe('tskafka lag', () => {
  it('shows several groups topic by topic, the one that is furthest behind first', async () => {
    const [ahead, behind] = [await groupThatRead(4), await groupThatRead(1)];
    const rows = jsonLines((await tskafka(`lag ${ahead.group} ${behind.group} --json`)).stdout);
    const common = { partitions: 1, state: 'Empty', members: 0 };
    expect(rows).toEqual([
      { ...common, group: behind.group, topic: behind.topic, lag: 4 },
      { ...common, group: ahead.group, topic: ahead.topic, lag: 1 },
    ]);
    const all = jsonLines((await tskafka('lag --json')).stdout);
    expect(all).toEqual(expect.arrayContaining(rows));
    const { stdout } = await tskafka(`lag ${ahead.group} ${behind.group} --partitions --tsv`);
    expect(stdout).toBe(`${behind.group}\t${behind.topic}\t0\t1\t5\t4\n${ahead.group}\t${ahead.topic}\t0\t4\t5\t1\n`);
  });

  it('a group that there is not is an error, and no group without lag', async () => {
    const [{ topic, group }, none] = [await groupThatRead(4), broker.freshName('none')];
    const { stdout, stderr, code } = await tskafka(['lag', none, group, '--json']);
    expect(jsonLines(stdout)).toEqual([{ group, topic, partitions: 1, lag: 1, state: 'Empty', members: 0 }]);
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining('GROUP_ID_NOT_FOUND'), code: 1 });
    expect(await tskafka(`lag ${none} --wait-zero`)).toMatchObject({ code: 1, stdout: '' });
    // Nor is a topic that there is not; one in which nothing is committed is told apart.
    expect(await tskafka(`lag ${group} -t ${none} --fail-above 5`)).toMatchObject({ code: 1, stderr: expect.stringContaining(`topic ${none} does not exist`) }); // prettier-ignore
    const { name } = await broker.createTopic();
    expect(await tskafka(`lag ${group} -t ${name}`)).toMatchObject({ code: 0, stderr: `${group} has committed nothing in ${name}\n` });
  });

  it('--fail-above ends with 3 where the lag is above, and with 0 where it is not', async () => {
    const { group } = await groupThatRead(2);
    expect((await tskafka(`lag ${group} --fail-above 2`)).code).toBe(3);
    expect((await tskafka(`lag ${group} --fail-above 3`)).code).toBe(0);
  });

  it('--time tells how long the next message has waited', async () => {
    const hourAgo = Date.now() - 3_600_000;
    const { name: topic } = await fixtureTopic([hourAgo, hourAgo + 1_800_000, Date.now()].map((timestamp) => ({ value: 'x', timestamp })), { partitions: 2 }); // prettier-ignore
    const [first, second, done] = ['first', 'second', 'done'].map((name) => broker.freshName(name)) as [string, string, string];
    for (const [group, offset] of [[first, 0], [second, 1], [done, 3]] as const) // prettier-ignore
      valuesOf(await alterGroupOffsets(client, group, [0, 1].map((partition) => ({ topic, partition, offset: partition === 0 ? offset : 0 })))); // prettier-ignore
    const rows = jsonLines((await tskafka(`lag ${first} ${second} ${done} --time --json`)).stdout);
    const minutes = new Map(rows.map(({ group, behindMs }) => [group, Math.floor((behindMs as number) / 60_000)]));
    expect(minutes.get(first)).toBeGreaterThanOrEqual(60);
    expect(minutes.get(second)! - minutes.get(first)!).toBe(-30);
    expect(minutes.get(done)).toBe(0);
    const { stdout } = await tskafka(`lag ${first} --time`);
    expect(stdout).toMatch(/^TOPIC +PARTITION +COMMITTED +END +LAG +BEHIND$/m);
    expect(stdout).toMatch(/ 0 +0 +3 +3 +\dh \d+m$/m);
    expect(stdout).toMatch(/ 1 +0 +0 +0 +0s$/m);
  });

  it('--time ends where only the marker of a transaction is left', async () => {
    const { name: topic } = await broker.createTopic();
    expect((await tskafka(`produce ${topic} --transaction`, { input: 'x\n' })).code).toBe(0);
    const group = broker.freshName('marked');
    valuesOf(await alterGroupOffsets(client, group, [{ topic, partition: 0, offset: 1 }]));
    expect(jsonLines((await tskafka(`lag ${group} --time --json`)).stdout)).toMatchObject([{ lag: 1, behindMs: null }]);
  });

  it('--wait-zero ends when nothing is left to read', async () => {
    const { topic, group } = await groupThatRead(2);
    const waiting = tskafka(`lag ${group} --wait-zero --every 50ms --json`);
    const catchUp = async (): Promise<void> => {
      valuesOf(await alterGroupOffsets(client, group, [{ topic, partition: 0, offset: 5 }]));
    };
    await catchUp();
    const { stdout, code } = await waiting;
    expect({ rows: jsonLines(stdout), code }).toEqual({ rows: [{ topic, partition: 0, committed: 5, end: 5, lag: 0 }], code: 0 });
  });

  it('--watch shows it again and again until SIGINT, with what it says of the rates', async () => {
    const { topic, group } = await groupThatRead(2);
    const { stdout, stderr, code } = await tskafka(`lag ${group} --watch --every 50ms --json`, {
      onOutput: (sofar, kill) => {
        if (sofar.split('\n').length > 3) kill('SIGINT');
      },
    });
    expect(jsonLines(stdout).slice(0, 3)).toEqual(Array.from({ length: 3 }, () => ({ topic, partition: 0, committed: 2, end: 5, lag: 3 })));
    expect(stderr).toMatch(/^3 in all\n3 in all, in 0\/s, out 0\/s$/m);
    expect(code).toBe(130);
  });

  it('draws the trend of each partition in a table', async () => {
    const { group } = await groupThatRead(2);
    const { stdout } = await tskafka(`lag ${group} --watch --every 50ms`, {
      onOutput: (sofar, kill) => {
        if (sofar.includes('▁▁')) kill('SIGINT');
      },
    });
    expect(stdout).toMatch(/^TOPIC +PARTITION +COMMITTED +END +LAG +TREND$/m);
    expect(stdout).toMatch(/ 0 +2 +5 +3 +▁▁$/m);
  });
});
