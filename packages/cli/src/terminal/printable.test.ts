import { expect, it } from 'vitest';
import { oneLine, printable } from './printable.ts';

it('shows control characters instead of sending them to the terminal', () => {
  expect(printable('a\u001b[31mred\u0007\n')).toBe('a\\x1b[31mred\\x07\n');
});

it('shows marks that would turn the direction of what follows', () => {
  expect(printable('a\u202eb')).toBe('a\\u202eb');
});

it('keeps a cell in its line', () => {
  expect(oneLine('a\tb\nc')).toBe('a\\tb\\nc');
});
