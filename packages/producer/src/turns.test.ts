import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('runs so many tasks at once, in their order, and goes on after one that failed', async () => {
  const turns = new Turns(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const runs = [0, 1, 2, 3, 4].map((i) =>
    turns.run(() => {
      started.push(i);
      return new Promise<number>((resolve, reject) => ends.push(() => (i === 1 ? reject(new Error('failed')) : resolve(i))));
    }),
  );
  const results = Promise.allSettled(runs);
  expect(started).toEqual([0, 1]);
  ends[1]!();
  await expect(runs[1]).rejects.toThrow('failed');
  expect(started).toEqual([0, 1, 2]);
  for (const i of [0, 2, 3, 4]) {
    ends[i]!();
    await runs[i];
  }
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(await turns.run(() => Promise.resolve('free again'))).toBe('free again');
});
