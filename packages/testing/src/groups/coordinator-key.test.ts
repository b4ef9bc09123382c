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

it('the smallest hash belongs to a partition too', () => {
  expect(partitionFor('polygenelubricants', 50)).toBe(0);
});
