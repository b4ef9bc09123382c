import { describe, expect, it } from 'vitest';
import { MockCluster } from '../mock-cluster.ts';
import { VirtualClock } from '../virtual-clock.ts';
import type { ChaosOptions } from './chaos.ts';
import { chaosFaults } from './chaos-faults.ts';
import { seededRandom } from './seeded-random.ts';

async function scene(options: ChaosOptions) {
  const clock = new VirtualClock();
  const cluster = await MockCluster.start({ clock, random: seededRandom(1), topics: { orders: 3 } });
  cluster.group('billing').commit('orders', 0, 0);
  return { clock, cluster, chaos: cluster.chaos(options) };
}

describe('chaos', () => {
  it('does the same again with the same seed', async () => {
    const [one, other] = [await scene({ seed: 7 }), await scene({ seed: 7 })];
    for (const { clock } of [one, other]) await clock.advance(20_000);
    expect(one.chaos.events.length).toBeGreaterThan(50);
    expect(other.chaos.events).toEqual(one.chaos.events);
    for (const { chaos, cluster } of [one, other]) {
      await chaos.stop();
      await cluster.close();
    }
  });

  it('prints the seed that it has chosen, and how to have it again', async () => {
    const lines: string[] = [];
    const { chaos, cluster } = await scene({ print: (line) => lines.push(line) });
    expect(lines).toEqual([`chaos with seed ${chaos.seed}; to repeat it: cluster.chaos({ seed: ${chaos.seed} })`]);
    await chaos.stop();
    await cluster.close();
  });

  it.each(chaosFaults)('strikes with %s, and mends it when it is stopped', async (fault) => {
    const { chaos, clock, cluster } = await scene({ seed: 1, faults: [fault] });
    await clock.advance(2000);
    expect(chaos.events.length).toBeGreaterThan(1);
    await chaos.stop();
    for (const id of cluster.brokerIds) {
      expect(cluster.broker(id)).toMatchObject({ accepts: true, isBlackhole: false });
    }
    const { length } = chaos.events;
    await clock.advance(2000);
    expect(chaos.events).toHaveLength(length);
    await cluster.close();
  });

  it('leaves a majority: never are two brokers out of reach at once', async () => {
    const { chaos, clock, cluster } = await scene({ seed: 3, everyMs: 50, faults: ['blackhole', 'restartBroker'] });
    for (let i = 0; i < 500; i++) {
      await clock.advance(10);
      const gone = cluster.brokerIds.filter((id) => !cluster.broker(id).accepts || cluster.broker(id).isBlackhole);
      expect(gone.length).toBeLessThan(2);
    }
    expect(chaos.events.length).toBeGreaterThan(20);
    await chaos.stop();
    await cluster.close();
  });

  it.each([
    [{ everyMs: 0 }, 'everyMs must be a number of milliseconds above 0, not 0'],
    [{ faults: [] }, 'chaos needs at least one fault'],
    [{ faults: ['earthquake'] }, "there is no fault 'earthquake'; there are dropRequest, dropResponse, delay,"],
  ])('refuses %j', async (options, message) => {
    await using cluster = await MockCluster.start();
    expect(() => cluster.chaos({ seed: 1, ...options } as ChaosOptions)).toThrow(message);
  });
});

it('is as random as chance, and the same each time', () => {
  const random = seededRandom(42);
  const drawn = Array.from({ length: 10_000 }, random);
  expect(drawn.reduce((sum, each) => sum + each) / drawn.length).toBeCloseTo(0.5, 1);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  const again = seededRandom(42);
  expect(drawn.slice(0, 3)).toEqual([again(), again(), again()]);
});
