import { ClosedError } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { LifeCycle } from './life-cycle.ts';

/** A life whose start and end take a turn of the event loop each, and what it has done and said. */
function life({ heedsSignal = true, fails = false } = {}) {
  const log: string[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const cycle = new LifeCycle({
    async begin(signal) {
      log.push('begin');
      await turn();
      if (heedsSignal) signal.throwIfAborted();
      if (fails) throw new Error('no broker');
      log.push('begun');
    },
    async finish() {
      log.push('finish');
      await turn();
      log.push('finished');
    },
  });
  const said: Record<string, () => Promise<void>> = {
    start: () => cycle.start(),
    stop: () => cycle.end('stopped'),
    close: () => cycle.end('closed'),
  };
  /** Says these words one after the other without waiting; gives what became of each. */
  const say = (words: string) =>
    Promise.all(
      words.split(' ').map((word) =>
        said[word]!().then(
          () => 'done',
          (error: unknown) => (error as Error).message,
        ),
      ),
    );
  return { cycle, log, say };
}

const stopped = 'the consumer is stopped';
const closed = 'the consumer is closed';

describe('LifeCycle', () => {
  it.each<[words: string, outcomes: string[], log: string, state: string]>([
    ['start start', ['done', 'done'], 'begin begun', 'running'],
    ['start stop', [stopped, 'done'], '', 'stopped'],
    ['start stop start', [stopped, 'done', 'done'], 'begin begun', 'running'],
    ['start stop start stop start', [stopped, 'done', stopped, 'done', 'done'], 'begin begun', 'running'],
    ['start close start', [closed, 'done', closed], '', 'closed'],
    ['start stop start close', [stopped, 'done', closed, 'done'], '', 'closed'],
    ['close stop', ['done', 'done'], '', 'closed'],
    ['stop start', ['done', 'done'], 'begin begun', 'running'],
  ])('takes the last word: %s', async (words, outcomes, log, state) => {
    const { cycle, log: done, say } = life();
    expect(await say(words)).toEqual(outcomes);
    expect([done.join(' '), cycle.state]).toEqual([log, state]);
  });

  it.each<[words: string, outcomes: string[], log: string, state: string]>([
    ['stop start', ['done', 'done'], 'finish finished begin begun', 'running'],
    ['stop start stop', ['done', stopped, 'done'], 'finish finished', 'stopped'],
    ['stop stop close', ['done', 'done', 'done'], 'finish finished', 'closed'],
    ['stop start close start', ['done', closed, 'done', closed], 'finish finished', 'closed'],
  ])('and when it runs: %s', async (words, outcomes, log, state) => {
    const { cycle, log: done, say } = life();
    await cycle.start();
    done.length = 0;
    expect(await say(words)).toEqual(outcomes);
    expect([done.join(' '), cycle.state]).toEqual([log, state]);
  });

  it.each([
    ['gives up what is beginning', true, 'begin begin begun'],
    ['ends what has begun all the same', false, 'begin begun finish finished begin begun'],
  ])('%s, before anything else begins', async (_, heedsSignal, log) => {
    const { log: done, say } = life({ heedsSignal });
    const starting = say('start');
    while (done.length === 0) await Promise.resolve();
    expect(await say('stop start')).toEqual(['done', 'done']);
    expect(await starting).toEqual([stopped]);
    expect(done.join(' ')).toBe(log);
  });

  it('may be started again after a start that failed', async () => {
    const { cycle, say } = life({ fails: true });
    expect([await say('start'), await say('start')]).toEqual([['no broker'], ['no broker']]);
    expect(cycle.state).toBe('new');
  });

  it('tells that it ends, and is over only when it has', async () => {
    const { cycle } = life();
    await cycle.start();
    const { signal } = cycle;
    const ending = cycle.end('closed');
    expect([signal.aborted, signal.reason]).toEqual([true, new ClosedError(closed)]);
    cycle.throwIfOver();
    expect(() => cycle.throwIfNotRunning()).toThrow(closed);
    await ending;
    expect(() => cycle.throwIfOver()).toThrow(closed);
  });
});
