import { describe, expect, it } from 'vitest';
import { UsageError } from '../frame/failure.ts';
import { parsePlace, parseRange } from './offset-spec.ts';

const now = Date.UTC(2026, 10, 23, 12);

it.each([
  ['beginning', { kind: 'beginning' }],
  ['earliest', { kind: 'beginning' }],
  ['end', { kind: 'end' }],
  ['stored', { kind: 'committed' }],
  ['42', { kind: 'offset', offset: 42 }],
  ['1,234,567', { kind: 'offset', offset: 1_234_567 }],
  ['-1,000', { kind: 'before end', count: 1000 }],
  ['-100', { kind: 'before end', count: 100 }],
  ['end-100', { kind: 'before end', count: 100 }],
  ['+7', { kind: 'after beginning', count: 7 }],
  ['beginning+7', { kind: 'after beginning', count: 7 }],
  ['@-15m', { kind: 'time', time: now - 900_000 }],
  ['@now', { kind: 'time', time: now }],
  ['@2026-11-23T07:00:00Z', { kind: 'time', time: Date.UTC(2026, 10, 23, 7) }],
  ['@2026-11-23', { kind: 'time', time: new Date(2026, 10, 23).getTime() }],
  ['@today', { kind: 'time', time: new Date(now).setHours(0, 0, 0, 0) }],
  ['@1795418150078', { kind: 'time', time: 1795418150078 }],
  ['@1795418150', { kind: 'time', time: 1795418150000 }],
  ['s@1795418150078', { kind: 'time', time: 1795418150078 }],
])('-o %s', (text, expected) => {
  expect(parsePlace(text, now)).toEqual(expected);
});

it.each(['yesterdya', '', '--5', '@', '@noon', '4x', 'end+3', 'beginning-3', '@-5', '1e3', '1,2', '12,3456', ',100'])(
  '-o %s is refused',
  (text) => {
    expect(() => parsePlace(text, now)).toThrow(UsageError);
  },
);

it.each(['10..5', '@now..@-15m', '-5..-10'])('-o %s ends before it begins', (text) => {
  expect(() => parseRange(text, now)).toThrow(`-o ${text} ends before it begins`);
});

it('names the nearest form', () => {
  expect(() => parsePlace('begining', now)).toThrow(expect.objectContaining({ hint: 'did you mean beginning?' }));
  expect(() => parsePlace('yesterdya', now)).toThrow(expect.objectContaining({ hint: 'did you mean @yesterday?' }));
});

describe('ranges', () => {
  it.each([
    ['40..50', { kind: 'offset', offset: 40 }, { kind: 'offset', offset: 50 }],
    ['..50', { kind: 'beginning' }, { kind: 'offset', offset: 50 }],
    ['-10..', { kind: 'before end', count: 10 }, undefined],
    [
      '@2026-11-23T07:00Z..@2026-11-23T08:00Z',
      { kind: 'time', time: Date.UTC(2026, 10, 23, 7) },
      { kind: 'time', time: Date.UTC(2026, 10, 23, 8) },
    ],
    ['e@1795418150078', { kind: 'beginning' }, { kind: 'time', time: 1795418150078 }],
  ])('%s', (text, from, to) => {
    expect(parseRange(text, now)).toEqual({ from, to });
  });
});
