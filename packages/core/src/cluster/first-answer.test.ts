import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { firstAnswer } from './first-answer.ts';

/** Timers that fire when the test says so. */
function handClock(): Clock & { fire(): void } {
  const timers = new Set<() => void>();
  return {
    now: () => 0,
    wallTime: () => 0,
    setTimeout(callback) {
      timers.add(callback);
      return { cancel: () => timers.delete(callback) };
    },
    fire() {
      for (const timer of [...timers]) {
        timers.delete(timer);
        timer();
      }
    },
  };
}

const never = () => new Promise<never>(() => {});

describe('firstAnswer', () => {
  it('asks the next when one fails', async () => {
    const asked: string[] = [];
    const ask = async (name: string) => {
      asked.push(name);
      if (name === 'a') throw new Error('down');
      return name;
    };
    await expect(firstAnswer(['a', 'b', 'c'], ask, { clock: handClock(), hedgeMs: 1 })).resolves.toBe('b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('C4: asks the next too when one stays silent', async () => {
    const clock = handClock();
    const answer = firstAnswer(['silent', 'b'], (name) => (name === 'silent' ? never() : Promise.resolve(name)), { clock, hedgeMs: 1 });
    clock.fire();
    await expect(answer).resolves.toBe('b');
  });

  it('tells the losers to stop', async () => {
    const clock = handClock();
    let loser: AbortSignal | undefined;
    const answer = firstAnswer(
      ['silent', 'b'],
      (name, signal) => {
        if (name === 'b') return Promise.resolve(name);
        loser = signal;
        return never();
      },
      { clock, hedgeMs: 1 },
    );
    clock.fire();
    await answer;
    expect(loser!.aborted).toBe(true);
  });

  it('rejects when all fail, with the failure that no retry can mend', async () => {
    const fatal = Object.assign(new Error('wrong password'), { retriable: false });
    const passing = Object.assign(new Error('refused'), { retriable: true });
    const ask = (error: Error) => Promise.reject(error);
    await expect(firstAnswer([passing, fatal, passing], ask, { clock: handClock(), hedgeMs: 1 })).rejects.toBe(fatal);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const giveUp = new AbortController();
    const answer = firstAnswer(['a'], never, { clock: handClock(), hedgeMs: 1, signal: giveUp.signal });
    giveUp.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
