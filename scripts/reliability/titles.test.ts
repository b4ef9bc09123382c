import { expect, it } from 'vitest';
import { titlesOf } from './titles.ts';

it.each([
  ["it('H7: refuses it', () => {})", [{ rows: ['H7'], title: 'refuses it' }]],
  ["it.each([1, 2])('C5, P1: sends %i again', () => {})", [{ rows: ['C5', 'P1'], title: 'sends %i again' }]],
  ['describe("K10: a \\"quoted\\" one", () => {})', [{ rows: ['K10'], title: 'a "quoted" one' }]],
  ["it.each([['H1', 5], ['H2', 6]])('%s: refuses %i', () => {})", [{ rows: ['H1', 'H2'], title: 'refuses %i' }]],
  ["it.each<[number, string[]]>([[1, []]])('G18: shares %i', () => {})", [{ rows: ['G18'], title: 'shares %i' }]],
  ["it.runIf(nodes > 1)('M1: goes on', () => {})", [{ rows: ['M1'], title: 'goes on' }]],
  ["it('refuses H7', () => {})", []],
])('%s', (source, expected) => {
  expect(titlesOf(source)).toEqual(expected);
});
