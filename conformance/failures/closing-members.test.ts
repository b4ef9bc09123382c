import { describe, expect, it } from 'vitest';
import { cooperative, eager, kip848, Member, type Options, scene, useGroupScene, within } from './group-scene.ts';

useGroupScene();

describe.each<[name: string, way: Options]>([
  ['eager', eager],
  ['cooperative', cooperative],
  ['KIP-848', kip848],
])('a member that is closed, %s', (_name, protocol) => {
  const way: Options = { ...protocol, autoCommitEnable: true, closeTimeoutMs: 2000 };

  it.each<[what: string, options: Options]>([
    ['', {}],
    [', and onRevoked never ends', { onRevoked: () => new Promise(() => {}) }],
  ])('G15: ends within closeTimeoutMs while the coordinator says nothing%s', async (_what, options) => {
    const { consumer } = await Member.join({ ...way, ...options });
    await within(consumer.consume());
    for (const api of ['OffsetCommit', 'LeaveGroup', 'ConsumerGroupHeartbeat'] as const) scene.cluster.hold(api, { times: 99 });
    const ms = await scene.timeOf(consumer.close(), 20_000);
    expect(ms).toBeLessThanOrEqual(2010);
  });

  it('G15: ends within closeTimeoutMs while a handler never ends and the coordinator says nothing', async () => {
    const { consumer } = await Member.join({ ...way, autoCommitEnable: false });
    let isCalled!: () => void;
    const called = new Promise<void>((resolve) => (isCalled = resolve));
    let calls = 0;
    const running = consumer.run(() => {
      if (calls++ === 0) return;
      isCalled();
      return new Promise(() => {});
    });
    await within(called);
    for (const api of ['OffsetCommit', 'LeaveGroup', 'ConsumerGroupHeartbeat'] as const) scene.cluster.hold(api, { times: 99 });
    const ms = await scene.timeOf(Promise.all([consumer.close(), running]), 20_000);
    expect(ms).toBeLessThanOrEqual(2010);
  });

  it('G15: says goodbye also when a hook has used up its time', async () => {
    const { consumer } = await Member.join({ ...way, onRevoked: () => new Promise(() => {}) });
    await within(consumer.close(), 2010);
    expect(scene.cluster.group('readers').members()).toHaveLength(0);
  });
});
