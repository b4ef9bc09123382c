import { expect, it } from 'vitest';
import { HandlerFailures } from './handler-failures.ts';

const at = (offset: number, partition = 0) => ({ topic: 'orders', partition, offset });

it('counts the attempts of each message, and gives up after the last', () => {
  const failures = new HandlerFailures(2);
  expect([1, 2, 3].map(() => failures.add(at(4), 'broken').isGivenUp)).toEqual([false, false, true]);
  expect(failures.of(at(4))).toEqual({ error: 'broken', attempts: 3, isGivenUp: true });
  expect(failures.add(at(5), 'another').attempts).toBe(1);
  expect(failures.of(at(4, 1))).toBeUndefined();
});

it('gives up at once where there is no other attempt', () => {
  expect(new HandlerFailures(0).add(at(4), 'broken').isGivenUp).toBe(true);
});

it('forgets what is behind a commit of its partition, and nothing else', () => {
  const failures = new HandlerFailures(1);
  for (const place of [at(4), at(5), at(4, 1)]) failures.add(place, 'broken');
  failures.passed(at(5));
  expect([at(4), at(5), at(4, 1)].map((place) => failures.of(place)?.attempts)).toEqual([undefined, 1, 1]);
});
