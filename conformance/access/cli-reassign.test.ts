import { afterEach, expect, it } from 'vitest';
import { alterConfigs, type ConfigChange, type KafkaClient } from '@tskafka/core';
import { broker } from '../broker.ts';
import { useClient } from '../consumer/fixture.ts';
import { jsonLines, rowsOf, tskafka } from '../programs/tskafka.ts';
import { until } from '../until.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

// Others use these brokers too.
afterEach(async () => {
  const names = ['leader', 'follower'].map((side) => `${side}.replication.throttled.rate`);
  await alterConfigs(client, [1, 2, 3].map((id): ConfigChange => ({ type: 'broker', name: String(id), delete: names }))); // prettier-ignore
});

async function throttlesOf(resource: string): Promise<unknown[]> {
  return (await rowsOf(`configs describe ${resource}`)).map((row) => row['name']).filter((name) => /throttled/.test(String(name)));
}

it('tskafka reassign move throttles, and verify takes that away when it is over', async () => {
  const { name } = await broker.createTopic({ assignments: [[1], [1]] });
  const command = `reassign move ${name} --to 2 --throttle 100M`;
  const plan = await tskafka(command);
  expect(plan.stderr).toContain('this would move 2 partitions, with 100 MiB a second of each broker');
  expect(await throttlesOf(`topic ${name}`)).toEqual([]);

  const moved = await tskafka(`${command} --execute`);
  expect(moved).toMatchObject({ code: 0, stderr: `throttled; when it is over: tskafka reassign verify ${name} --execute\n` });
  await until('it is over', async () => (await tskafka(`reassign verify ${name}`)).code === 0);
  // What a node knows of a configuration may be a moment old.
  await until('the throttles are shown', async () => {
    const left = jsonLines((await tskafka(`reassign verify ${name} --json`)).stdout).filter((row) => row['of'] === name);
    return left.length === 2;
  });
  const left = (await rowsOf(`reassign verify ${name}`)).filter((row) => row['of'] === name);
  const common = { resource: 'topic', of: name, status: 'planned', error: null };
  expect(left).toEqual([
    { ...common, throttle: 'follower.replication.throttled.replicas', value: '0:2,1:2' },
    { ...common, throttle: 'leader.replication.throttled.replicas', value: '0:1,1:1' },
  ]);
  await until('no throttle is left', async () => {
    const { code } = await tskafka(`reassign verify ${name} --execute`);
    return code === 0 && (await rowsOf(`reassign verify ${name}`)).length === 0;
  });
  expect(await throttlesOf('broker 1')).toEqual([]);
});

it.each([
  [['--throttle', '0'], '--throttle 0 would never end'],
  [['--throttle', 'fast'], '--throttle fast is not a size'],
])('refuses %j', async (args, message) => {
  const { stderr, stdout, code } = await tskafka(['reassign', 'move', 'orders', '--to', '1', ...args]);
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toContain(message);
});
