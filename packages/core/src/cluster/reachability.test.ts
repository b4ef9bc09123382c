import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../scripted-transport.ts';
import { Reachability } from './reachability.ts';

const a = { host: 'a', port: 9092 };
const b = { host: 'b', port: 9092 };

describe('Reachability', () => {
  let clock: HandClock;
  let reachability: Reachability;
  beforeEach(() => {
    clock = new HandClock();
    reachability = new Reachability(clock, 30_000);
  });

  function fail(address = a): void {
    reachability.trying();
    reachability.failed(address, new Error('nothing listens there'));
  }

  it('counts from the first failure on, while no connection is open', async () => {
    fail();
    await clock.advance(5000);
    fail(b);
    expect(reachability.downMs).toBe(5000);
  });

  it('does not count while another broker is reachable', async () => {
    reachability.trying();
    reachability.reached();
    fail();
    await clock.advance(5000);
    expect(reachability.downMs).toBe(0);
    reachability.ended();
    fail();
    await clock.advance(1000);
    expect(reachability.downMs).toBe(1000);
  });

  it('counts on for those who go on trying, however long one attempt takes', async () => {
    fail();
    for (let i = 0; i < 3; i++) {
      reachability.trying();
      await clock.advance(60_000);
      reachability.failed(a, new Error('silent'));
    }
    expect(reachability.downMs).toBe(180_000);
  });

  it('begins anew for whoever tries when nobody has for long', async () => {
    fail();
    await clock.advance(29_999);
    fail();
    expect(reachability.downMs).toBe(29_999);
    await clock.advance(30_000);
    fail();
    expect(reachability.downMs).toBe(0);
  });

  it('names every address that has failed since a broker was reachable, and no older one', async () => {
    fail({ host: 'gone', port: 1 });
    reachability.trying();
    reachability.reached();
    reachability.ended();
    fail(a);
    fail(b);
    expect(reachability.error().message).toBe('no broker is available; a:9092: nothing listens there; b:9092: nothing listens there');
  });
});
