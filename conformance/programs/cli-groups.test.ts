import { BalancedConsumer } from '@tskafka/consumer';
import { alterGroupOffsets, type KafkaClient, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, useClient, values } from '../consumer/fixture.ts';
import { shareConsumer, shared, takeMessages } from '../consumer/share-fixture.ts';
import { until } from '../until.ts';
import { jsonLines, rowsOf, tskafka } from './tskafka.ts';

let client: KafkaClient;
useClient((connected) => (client = connected), { clientId: 'reader' });

/** A topic of two partitions, five messages in the first, of which a group has read three. */
async function groupThatRead(): Promise<{ topic: string; group: string }> {
  const topic = (await topicWith(values(0, 5), { partitions: 2 })).name;
  const group = broker.freshName('group');
  valuesOf(await alterGroupOffsets(client, group, [{ topic, partition: 0, offset: 3 }]));
  return { topic, group };
}

describe('tskafka groups', () => {
  it('lists what matches, with members and lag; --brief without', async () => {
    const { group } = await groupThatRead();
    const pattern = `${group.slice(0, -2)}*`;
    expect(await rowsOf(`groups ${pattern}`)).toEqual([{ group, type: 'classic', state: 'Empty', members: 0, lag: 2 }]);
    expect(await rowsOf(`groups ${pattern} --brief`)).toEqual([{ group, type: 'classic', state: 'Empty' }]);
    expect(await rowsOf(`groups ${pattern} --state Stable`)).toEqual([]);
    expect(await rowsOf(`groups ${pattern} --state Stable --state Empty --type classic`)).toHaveLength(1);
    expect(await tskafka(`groups ${pattern} --type share`)).toMatchObject({ code: 0, stdout: '', stderr: `no group matches ${pattern}\n` });
    expect(await tskafka('groups --type shared')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('tskafka group describe', () => {
  it.each(['classic', 'consumer'] as const)('shows who reads what of a %s group, and how far it is', async (groupProtocol) => {
    const { topic, group } = await groupThatRead();
    await using _reader = await BalancedConsumer.start(client.topic(topic), { consumerGroup: group, groupProtocol });
    await using _idle = await BalancedConsumer.start(client.topic(topic), { consumerGroup: group, groupProtocol });
    await using _more = await BalancedConsumer.start(client.topic(topic), { consumerGroup: group, groupProtocol });
    let rows: Record<string, unknown>[] = [];
    await until('all are there, and each partition has a reader', async () => {
      rows = await rowsOf(`group ${group}`);
      return rows.length === 3 && rows[1]!['partition'] === 1;
    });
    expect(rows.map(({ topic: of, partition, committed, end, lag }) => [of, partition, committed, end, lag])).toEqual([
      [topic, 0, 3, 5, 2],
      [topic, 1, null, 0, null],
      [null, null, null, null, null], // one of three has nothing to read
    ]);
    for (const row of rows) expect(row).toMatchObject({ group, client: 'reader', host: expect.stringContaining('127.0.0.1') });
    expect(new Set(rows.map(({ member }) => member)).size).toBe(3);

    const { stdout, stderr } = await tskafka(`group describe ${group} --members --json`);
    expect(stderr).toMatch(new RegExp(`^${group}: ${groupProtocol}, Stable, 3 members, coordinated by broker \\d`));
    const members = jsonLines(stdout);
    expect(members.flatMap(({ assignment }) => assignment).sort()).toEqual([`${topic}:0`, `${topic}:1`]);
    expect(members.map(({ partitions }) => partitions).toSorted()).toEqual([0, 1, 1]);
    expect(members[0]).toMatchObject({
      group,
      subscribed: [topic],
      instance: null,
      target: groupProtocol === 'consumer' ? expect.any(Array) : null,
    });

    const [state] = await rowsOf(`group ${group} --state`);
    expect(state).toMatchObject({
      group,
      type: groupProtocol,
      state: 'Stable',
      members: 3,
      epoch: groupProtocol === 'consumer' ? expect.any(Number) : null,
    });
    expect((await rowsOf(`groups ${group}`))[0]).toMatchObject({ type: groupProtocol, members: 3, lag: 2 });
  });

  it('shows a share group, whose partitions any member reads', async () => {
    const scene = await shared(values(0, 5));
    await using consumer = await shareConsumer(client, scene);
    await takeMessages(consumer, 2);
    await consumer.commit();
    const { group, topic } = scene;
    let rows: Record<string, unknown>[] = [];
    await until('what was acknowledged is known', async () => {
      rows = await rowsOf(`group ${group}`);
      return rows[0]?.['lag'] === 3;
    });
    expect(rows).toEqual([
      expect.objectContaining({
        group,
        topic: topic.name,
        partition: 0,
        committed: expect.any(Number),
        end: null,
        lag: 3,
        client: 'reader',
      }),
    ]);
    expect(await rowsOf(`lag ${group}`)).toEqual([{ topic: topic.name, partition: 0, committed: expect.any(Number), end: null, lag: 3 }]);
    expect(await rowsOf(`groups ${group} --type share`)).toEqual([{ group, type: 'share', state: 'Stable', members: 1, lag: 3 }]);
    expect(await rowsOf(`group ${group} --members`)).toEqual([expect.objectContaining({ assignment: [`${topic.name}:0`], target: null })]);
  });

  it('shows several groups, and says which there is not', async () => {
    const [one, other, none] = [await groupThatRead(), await groupThatRead(), broker.freshName('none')];
    const { stdout, stderr, code } = await tskafka(['group', 'describe', one.group, none, other.group, '--json']);
    expect(jsonLines(stdout).map(({ group }) => group)).toEqual([one.group, other.group]);
    expect(stderr).toContain('GROUP_ID_NOT_FOUND');
    expect(code).toBe(1);
    expect((await tskafka(`group ${one.group}x`)).stderr).toContain(`hint:  did you mean ${one.group}?\n`);
    // The line that sums it up names the group; a column is for several.
    expect((await tskafka(`group ${one.group}`)).stdout).toMatch(/^TOPIC +PARTITION /);
    expect((await tskafka(`group ${one.group} ${other.group}`)).stdout).toMatch(/^GROUP +TOPIC +PARTITION /);
    expect(await tskafka(`group ${one.group} --members`)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/the group has no members\n$/),
    });
    expect(await tskafka(`group ${one.group} --members --state`)).toMatchObject({ code: 2, stdout: '' });
  });
});
