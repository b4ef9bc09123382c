import { BalancedConsumer } from '@tskafka/consumer';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { broker } from '../broker.ts';
import { connect, topicWith, values } from '../consumer/fixture.ts';
import { shareConsumer, shared, takeMessages } from '../consumer/share-fixture.ts';
import { commit } from '../requests.ts';
import { jsonLines, rowsOf, tskafka } from './tskafka.ts';

/** A topic of two partitions, five messages in the first, of which a group has read three. */
async function scene(): Promise<{ topic: string; group: string; committed: () => Promise<unknown[]> }> {
  const topic = await topicWith(values(0, 5), { partitions: 2 });
  const group = broker.freshName('group');
  const wire = await broker.coordinatorWire(group);
  expect(await commit(wire, 7, group, topic, 3)).toBe(0);
  wire.close();
  const committed = async (): Promise<unknown[]> =>
    (await rowsOf(`offsets export ${group}`)).map((row) => [row['partition'], row['offset']]);
  return { topic: topic.name, group, committed };
}

describe('tskafka offsets', () => {
  it('shows where partitions begin and end, and a place in them', async () => {
    const { topic } = await scene();
    expect(await rowsOf(`offsets ${topic}`)).toEqual([
      { topic, partition: 0, begin: 0, end: 5, count: 5 },
      { topic, partition: 1, begin: 0, end: 0, count: 0 },
    ]);
    expect((await rowsOf(`offsets ${topic} -2`)).map((row) => row['at'])).toEqual([3, 0]);
    expect(await tskafka(`offsets ${broker.freshName('none')}`)).toMatchObject({ code: 1, stdout: '' });
  });

  it('shows several topics, and the places of times', async () => {
    const prefix = broker.freshName('many');
    const old = await topicWith([3000, 9000, 5000].map((timestamp) => ({ value: 'x', timestamp })), { prefix }); // prettier-ignore
    const empty = await broker.createTopic({ prefix, partitions: 2 });
    const rows = await rowsOf(`offsets ${prefix}* max-timestamp`);
    expect(rows.map((row) => [row['topic'], row['partition'], row['at'], row['time']])).toEqual(
      [
        [old.name, 0, 1, '1970-01-01T00:00:09.000Z'],
        [empty.name, 0, null, null],
        [empty.name, 1, null, null],
      ].toSorted((a, b) => (a[0]! < b[0]! ? -1 : a[0] === b[0] ? Number(a[1]) - Number(b[1]) : 1)),
    );
    expect(await rowsOf(`offsets ${old.name} @1970-01-01T00:00:04Z`)).toMatchObject([{ at: 1, time: '1970-01-01T00:00:09.000Z' }]);
    expect(await rowsOf(`offsets ${old.name} @1970-01-01T00:00:10Z`)).toMatchObject([{ at: null, time: null, end: 3 }]);
    const none = broker.freshName('none');
    const some = await tskafka(`offsets ${empty.name},${none} -p 1 --json`);
    expect(jsonLines(some.stdout)).toEqual([{ topic: empty.name, partition: 1, begin: 0, end: 0, count: 0 }]);
    expect(some).toMatchObject({ code: 1, stderr: expect.stringContaining(none) });
    expect(await tskafka(`offsets ${none}*`)).toMatchObject({ code: 0, stdout: '', stderr: `no topic matches ${none}*\n` });
  });

  it('reset keeps a plan, and does nothing where the group has moved since', async () => {
    const { topic, group, committed } = await scene();
    const folder = await mkdtemp(join(tmpdir(), 'offsets-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const plan = join(folder, 'plan');
    expect(await tskafka(`offsets reset ${group} --to 1 --export ${plan}`)).toMatchObject({ code: 0 });
    expect(jsonLines(await readFile(plan, 'utf8'))).toEqual([{ group, topic, partition: 0, committed: 3, offset: 1 }]);

    const wire = await broker.coordinatorWire(group);
    expect(await commit(wire, 7, group, { name: topic, id: '' }, 4)).toBe(0);
    wire.close();
    const shown = await tskafka(`offsets reset ${group} --to file:${plan}`);
    expect(shown).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`has moved since that plan was made: ${topic}[0] from 3 to 4\n`),
    });
    const refused = await tskafka(`offsets reset ${group} --to file:${plan} --execute`);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      `error: group ${group} has moved since the plan was made, so nothing was changed\ncause: ${topic}[0] from 3 to 4\nhint:  make the plan again, or add --force to do it anyway\n`,
    );
    expect(await committed()).toEqual([[0, 4]]);
    expect(await tskafka(`offsets reset ${group} --to file:${plan} --force --execute`)).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([[0, 1]]);
  });

  it("reset reads the CSV of Kafka's own tool, and of it only what is of the group", async () => {
    const { topic, group, committed } = await scene();
    const folder = await mkdtemp(join(tmpdir(), 'offsets-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'offsets.csv');
    await writeFile(file, `"${group}","${topic}",0,2\nanother-group,${topic},1,0\n`);
    expect(await tskafka(`offsets reset ${group} --to file:${file} --execute`)).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([[0, 2]]);
  });

  it.each([
    ['--to beginning', 0, -3],
    ['--to end', 5, 2],
    ['--to 1', 1, -2],
    ['--to 99', 5, 2],
    ['--to -2', 1, -2],
    ['--to +1', 4, 1],
    ['--to -99', 0, -3],
  ])('reset %s shows where the group would go on, and moves it with --execute', async (where, to, shift) => {
    const { topic, group, committed } = await scene();
    const { stdout, stderr } = await tskafka(`offsets reset ${group} ${where} --json`);
    expect(jsonLines(stdout)).toEqual([{ topic, partition: 0, committed: 3, new: to, shift, status: 'planned', error: null }]);
    const messages = `${Math.abs(shift)} message${Math.abs(shift) === 1 ? '' : 's'}`;
    const then = shift < 0 ? `read ${messages} again` : `skip ${messages}`;
    expect(stderr).toContain(`plan only, nothing was changed; this would have ${group} ${then}\n`);
    expect(await committed()).toEqual([[0, 3]]);
    expect(await tskafka(`offsets reset ${group} ${where} --execute`)).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([[0, to]]);
  });

  it('reset takes partitions that are named, and leaves out what cannot be shifted', async () => {
    const { topic, group, committed } = await scene();
    const shifted = await tskafka(`offsets reset ${group} --to +1 -t ${topic} --execute`);
    expect(shifted).toMatchObject({ code: 0, stderr: `${topic}[1] is left out: the group has no commits there\n` });
    expect(await tskafka(`offsets reset ${group} --to beginning -t ${topic}:1 --execute`)).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([[0, 4], [1, 0]]); // prettier-ignore
  });

  it('reset goes where another group is, or a file says that it was', async () => {
    const [one, other] = [await scene(), broker.freshName('other')];
    expect(await tskafka(`offsets reset ${other} --to group:${one.group} --execute`)).toMatchObject({ code: 0 });
    expect((await rowsOf(`offsets export ${other}`)).map((row) => row['offset'])).toEqual([3]);
    const folder = await mkdtemp(join(tmpdir(), 'offsets-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'kept');
    await writeFile(file, (await tskafka(`offsets export ${one.group} --json`)).stdout);
    await tskafka(`offsets reset ${one.group} --to end --execute`);
    expect(await tskafka(`offsets reset ${one.group} --to file:${file} --execute`)).toMatchObject({ code: 0 });
    expect(await one.committed()).toEqual([[0, 3]]);
    expect(await tskafka(`offsets reset ${one.group} --to file:${file}`)).toMatchObject({
      code: 0,
      stderr: 'the group is at these offsets already\n',
    });
  });

  it('neither reset nor group delete touches a group that has members', async () => {
    const { topic, group, committed } = await scene();
    await using client = await connect();
    await using _member = await BalancedConsumer.start(client.topic(topic), { consumerGroup: group });
    const refused = await tskafka(`offsets reset ${group} --to beginning --execute`);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      new RegExp(`^error: group ${group} has 1 active member, so its offsets cannot be set\ncause: NON_EMPTY_GROUP`),
    );
    expect(await committed()).toEqual([[0, 3]]);
    expect(await tskafka(`group delete ${group} --execute`)).toMatchObject({ code: 1 });
  });

  it('delete forgets what was committed in a topic', async () => {
    const { topic, group, committed } = await scene();
    expect(await tskafka(`offsets delete ${group} -t ${topic}`)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^plan only/) });
    expect(await committed()).toEqual([[0, 3]]);
    expect(await tskafka(`offsets delete ${group} -t ${topic} --execute`)).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([]);
  });

  it.each([
    ['offsets reset g', /--to is missing/],
    ['offsets reset g --to yesterdya', /--to yesterdya is not an offset/],
    ['offsets reset g --to committed', /would change nothing/],
    ['offsets delete g', /-t TOPIC is missing/],
  ])('%s: exit code 2', async (args, message) => {
    expect(await tskafka(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('a group that has committed nothing is told where to begin by -t', async () => {
    const nothing = await tskafka(`offsets reset ${broker.freshName('none')} --to end`);
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('name its topics with -t TOPIC') });
  });
});

describe('tskafka offsets of a share group', () => {
  it('reset has it begin elsewhere, also before it is there; delete has it forget topics', async () => {
    const { topic } = await scene();
    const group = broker.freshName('share');
    const places = async (): Promise<unknown[]> =>
      (await rowsOf(`offsets export ${group}`)).map((row) => [row['partition'], row['offset']]);
    const plan = await tskafka(`offsets reset ${group} --share --to 3 -t ${topic}`);
    expect(plan).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing was changed') });
    expect(await places()).toEqual([]);
    expect(await tskafka(`offsets reset ${group} --share --to 3 -t ${topic} --execute`)).toMatchObject({ code: 0 });
    expect(await rowsOf(`groups ${group}`)).toMatchObject([{ type: 'share', state: 'Empty' }]);
    expect(await places()).toEqual([[0, 3], [1, 0]]); // prettier-ignore

    expect(await tskafka(`offsets reset ${group} --to -2 -t ${topic}:0 --execute`)).toMatchObject({ code: 0 });
    expect((await places())[0]).toEqual([0, 1]);

    expect(await tskafka(`offsets delete ${group} -t ${topic}:0 --execute`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('forgets whole topics'),
    });
    expect(await tskafka(`offsets delete ${group} -t ${topic} --execute`)).toMatchObject({ code: 0 });
    expect(await places()).toEqual([]);
  });

  it('reset is refused while it has members', async () => {
    const there = await shared(values(0, 5));
    await using client = await connect();
    await using consumer = await shareConsumer(client, there);
    await takeMessages(consumer, 1);
    const refused = await tskafka(`offsets reset ${there.group} --to end -t ${there.topic.name} --execute`);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('1 active member') });
  });
});
