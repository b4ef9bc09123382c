import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newest } from './newest.ts';

const run = (...timestamps: number[]) => timestamps.map((timestamp, i) => ({ timestamp, name: `${timestamp}#${i}` }));
const names = (messages: { name: string }[]) => messages.map(({ name }) => name);

describe('newest', () => {
  it.each([
    ['takes from all runs, oldest first', [run(1, 4, 7), run(2, 5, 8), run(3, 6, 9)], 4, ['6#1', '7#2', '8#2', '9#2']],
    ['takes all from one when that is the newest', [run(1, 2), run(8, 9)], 2, ['8#0', '9#1']],
    ['takes what there is when there are fewer', [run(2), run(1)], 10, ['1#0', '2#0']],
    ['takes nothing of nothing', [run(), run()], 3, []],
    ['takes nothing when nothing is wanted', [run(1)], 0, []],
    ['keeps the order of a run whose times go backwards', [run(5, 3, 4), run(2)], 3, ['5#0', '3#1', '4#2']],
    ['keeps the order of a run whose times are equal', [run(7, 7, 7)], 2, ['7#1', '7#2']],
  ])('%s', (_, runs, count, expected) => {
    expect(names(newest(runs, count))).toEqual(expected);
  });

  const runs = fc.array(fc.array(fc.integer({ min: 0, max: 50 })), { maxLength: 5 });

  it('gives as many as wanted or as there are, and of each run its end, in order', () => {
    fc.assert(
      fc.property(runs, fc.nat(60), (times, count) => {
        const all = times.map((timestamps, r) => timestamps.map((timestamp, i) => ({ timestamp, run: r, i })));
        const chosen = newest(all, count);
        expect(chosen).toHaveLength(Math.min(count, all.flat().length));
        for (const messages of all) {
          const ofRun = chosen.filter(({ run: r }) => r === messages[0]?.run);
          expect(ofRun).toEqual(messages.slice(messages.length - ofRun.length));
        }
      }),
    );
  });

  it('gives the newest of all where the times of each run rise', () => {
    fc.assert(
      fc.property(runs, fc.nat(60), (times, count) => {
        const all = times.map((timestamps) => timestamps.sort((a, b) => a - b).map((timestamp) => ({ timestamp })));
        const sorted = all
          .flat()
          .map(({ timestamp }) => timestamp)
          .sort((a, b) => a - b);
        expect(newest(all, count).map(({ timestamp }) => timestamp)).toEqual(sorted.slice(Math.max(0, sorted.length - count)));
      }),
    );
  });
});
