import { getEventListeners } from 'node:events';
import { AuthenticationError, NoBrokersAvailableError } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { apis, type Transport } from '@tskafka/core/protocol';
import { type MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('a client whose brokers are all away, or turn it down', () => {
  let scene: Scene;
  beforeEach(() => start());

  async function start(options?: MockClusterOptions, clock?: VirtualClock): Promise<void> {
    const begun = await Scene.start(options, clock);
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
  }

  const down = () => Promise.all(scene.cluster.brokerIds.map((id) => scene.cluster.broker(id).down()));
  const up = () => Promise.all(scene.cluster.brokerIds.map((id) => scene.cluster.broker(id).up()));
  const ends = () => scene.client.topic('orders').latestOffsets();
  const errorOf = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error); // prettier-ignore

  it('C2: what is pending rejects when no broker was reachable for unavailableTimeoutMs; the next call works again', async () => {
    await scene.connect();
    await ends();
    await down();
    const pending = [ends(), scene.client.topics(), scene.client.topic('other').partitions()].map(errorOf);
    const took = await scene.timeOf(Promise.all(pending), 40_000);
    for (const error of pending) expect(await error).toBeInstanceOf(NoBrokersAvailableError);
    expect(took).toBeGreaterThan(29_000);
    expect(took).toBeLessThanOrEqual(30_500);
    await up();
    await expect(scene.settledWithin(ends(), 2000)).resolves.toHaveProperty('size', 3);
  });

  it('C2: that holds in the middle of a long back-off, and of a connection that is swallowed', async () => {
    for (const take of [down, () => Promise.resolve(scene.cluster.brokerIds.map((id) => scene.cluster.broker(id).blackhole()))]) {
      await start();
      await scene.connect({
        reconnectBackoffMs: 20_000,
        reconnectBackoffMaxMs: 600_000,
        connectionSetupTimeoutMs: 25_000,
        apiTimeoutMs: 300_000,
      });
      await ends();
      await take();
      for (const id of scene.cluster.brokerIds) scene.cluster.broker(id).dropConnections();
      const error = errorOf(ends());
      // A swallowed attempt is a failure when its setup time is over; from then on it counts.
      expect(await scene.timeOf(error, 70_000)).toBeLessThanOrEqual(56_000);
      expect(await error).toBeInstanceOf(NoBrokersAvailableError);
    }
  });

  it('C2: a call long after an outage that nobody looked at has the whole time before it', async () => {
    await scene.connect();
    await down();
    expect(await scene.settledWithin(errorOf(ends()), 40_000)).toBeInstanceOf(NoBrokersAvailableError);
    await scene.clock.advance(600_000);
    const late = ends();
    await scene.clock.advance(10_000);
    await up();
    await expect(scene.settledWithin(late, 2000)).resolves.toHaveProperty('size', 3);
  });

  it('C2: a call that joins those who have been trying for long is told at once', async () => {
    await scene.connect();
    await down();
    expect(await scene.settledWithin(errorOf(ends()), 40_000)).toBeInstanceOf(NoBrokersAvailableError);
    const error = errorOf(ends());
    expect(await scene.timeOf(error, 5000)).toBeLessThan(2000);
    expect(await error).toBeInstanceOf(NoBrokersAvailableError);
  });

  it('C18: ten minutes without a broker: attempts follow the back-off, and timers and listeners do not grow', async () => {
    await start({ brokers: 1, topics: { orders: 1 } });
    const attempts: number[] = [];
    const counting: Transport = {
      connect(...args) {
        attempts.push(scene.clock.now());
        return scene.cluster.transport.connect(...args);
      },
    };
    await scene.connect({ transport: counting, unavailableTimeoutMs: 3_600_000, apiTimeoutMs: 3_600_000 });
    const cluster = scene.client[clusterSymbol];
    const signal = new AbortController().signal;
    await down();
    // Many who want something of it, for several purposes.
    const pending = Array.from({ length: 20 }, () => errorOf(scene.client.topic('orders').latestOffsets({ signal })));
    const fetches = Array.from({ length: 20 }, (_, i) =>
      cluster.retry(() => cluster.connection(1, `fetch-${i}`), { what: 'a connection', timeoutMs: 3_600_000, signal }).catch(() => {}),
    );
    const snapshot = () => ({
      timers: scene.clock.pendingTimers,
      listeners: getEventListeners(signal, 'abort').length + getEventListeners(cluster.closing, 'abort').length,
    });
    await scene.clock.advance(60_000);
    const early = snapshot();
    attempts.length = 0;
    await scene.clock.advance(600_000);
    // The broker, and the bootstrap address, which is the same one here: one attempt a second each, give or take a fifth.
    expect(attempts.length).toBeGreaterThan(600);
    expect(attempts.length).toBeLessThan(2 * 600 * 1.25);
    const late = snapshot();
    expect(late.timers).toBeLessThanOrEqual(early.timers + 5);
    expect(late.listeners).toBeLessThanOrEqual(early.listeners + 5);
    await up();
    await scene.settledWithin(Promise.all([...pending, ...fetches]), 3000);
    await scene.client.close();
    expect(snapshot()).toEqual({ timers: 0, listeners: 0 });
  });

  it('C18: a broker that flaps fifty times a minute is reached in between, and nothing grows', async () => {
    await start({ brokers: 1, topics: { orders: 1 } });
    await scene.connect();
    const { length } = Array.from({ length: 50 });
    let reached = 0;
    for (let i = 0; i < length; i++) {
      await scene.cluster.broker(1).down();
      const asked = ends().then(() => reached++);
      await scene.clock.advance(600);
      await scene.cluster.broker(1).up();
      await scene.clock.advance(600);
      await scene.settledWithin(asked, 1500);
    }
    expect(reached).toBe(50);
    await scene.client.close();
    expect(scene.clock.pendingTimers).toBe(0);
  });

  const users = { users: { alice: 'right' } };
  const sasl = (password: () => string) => ({ mechanism: 'plain' as const, username: 'alice', password });

  it('A1, A6: a password that is wrong since it was changed is told with the next login, and heals when it is right again', async () => {
    await start({ brokers: 1, topics: { orders: 1 }, sasl: users });
    let password = 'right';
    await scene.connect({ sasl: sasl(() => password) });
    await ends();
    password = 'wrong';
    scene.cluster.broker(1).dropConnections();
    await scene.clock.advance(0);
    const error = errorOf(ends());
    expect(await scene.timeOf(error, 5000)).toBeLessThan(1000);
    expect(await error).toBeInstanceOf(AuthenticationError);
    password = 'right';
    await expect(scene.settledWithin(ends(), 2000)).resolves.toHaveProperty('size', 1);
  });

  it('A12: a broker that hangs up during the login is tried with pauses, until the time is over, and the error says when it hung up', async () => {
    await start({ brokers: 1, sasl: users });
    const fault = scene.cluster.dropRequest('SaslAuthenticate', { times: Infinity });
    const error = errorOf(scene.connect({ sasl: { mechanism: 'plain', username: 'alice', password: 'hunter2' } }));
    await scene.settledWithin(error, 40_000);
    expect(await error).toBeInstanceOf(NoBrokersAvailableError);
    expect(((await error) as Error).message).toMatch(/it hung up during the login: are user and password right\?/);
    expect(((await error) as Error).message).not.toContain('hunter2');
    expect(scene.clock.now()).toBeLessThanOrEqual(30_000);
    expect(fault.fired).toBeGreaterThan(10);
    expect(fault.fired).toBeLessThan(45);
  });

  it('R8: too few file handles is a failure like others: it is named, and passes', async () => {
    let handles = 0;
    const scarce: Transport = {
      connect(...args) {
        if (handles++ < 5) return Promise.reject(Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' }));
        return scene.cluster.transport.connect(...args);
      },
    };
    await expect(scene.settledWithin(scene.connect({ transport: scarce }), 5000)).resolves.toBeDefined();
    await scene.client.close();
    handles = -Infinity;
    const error = errorOf(scene.connect({ transport: scarce, brokers: 'unknown:1', unavailableTimeoutMs: 1000 }));
    await scene.settledWithin(error, 2000);
    expect(await error).toBeInstanceOf(NoBrokersAvailableError);
  });

  it('T1: a clock on the wall that jumps by a day, there and back, changes no time-out and no pause', async () => {
    class Jumping extends VirtualClock {
      shift = 0;
      override wallTime(): number {
        return super.wallTime() + this.shift;
      }
    }
    const clock = new Jumping();
    await start({}, clock);
    await scene.connect({ requestTimeoutMs: 2000 });
    const ask = () => scene.client[clusterSymbol].send(1, apis.listGroups, {}, { purpose: 'coordinator' });
    for (const day of [86_400_000, -86_400_000]) {
      const hold = scene.cluster.hold('ListGroups');
      const start = clock.now();
      const late = errorOf(ask());
      await scene.settledWithin(hold.held(), 100);
      clock.shift += day;
      expect(await scene.settledWithin(late, 5000)).toMatchObject({ name: 'TimeoutError' });
      expect(clock.now() - start).toBe(2000);
      hold.release();
      await scene.cluster.broker(1).down();
      await errorOf(ask());
      const paused = errorOf(ask()); // the first pause before connecting again is 50 ms
      clock.shift += day;
      expect(await scene.timeOf(paused, 5000)).toBe(50);
      await scene.cluster.broker(1).up();
      await scene.settledWithin(ask(), 1000);
    }
  });
});
