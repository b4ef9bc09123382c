import { expect, it } from 'vitest';
import { sizeText } from './size.ts';

it.each([
  [undefined, '-'],
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536 * 1024 ** 2, '1.5 GiB'],
  [200 * 1024 ** 4, '200 TiB'],
])('%s bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
