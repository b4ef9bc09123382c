import { getEventListeners } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClosedError, KafkaError, NoBrokersAvailableError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { HandClock } from '../scripted-transport.ts';
import { Reachability } from './reachability.ts';
import { retry, type RetryOptions } from './retry.ts';

const passing = new SocketDisconnectedError('reset', { retriable: true });
const never = () => new Promise<never>(() => {});

describe('retry', () => {
  let clock: HandClock;
  let reachability: Reachability;
  let closing: AbortController;
  let refreshed: (readonly string[] | undefined)[];
  beforeEach(() => {
    clock = new HandClock();
    reachability = new Reachability(clock, 30_000);
    closing = new AbortController();
    refreshed = [];
  });

  function run<T>(attempt: (signal: AbortSignal) => Promise<T>, options: Partial<RetryOptions> = {}): Promise<T> {
    const promise = retry(
      attempt,
      { what: 'topics', timeoutMs: 60_000, ...options },
      {
        clock,
        random: () => 0.5,
        retryBackoff: { initialMs: 100, maxMs: 1000 },
        unavailableTimeoutMs: 30_000,
        reachability,
        closing: closing.signal,
        refresh: (topics) => Promise.resolve(void refreshed.push(topics)),
      },
    );
    promise.catch(() => {});
    return promise;
  }

  it('makes further attempts after growing pauses', async () => {
    const at: number[] = [];
    const done = run(() => {
      at.push(clock.now());
      return at.length < 7 ? Promise.reject(passing) : Promise.resolve('done');
    });
    await clock.advance(10_000);
    await expect(done).resolves.toBe('done');
    expect(at).toEqual([0, 100, 300, 700, 1500, 2500, 3500]);
  });

  it('asks again soon whether the last transaction has come to its end', async () => {
    const at: number[] = [];
    const done = run(() => {
      at.push(clock.now());
      return at.length < 4 ? Promise.reject(brokerError(errorCodes.CONCURRENT_TRANSACTIONS, 'begin')) : Promise.resolve('done');
    });
    await clock.advance(10_000);
    await expect(done).resolves.toBe('done');
    expect(at).toEqual([0, 20, 60, 140]);
  });

  it.each([new KafkaError('no'), new TypeError('a bug')])('an error that no retry can mend is final: %s', async (error) => {
    let attempts = 0;
    const done = run(() => {
      attempts++;
      return Promise.reject(error);
    });
    await expect(done).rejects.toBe(error);
    expect(attempts).toBe(1);
  });

  it('rejects with the last error when the time is over', async () => {
    const done = run(() => Promise.reject(passing), { timeoutMs: 2000 });
    await clock.advance(2000);
    await expect(done).rejects.toBe(passing);
    expect(clock.pending).toBe(0);
  });

  it('the time also ends an attempt that waits, and tells it', async () => {
    let told: AbortSignal | undefined;
    const done = run(
      (signal) => {
        told = signal;
        return never();
      },
      { timeoutMs: 2000 },
    );
    await clock.advance(2000);
    await expect(done).rejects.toEqual(new TimeoutError('topics: no answer within 2000 ms', { retriable: true }));
    expect(told!.aborted).toBe(true);
  });

  it('rejects with NoBrokersAvailableError as soon as no broker was reachable for so long, also while an attempt only waits', async () => {
    const done = run(never, { timeoutMs: Infinity });
    await clock.advance(5000);
    reachability.trying();
    reachability.failed({ host: 'a', port: 1 }, new Error('nothing listens there'));
    reachability.trying(); // and waits in its back-off
    let failed = false;
    done.catch(() => (failed = true));
    await clock.advance(29_999);
    expect(failed).toBe(false);
    await clock.advance(1);
    await expect(done).rejects.toBeInstanceOf(NoBrokersAvailableError);
    await expect(done).rejects.toThrow('a:1: nothing listens there');
  });

  it('a call that begins when no broker was reachable for long makes its attempt, and is told when that fails', async () => {
    reachability.trying();
    reachability.failed({ host: 'a', port: 1 }, new Error('nothing listens there'));
    reachability.trying(); // somebody goes on trying
    await clock.advance(600_000);
    await expect(run(() => Promise.resolve('it is back'))).resolves.toBe('it is back');
    await expect(run(() => Promise.reject(passing))).rejects.toBeInstanceOf(NoBrokersAvailableError);
    const waiting = run(never, { timeoutMs: Infinity });
    await clock.advance(29_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await expect(waiting).rejects.toBeInstanceOf(NoBrokersAvailableError);
  });

  it.each([
    ['UNKNOWN_TOPIC_OR_PARTITION', brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'x'), true],
    ['NOT_CONTROLLER', brokerError(errorCodes.NOT_CONTROLLER, 'x'), true],
    ['UNKNOWN_LEADER_EPOCH', brokerError(errorCodes.UNKNOWN_LEADER_EPOCH, 'x'), true],
    ['a broken connection', passing, true],
    ['COORDINATOR_LOAD_IN_PROGRESS', brokerError(errorCodes.COORDINATOR_LOAD_IN_PROGRESS, 'x'), false],
  ])('M4, M8, M16: whether metadata is fetched anew after %s', async (_, error, isStale) => {
    let attempts = 0;
    const done = run(() => (attempts++ === 0 ? Promise.reject(error) : Promise.resolve()), { topics: ['t'] });
    await clock.advance(100);
    await done;
    expect(refreshed).toEqual(isStale ? [['t']] : []);
  });

  it('an attempt that fetches metadata itself has none fetched beside it', async () => {
    let attempts = 0;
    const done = run(() => (attempts++ === 0 ? Promise.reject(passing) : Promise.resolve()), { topics: 'none' });
    await clock.advance(100);
    await done;
    expect(refreshed).toEqual([]);
  });

  it('S6: an aborted signal ends it at once, in an attempt and in a pause', async () => {
    for (const attempt of [never, () => Promise.reject(passing)]) {
      const giveUp = new AbortController();
      const done = run(attempt, { signal: giveUp.signal });
      await clock.advance(50);
      giveUp.abort(new Error('enough'));
      await expect(done).rejects.toThrow('enough');
    }
    expect(clock.pending).toBe(0);
  });

  it('S3: a client that is closed ends it at once, in an attempt and in a pause', async () => {
    const both = [run(never), run(() => Promise.reject(passing))];
    await clock.advance(50);
    closing.abort(new ClosedError('the client is closed'));
    for (const done of both) await expect(done).rejects.toBeInstanceOf(ClosedError);
    expect(clock.pending).toBe(0);
  });

  it('C18: a thousand retries leave no listener on a signal that lives on, and no timer', async () => {
    const signal = new AbortController().signal;
    for (let i = 0; i < 1000; i++) {
      let attempts = 0;
      const done = run(() => (attempts++ < 2 ? Promise.reject(passing) : Promise.resolve()), { signal });
      await clock.advance(300);
      await done;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
