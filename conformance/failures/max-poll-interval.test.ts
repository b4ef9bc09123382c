import diagnostics from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cooperative, count, eager, group, kip848, Member, type Options, scene, until, useGroupScene, within } from './group-scene.ts';

useGroupScene();

/** What is published on a channel while the test runs. */
function publishedOn(name: string): unknown[] {
  const published: unknown[] = [];
  const listen = (payload: unknown): void => void published.push(payload);
  diagnostics.subscribe(name, listen);
  onTestFinished(() => void diagnostics.unsubscribe(name, listen));
  return published;
}

/** The default of five minutes, in a shorter time for most tests. */
const interval = 30_000;

describe.each<[name: string, way: Options]>([
  ['eager', eager],
  ['cooperative', cooperative],
  ['KIP-848', kip848],
])('a member that nobody asks for messages, %s', (_name, protocol) => {
  const way: Options = { ...protocol, maxPollIntervalMs: interval };

  it('G5: leaves after five minutes, where no other time is set', async () => {
    const { told } = await Member.join(protocol);
    await scene.clock.advance(299_000);
    expect(group().members()).toHaveLength(1);
    await scene.clock.advance(2000);
    expect(group().members()).toHaveLength(0);
    expect(told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3']);
  });

  it('G5: leaves after maxPollIntervalMs, says so, and has lost what it had', async () => {
    const left = publishedOn('tskafka:consumer:left');
    const { consumer, told } = await Member.join({ ...way, autoCommitEnable: true });
    await within(consumer.consume());
    const committed = group().commits();
    await scene.clock.advance(interval - 1000);
    expect(group().members()).toHaveLength(1);
    await until(() => group().members().length === 0, 2000);
    expect(told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3']);
    expect(consumer.assignment).toEqual([]);
    expect(consumer.health()).toMatchObject({ isHealthy: false, partitions: [] });
    expect(consumer.health().problem).toContain('maxPollIntervalMs');
    expect(consumer.explain()).toContain('maxPollIntervalMs');
    const [{ idleMs }, ...others] = left as [{ idleMs: number }];
    expect([Math.max(interval, idleMs), Math.min(interval + 200, idleMs), others]).toEqual([idleMs, idleMs, []]);
    await scene.clock.advance(interval);
    expect(group().members()).toHaveLength(0);
    expect(group().commits().length).toBeGreaterThanOrEqual(committed.length);
  });

  it('K10: joins again when somebody asks, and goes on behind what was committed: nothing that was fetched before is handed out', async () => {
    const { consumer, told } = await Member.join(way);
    await within(consumer.consume());
    await within(consumer.commitOffsets());
    await until(() => group().members().length === 0, 2 * interval);
    group().commit('orders', 0, 4);
    const again: number[] = [];
    for (let i = 0; i < 4; i++) again.push((await within(consumer.consume()))!.offset);
    expect(again).toEqual([4, 5, 6, 7]);
    expect(told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3', 'assigned 0,1,2,3']);
    expect(consumer.health()).toMatchObject({ isHealthy: true });
    expect(consumer.health().problem).toBeUndefined();
  });

  it('G5: may commit nothing of its old membership, and is told why', async () => {
    const { consumer } = await Member.join(way);
    const first = await within(consumer.consume());
    await until(() => group().members().length === 0, 2 * interval);
    await expect(consumer.commitOffsets()).rejects.toThrow(/has left the group 'readers'.*maxPollIntervalMs/);
    await expect(consumer.commitOffsets([[first!.partition, first!.offset + 1]])).rejects.toThrow('has left the group');
    expect(() => consumer.groupMetadata()).toThrow('has left the group');
    await scene.clock.advance(1000);
    expect(group().commits()).toEqual([]);
  });

  it('G5: gives its partitions to the others', async () => {
    const first = await Member.join(way);
    const second = await Member.join(way);
    const reading = second.read();
    await until(() => second.owned.length === 4, 60_000);
    expect(first.owned).toEqual([]);
    await within(second.consumer.stop());
    await reading;
  });

  it('G5: stays as long as somebody waits for a message', async () => {
    const { consumer, told } = await Member.join(way);
    const reading = (async () => {
      const taken = [];
      for await (const { value } of consumer) taken.push(String(value));
      return taken;
    })();
    await scene.clock.advance(3 * interval);
    scene.cluster.topic('orders').append('last');
    await scene.clock.advance(1000);
    await within(consumer.stop());
    expect(await reading).toHaveLength(9);
    expect(told.filter((each) => each.startsWith('lost'))).toEqual([]);
  });

  it('G5: stays as long as somebody takes messages, be it slowly and from one batch', async () => {
    const { consumer, told } = await Member.join({ ...way, consumerTimeoutMs: 0 });
    for (let i = 0; i < 6; i++) {
      await within(consumer.consume());
      await scene.clock.advance(interval / 2);
    }
    expect(told).toEqual(['assigned 0,1,2,3']);
  });

  it('G5: stays as long as run() hands messages to a handler, however long that takes', async () => {
    const { consumer, told } = await Member.join(way);
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const running = consumer.run(() => held, { concurrency: 1 });
    await scene.clock.advance(3 * interval);
    expect(told).toEqual(['assigned 0,1,2,3']);
    expect(consumer.health().isHealthy).toBe(false);
    letGo();
    await within(consumer.stop());
    await running;
    expect(count('LeaveGroup') + group().members().length).toBeLessThanOrEqual(1);
  });

  it('G15: that has left and is closed leaves once, and is not back afterwards', async () => {
    const { consumer } = await Member.join(way);
    await until(() => group().members().length === 0, 2 * interval);
    const asked = scene.cluster.requests().length;
    await within(consumer.close(), 100);
    await scene.clock.advance(interval);
    expect(scene.cluster.requests({ api: 'JoinGroup' }).length).toBeLessThanOrEqual(2);
    expect(scene.cluster.requests().length).toBeLessThanOrEqual(asked + 1);
    await expect(consumer.consume()).rejects.toMatchObject({ name: 'ClosedError' });
    await expect(consumer.commitOffsets()).rejects.toMatchObject({ name: 'ClosedError' });
  });
});

it('K10: a static member leaves for a while only, and has its partitions back', async () => {
  const first = await Member.join({ ...kip848, groupInstanceId: 'one', maxPollIntervalMs: interval });
  await until(() => first.told.length === 2, 2 * interval);
  expect(scene.cluster.requests({ api: 'ConsumerGroupHeartbeat' }).at(-1)!.request).toMatchObject({ memberEpoch: -2 });
  const [reading, asked] = [first.read(), count('ConsumerGroupHeartbeat')];
  await until(() => first.owned.length === 4, 20_000);
  expect(count('ConsumerGroupHeartbeat')).toBeGreaterThan(asked);
  await within(first.consumer.stop());
  await reading;
});

it('G5: a static member of a classic group goes silent, and its session decides', async () => {
  const { consumer, told } = await Member.join({ ...eager, groupInstanceId: 'one', maxPollIntervalMs: 10_000 });
  await until(() => told.length === 2, 20_000);
  expect(count('LeaveGroup')).toBe(0);
  expect(group().members()).toHaveLength(1);
  await within(consumer.consume());
  expect(told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3', 'assigned 0,1,2,3']);
});
