import { expect, it } from 'vitest';
import { settled, soon } from './soon.ts';

it('delivers in order, after the running code', async () => {
  const seen: number[] = [];
  soon(() => seen.push(1));
  soon(() => seen.push(2));
  expect(seen).toEqual([]);
  await settled();
  expect(seen).toEqual([1, 2]);
});

it('lets timers fire while two programs answer each other without end', async () => {
  let stop = false;
  let turns = 0;
  const answer = (): void => {
    turns++;
    if (!stop) soon(answer);
  };
  soon(answer);
  await new Promise((resolve) => setTimeout(resolve, 1));
  stop = true;
  expect(turns).toBeGreaterThan(0);
});
