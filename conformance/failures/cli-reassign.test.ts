import { MockCluster } from '@tskafka/testing';
import { expect, it } from 'vitest';
import { jsonLines, tskafka } from '../programs/tskafka.ts';

it('tskafka reassign verify keeps the throttles while something is moved, and says what', async () => {
  const single = { partitions: 1, replicationFactor: 1 };
  await using cluster = await MockCluster.start({
    brokers: 3,
    configs: { 'log.dirs': '/a,/b' },
    topics: { other: single, orders: single },
  });
  const brokers = (await cluster.listen()).brokers.join(',');
  const run = (args: string) => tskafka(args, { brokers });
  const elsewhere = (topic: string): number => (cluster.topic(topic).partition(0).leader % 3) + 1;
  const [target, leader] = [elsewhere('other'), elsewhere('orders')];
  using held = cluster.holdReassignments();
  const move = `reassign move orders --to ${leader} --throttle 1M --execute`;
  expect(await run(`reassign move other --to ${target} --throttle 1M --execute`)).toMatchObject({ code: 0 });
  const moving = await run('reassign verify other --execute --json');
  expect(moving).toMatchObject({ code: 3, stderr: 'one of them is still being moved\n' });
  expect(jsonLines(moving.stdout)).toEqual([{ topic: 'other', partition: 0, moving: 'brokers', to: [target] }]);

  const beside = await run('reassign verify orders');
  expect(beside).toMatchObject({ code: 0, stderr: expect.stringContaining('something else is being moved') });
  expect(beside.stdout).toBe('');

  held.stop();
  expect(await run(move)).toMatchObject({ code: 0 });
  const dirs = jsonLines((await run('log-dirs orders --json')).stdout).find((row) => row['broker'] === leader)!;
  const to = dirs['path'] === '/a' ? '/b' : '/a';
  expect(await run(`log-dirs move orders:0 --broker ${leader} --to ${to} --throttle 5M --execute`)).toMatchObject({
    code: 0,
    stderr: 'throttled; when it is over: tskafka reassign verify orders --execute\n',
  });
  const left = await run('reassign verify orders --execute --json');
  expect(left.code).toBe(0);
  expect(jsonLines(left.stdout)).toContainEqual({
    ...{ resource: 'broker', of: String(leader), throttle: 'replica.alter.log.dirs.io.max.bytes.per.second', value: String(5 * 2 ** 20) },
    ...{ status: 'done', error: null },
  });
  expect(await run('reassign verify orders other --execute')).toMatchObject({ code: 0 });
  expect(await run('reassign verify orders other')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'none of them is being moved, and nothing is throttled\n',
  });
});
