import { expect, it } from 'vitest';
import { javaHash, partitionFor } from './coordinator-key.ts';

// From Java: "…".hashCode().
it.each([
  ['', 0],
  ['a', 97],
  ['hello', 99162322],
  ['console-consumer-12345', 158455506],
  ['polygenelubricants', -2147483648],
])('%j hashes to %i, as in Java', (text, hash) => {
  expect(javaHash(text)).toBe(hash);
});

it.each([
  ['g', 3],
  ['hello', 22],
  ['my-group', 12],
  ['billing', 9],
])('%j belongs to partition %i of 50, whether its hash is positive or negative', (key, partition) => {
  expect(partitionFor(key, 50)).toBe(partition);
});

it('the smallest hash belongs to a partition too', () => {
  expect(partitionFor('polygenelubricants', 50)).toBe(0);
});
