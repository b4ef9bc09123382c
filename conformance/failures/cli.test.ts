import { MockCluster, type MockClusterOptions } from '@tskafka/testing';
import { expect, it, onTestFinished } from 'vitest';
import { tskafka } from '../programs/tskafka.ts';

/** A cluster of one broker, which the command line reaches. */
async function listening(options: MockClusterOptions = {}): Promise<{ cluster: MockCluster; brokers: string }> {
  const cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 }, autoCreateTopics: false, ...options });
  onTestFinished(() => cluster.close());
  return { cluster, brokers: (await cluster.listen()).brokers.join(',') };
}

it('says which call had no answer within the time', async () => {
  const { cluster, brokers } = await listening();
  cluster.hold('ListGroups');
  const { stderr, code } = await tskafka('groups --timeout 500ms', { brokers });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: listGroups of broker 1: no answer within \d+ ms\n/);
});

it('asks the replica of its own rack', async () => {
  const { cluster, brokers } = await listening();
  await tskafka('produce orders', { brokers, input: 'a\n' });
  const racks = () => [...new Set(cluster.requests({ api: 'Fetch' }).map(({ request }) => request.rackId))];
  expect(await tskafka('consume orders -X client.rack=eu-1a', { brokers })).toMatchObject({ stdout: 'a\n', code: 0 });
  expect(racks()).toEqual(['eu-1a']);
});

it('asks once where each partition begins and ends, before it reads the last messages', async () => {
  const { cluster, brokers } = await listening();
  await tskafka('produce orders', { brokers, input: 'a\nb\n' });
  expect((await tskafka('tail orders', { brokers })).stdout).toBe('a\nb\n');
  const asked = cluster.requests({ api: 'ListOffsets' }).flatMap(({ request }) => request.topics.flatMap(({ partitions }) => partitions));
  expect(asked.filter(({ timestamp }) => timestamp === -2)).toHaveLength(1);
});

it('tells who may not read the first cluster, where it writes to a second', async () => {
  const users = { alice: 'secret' };
  const [source, target] = [await listening({ sasl: { users } }), await listening()];
  const login = { TSKAFKA_SASL_MECHANISM: 'plain', TSKAFKA_SASL_USERNAME: 'alice', TSKAFKA_SASL_PASSWORD: 'secret' };
  await tskafka('produce orders', { brokers: source.brokers, env: login, input: 'a\n' });
  source.cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED']);
  const { stderr, code } = await tskafka(`copy orders orders --to-brokers ${target.brokers}`, { brokers: source.brokers, env: login });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: alice may not read topic orders\n/m);
  expect(stderr).toMatch(/--principal User:alice --operation read --topic orders --execute$/m);
});

it('measures no latency of a message that has not come', async () => {
  const { cluster, brokers } = await listening();
  cluster.fail('Fetch', ['TOPIC_AUTHORIZATION_FAILED']);
  const { stdout, stderr, code } = await tskafka('bench latency orders -n 3', { brokers });
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/^error: ANONYMOUS may not read topic orders$/m);
});
