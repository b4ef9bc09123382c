import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeByTime, newestOf } from './merge.ts';

const at = (run: string, ...times: number[]) => times.map((timestamp, i) => ({ run, i, timestamp }));
const runsOfAnyTimes = fc
  .array(fc.array(fc.nat(5), { maxLength: 6 }), { maxLength: 4 })
  .map((all) => all.map((times, run) => at(String(run), ...times)));

it('merges by time and breaks the order of no run, also where times tie or run backwards', () => {
  fc.assert(
    fc.property(runsOfAnyTimes, (runs) => {
      const merged = mergeByTime(runs);
      runs.forEach((run, r) => expect(merged.filter((message) => message.run === String(r))).toEqual(run));
      expect(merged).toHaveLength(runs.flat().length);
    }),
  );
});

it('takes the end of each run, and as many as are asked for and there', () => {
  fc.assert(
    fc.property(runsOfAnyTimes, fc.nat(30), (runs, count) => {
      const newest = newestOf(runs, count);
      expect(newest).toHaveLength(Math.min(count, runs.flat().length));
      runs.forEach((run, r) => {
        const chosen = newest.filter((message) => message.run === String(r));
        expect(chosen).toEqual(run.slice(run.length - chosen.length));
      });
    }),
  );
});

it('takes the newest of all where clocks go forward', () => {
  expect(newestOf([at('a', 1, 4, 7), at('b', 2, 5, 8), at('c', 3, 6, 9)], 4).map(({ timestamp }) => timestamp)).toEqual([6, 7, 8, 9]);
});
