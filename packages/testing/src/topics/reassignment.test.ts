import { describe, expect, it } from 'vitest';
import { type Assignment, completed, replicationFactorOf, reverted, towards } from './reassignment.ts';

const settled = (...replicas: number[]): Assignment => ({ replicas, adding: [], removing: [] });

describe('towards', () => {
  it.each<[Assignment, number[], Assignment]>([
    [settled(1, 2), [1, 2], settled(1, 2)],
    [settled(1, 2), [2, 1], settled(2, 1)],
    [settled(1, 2), [3, 1], { replicas: [3, 1, 2], adding: [3], removing: [2] }],
    [settled(1), [1, 3, 2], { replicas: [1, 3, 2], adding: [2, 3], removing: [] }],
    [settled(3, 2, 1), [2], { replicas: [2, 1, 3], adding: [], removing: [1, 3] }],
    // Another target while the first is on its way.
    [{ replicas: [3, 1], adding: [3], removing: [1] }, [2, 1], { replicas: [2, 1, 3], adding: [2], removing: [3] }],
  ])('%j to %j', (current, target, expected) => {
    expect(towards(current, target)).toEqual(expected);
  });
});

describe('completed', () => {
  it.each<[string, Assignment, number[], unknown]>([
    ['nothing is on its way', settled(1, 2), [1, 2], undefined],
    ['what comes is not in sync', { replicas: [3, 1], adding: [3], removing: [1] }, [1], undefined],
    ['what comes is in sync', { replicas: [3, 1], adding: [3], removing: [1] }, [1, 3], { replicas: [3], isr: [3] }],
    ['only what goes is in sync', { replicas: [2, 1], adding: [], removing: [1] }, [1], undefined],
    ['fewer replicas, all in sync', { replicas: [2, 3, 1], adding: [], removing: [1] }, [1, 2, 3], { replicas: [2, 3], isr: [2, 3] }],
    ['fewer replicas, not all in sync', { replicas: [2, 3, 1], adding: [], removing: [1] }, [1, 2], undefined],
  ])('%s', (_, assignment, isr, expected) => {
    expect(completed(assignment, isr)).toEqual(expected);
  });
});

it.each<[Assignment, number[], unknown]>([
  [{ replicas: [3, 1], adding: [3], removing: [1] }, [1], { replicas: [1], isr: [1], unclean: false }],
  [{ replicas: [3, 1, 2], adding: [3], removing: [2] }, [3, 2], { replicas: [1, 2], isr: [2], unclean: false }],
  [{ replicas: [3, 1], adding: [3], removing: [1] }, [3], { replicas: [1], isr: [1], unclean: true }],
])('reverts %j with %j in sync', (assignment, isr, expected) => {
  expect(reverted(assignment, isr)).toEqual(expected);
});

it('counts what a partition will have', () => {
  expect(replicationFactorOf({ replicas: [3, 1, 2], adding: [3], removing: [2] })).toBe(2);
});
