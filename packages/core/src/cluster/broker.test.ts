import { beforeEach, describe, expect, it } from 'vitest';
import { SocketDisconnectedError } from '../errors.ts';
import { HandClock, scriptedTransport, turn } from '../scripted-transport.ts';
import type { Transport } from '../transport.ts';
import { Broker, type BrokerOptions } from './broker.ts';
import { Reachability } from './reachability.ts';

describe('Broker', () => {
  let clock: HandClock;
  let isUp: boolean;
  let attempts: number;
  let scripted: ReturnType<typeof scriptedTransport>;
  let reachability: Reachability;
  let broker: Broker;

  beforeEach(() => {
    clock = new HandClock();
    isUp = true;
    attempts = 0;
    scripted = scriptedTransport(() => !isUp);
    reachability = new Reachability(clock, 30_000);
    broker = open();
  });

  function open(more: Partial<BrokerOptions> = {}): Broker {
    const counting: Transport = {
      connect(...args) {
        attempts++;
        return scripted.transport.connect(...args);
      },
    };
    const options: BrokerOptions = {
      clientId: 'test',
      transport: counting,
      clock,
      random: () => 0.5,
      sasl: undefined,
      requestTimeoutMs: 30_000,
      connectionSetupTimeoutMs: 10_000,
      maxInFlight: 5,
      maxFrameBytes: 1 << 20,
      connectionsMaxIdleMs: 60_000,
      reconnectBackoff: { initialMs: 50, maxMs: 1000 },
      ...more,
    };
    return new Broker({ id: 1, host: 'kafka', port: 9092, rack: null }, options, reachability);
  }

  /** What came of a promise; undefined while it is pending. */
  function outcomeOf(promise: Promise<unknown>): { settled?: unknown } {
    const outcome: { settled?: unknown } = {};
    promise.then(
      (value) => (outcome.settled = value),
      (error: unknown) => (outcome.settled = error),
    );
    return outcome;
  }

  const answerAll = () => {
    for (const peer of scripted.peers) if (peer.requests.length > 0) peer.answerApiVersions();
  };

  it('C18: while it is down one attempt speaks for all that wait for a connection', async () => {
    isUp = false;
    const purposes = Array.from({ length: 50 }, (_, i) => `fetch-${i}` as const);
    await Promise.allSettled(purposes.map((purpose) => broker.connection(purpose)));
    expect(attempts).toBe(50); // nobody knew
    expect(broker.failures).toBe(1);
    attempts = 0;
    for (let round = 1; round <= 5; round++) {
      const outcomes = purposes.map((purpose) => outcomeOf(broker.connection(purpose)));
      await clock.advance(1000);
      for (const { settled } of outcomes) expect(settled).toBeInstanceOf(SocketDisconnectedError);
      expect(attempts).toBe(round);
    }
    isUp = true;
    const outcomes = purposes.map((purpose) => outcomeOf(broker.connection(purpose)));
    await clock.advance(1000);
    expect(attempts).toBe(6);
    answerAll();
    await turn();
    answerAll();
    await turn();
    for (const { settled } of outcomes) expect(settled).toHaveProperty('closed', false);
  });

  it('whoever gives up leaves the attempt to the others', async () => {
    isUp = false;
    await broker.connection('main').catch(() => {});
    isUp = true;
    const giveUp = new AbortController();
    const first = outcomeOf(broker.connection('main', giveUp.signal));
    const sharing = outcomeOf(broker.connection('main'));
    const other = outcomeOf(broker.connection('coordinator'));
    giveUp.abort(new Error('enough'));
    await turn();
    expect(first.settled).toHaveProperty('message', 'enough');
    broker.disconnect('main', new Error('nobody wants this purpose'));
    await clock.advance(1000);
    expect(sharing.settled).toHaveProperty('message', 'nobody wants this purpose');
    answerAll();
    await turn();
    expect(other.settled).toHaveProperty('closed', false);
  });

  it('a connection that ends in the same breath in which it was ready is none, and the broker counts as out of reach', async () => {
    const outcome = outcomeOf(broker.connection('main'));
    await turn();
    scripted.peers[0]!.answerApiVersions();
    scripted.peers[0]!.close();
    await turn();
    expect(outcome.settled).toBeInstanceOf(SocketDisconnectedError);
    expect(broker.connected).toBe(false);
    isUp = false;
    outcomeOf(broker.connection('main'));
    await clock.advance(1000);
    expect(reachability.downMs).toBe(1000);
  });

  it('C3: a login or a transport that heeds no signal does not outlast the setup time, and the next attempt is made', async () => {
    const deaf = open({ transport: { connect: () => new Promise(() => {}) } });
    for (let i = 0; i < 2; i++) {
      const outcome = outcomeOf(deaf.connection('main'));
      await clock.advance(10_100);
      expect(outcome.settled).toHaveProperty('message', 'broker 1 at kafka:9092 was not ready within 10000 ms');
    }
    expect(clock.pending).toBe(0);
  });

  it('S3: closed in its back-off and in a handshake, it rejects who waits and keeps no timer', async () => {
    const handshaking = outcomeOf(broker.connection('coordinator'));
    await turn();
    isUp = false;
    await broker.connection('main').catch(() => {});
    const waiting = outcomeOf(broker.connection('main'));
    await turn();
    expect(clock.pending).toBeGreaterThan(0);
    broker.close();
    await turn();
    expect(waiting.settled).toHaveProperty('name', 'ClosedError');
    expect(handshaking.settled).toHaveProperty('name', 'ClosedError');
    expect(scripted.peers[0]!.dropped).toBe(true);
    expect(clock.pending).toBe(0);
    await expect(broker.connection('main')).rejects.toHaveProperty('name', 'ClosedError');
  });
});
