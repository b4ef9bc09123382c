import { clusterSymbol } from '@tskafka/core/internal';
import { errorCodes } from '@tskafka/core/protocol';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('coordinators', () => {
  let scene: Scene;
  beforeEach(async () => {
    const begun = await Scene.start();
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
    await scene.connect();
  });

  const coordinators = () => scene.client[clusterSymbol].coordinators;
  const lookups = () => scene.cluster.requests({ api: 'FindCoordinator' }).length;

  it('callers at the same time share one lookup, which goes on when the one that began it gives up', async () => {
    const hold = scene.cluster.hold('FindCoordinator', { times: 1 });
    const giveUp = new AbortController();
    const first = coordinators().find('group', 'g', giveUp.signal);
    const second = coordinators().find('group', 'g');
    await hold.held();
    giveUp.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    hold.release();
    await expect(scene.settledWithin(second, 500)).resolves.toBeGreaterThan(0);
    expect(lookups()).toBe(1);
    await coordinators().find('group', 'g');
    expect(lookups()).toBe(1);
  });

  it('C4: a broker that keeps a lookup to itself does not hold it up', async () => {
    const hold = scene.cluster.hold('FindCoordinator', { times: 1 });
    expect(await scene.timeOf(coordinators().find('group', 'g'), 5000)).toBeLessThanOrEqual(1000);
    expect(hold.fired).toBe(1);
  });

  it('a lookup that fails is not remembered', async () => {
    scene.cluster.intercept('FindCoordinator', async (call) => {
      const response = (await call.pass())!;
      if (lookups() > 1) return response;
      return { ...response, coordinators: response.coordinators!.map((c) => ({ ...c, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED })) };
    });
    await expect(coordinators().find('group', 'g')).rejects.toMatchObject({ errorName: 'GROUP_AUTHORIZATION_FAILED' });
    await expect(coordinators().find('group', 'g')).resolves.toBeGreaterThan(0);
  });

  it('G1: whoever is late to say that a coordinator has moved does not make the others forget the new one', async () => {
    const old = await coordinators().find('group', 'g');
    const next = scene.cluster.brokerIds.find((id) => id !== old)!;
    scene.cluster.intercept('FindCoordinator', async (call) => {
      const response = (await call.pass())!;
      return { ...response, coordinators: response.coordinators!.map((c) => ({ ...c, nodeId: next, host: `mock-${next}` })) };
    });
    coordinators().forget('group', 'g', old);
    await expect(coordinators().find('group', 'g')).resolves.toBe(next);
    const before = lookups();
    coordinators().forget('group', 'g', old); // said by a request that was sent before all that
    await expect(coordinators().find('group', 'g')).resolves.toBe(next);
    expect(lookups()).toBe(before);
  });

  it('G1: when the coordinator is out of reach it is looked up anew, with pauses, until there is one', async () => {
    const dead = await coordinators().find('group', 'g');
    await scene.cluster.broker(dead).down();
    const attempt = (id: number, signal: AbortSignal) => scene.client[clusterSymbol].connection(id, 'coordinator', signal).then(() => id);
    const found = coordinators().retry('group', 'g', attempt, { timeoutMs: 60_000 });
    expect(await scene.settledWithin(found, 2000)).not.toBe(dead);
  });
});
