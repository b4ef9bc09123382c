import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it.each([
  [0, '0 topics'],
  [1, '1 topic'],
  [1234, '1,234 topics'],
])('%i', (count, text) => {
  expect(counted(count, 'topic')).toBe(text);
});
