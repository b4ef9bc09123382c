import { getEventListeners } from 'node:events';
import { ClosedError, KafkaClient } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { MockCluster } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('closing a client', () => {
  const brokers = (scene: Scene) => scene.cluster.brokerIds.map((id) => scene.cluster.broker(id));
  const sasl = { mechanism: 'plain' as const, username: 'alice', password: 'right' };

  const pause = 'a broker has asked for a pause';

  /** What is under way when the client is closed: each brings the client there, and gives what is pending. */
  const phases: Record<string, (scene: Scene) => Promise<Promise<unknown>[]>> = {
    'nothing is under way': () => Promise.resolve([]),
    'a connection is being made': (scene) => {
      for (const broker of brokers(scene)) {
        broker.dropConnections();
        broker.blackhole();
      }
      return ask(scene);
    },
    'it waits to connect again': async (scene) => {
      await Promise.all(brokers(scene).map((broker) => broker.down()));
      return ask(scene, 5000);
    },
    'versions are being agreed on': (scene) => reconnectInto(scene, 'ApiVersions'),
    'a mechanism is being agreed on': (scene) => reconnectInto(scene, 'SaslHandshake'),
    'it logs in': (scene) => reconnectInto(scene, 'SaslAuthenticate'),
    'it renews its login': async (scene) => {
      const hold = scene.cluster.hold('SaslHandshake');
      await scene.clock.advance(9000);
      expect(hold.waiting).toBeGreaterThan(0);
      return ask(scene);
    },
    'it fetches metadata': (scene) => {
      scene.cluster.hold('Metadata');
      return ask(scene, 100, 'other');
    },
    'a request is out': (scene) => {
      scene.cluster.hold('ListOffsets');
      return ask(scene);
    },
    'it waits to try again': (scene) => {
      scene.cluster.fail('ListOffsets', Array(1000).fill('LEADER_NOT_AVAILABLE'));
      return ask(scene, 3050);
    },
    'a topic is not there yet': (scene) => {
      scene.cluster.fail('Metadata', Array(1000).fill('UNKNOWN_TOPIC_OR_PARTITION'), { topic: 'other' });
      return ask(scene, 3050, 'other');
    },
    [pause]: async (scene) => {
      scene.cluster.throttle(60_000);
      await scene.client.topic('orders').latestOffsets();
      return ask(scene);
    },
    'a coordinator is being looked for': async (scene) => {
      scene.cluster.hold('FindCoordinator');
      const { coordinators } = scene.client[clusterSymbol];
      const found = coordinators.retry('group', 'g', (id) => Promise.resolve(id), { timeoutMs: 60_000 });
      found.catch(() => {});
      await scene.clock.advance(1500);
      return [found];
    },
  };

  function ask(scene: Scene, afterMs = 50, topic = 'orders'): Promise<Promise<unknown>[]> {
    const pending = scene.client.topic(topic).latestOffsets();
    pending.catch(() => {});
    return scene.clock.advance(afterMs).then(() => [pending]);
  }

  async function reconnectInto(scene: Scene, api: 'ApiVersions' | 'SaslHandshake' | 'SaslAuthenticate'): Promise<Promise<unknown>[]> {
    const hold = scene.cluster.hold(api);
    for (const broker of brokers(scene)) broker.dropConnections();
    // The request may still leave on a connection that is about to break: then the next attempt comes after a pause.
    const pending = await ask(scene, 500);
    expect(hold.waiting).toBeGreaterThan(0);
    return pending;
  }

  it.each(Object.keys(phases))('S3: while %s: what is pending rejects, and nothing runs afterwards', async (phase) => {
    await using scene = await Scene.start({
      brokers: 2,
      topics: { orders: 2, other: 1 },
      sasl: { users: { alice: 'right' }, sessionLifetimeMs: 10_000 },
    });
    await scene.connect({ sasl });
    await scene.client.topic('orders').latestOffsets();
    const { closing } = scene.client[clusterSymbol];
    const pending = await phases[phase]!(scene);
    await scene.client.close();
    for (const one of pending) await expect(one).rejects.toBeInstanceOf(ClosedError);
    await scene.clock.advance(0);
    expect(scene.connections).toBe(0);
    expect(getEventListeners(closing, 'abort')).toEqual([]);
    if (phase !== pause) expect(scene.clock.pendingTimers).toBe(0); // there the mock has one of its own
    const requests = scene.cluster.requests().length;
    await scene.clock.advance(120_000);
    expect(scene.clock.pendingTimers).toBe(0);
    expect(scene.cluster.requests()).toHaveLength(requests);
    await expect(scene.client.topics()).rejects.toBeInstanceOf(ClosedError);
    await scene.client.close();
  });

  it('S3, S6: a signal gives up connecting, and nothing runs afterwards', async () => {
    await using scene = await Scene.start({ brokers: 2 });
    for (const broker of brokers(scene)) broker.blackhole();
    const giveUp = new AbortController();
    const connecting = KafkaClient.connect(scene.options(), { signal: giveUp.signal });
    connecting.catch(() => {});
    await scene.clock.advance(2500);
    giveUp.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    await scene.clock.advance(0);
    expect(scene.clock.pendingTimers).toBe(0);
    expect(getEventListeners(giveUp.signal, 'abort')).toEqual([]);
  });

  it('R5: a hundred clients over TCP, made, used and closed, leave no handle of the process open', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 3 } });
    const { brokers } = await cluster.listen();
    const cycle = async (): Promise<void> => {
      await using client = await KafkaClient.connect({ brokers });
      await client.topic('orders').latestOffsets();
    };
    await cycle();
    const handles = async (): Promise<{ sockets: string[]; timers: number }> => {
      const isOpen = (): boolean => cluster.brokerIds.some((id) => cluster.broker(id).connectionCount > 0);
      for (let i = 0; i < 1000 && isOpen(); i++) await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
      const all = process.getActiveResourcesInfo();
      return {
        sockets: all.filter((name) => /^(TCP|TLS|Pipe|GetAddrInfo)/.test(name)),
        timers: all.filter((name) => name === 'Timeout').length,
      };
    };
    const before = await handles();
    for (let i = 0; i < 100; i++) await cycle();
    const after = await handles();
    expect(after.sockets).toEqual(before.sockets);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 1); // the test runner has its own
  });
});
