import { expect, it } from 'vitest';
import { UsageError } from '../frame/failure.ts';
import { parseOffset } from './offset-spec.ts';

const now = Date.UTC(2026, 10, 23, 12);

it.each([
  ['beginning', 'earliest'],
  ['end', 'latest'],
  ['42', 42],
  ['-100', { last: 100 }],
  ['@-15m', { timestamp: now - 900_000 }],
  ['@now', { timestamp: now }],
  ['@2026-11-23T07:00:00Z', { timestamp: Date.UTC(2026, 10, 23, 7) }],
  ['@1795418150078', { timestamp: 1795418150078 }],
  ['@1795418150', { timestamp: 1795418150000 }],
])('-o %s', (text, expected) => {
  expect(parseOffset(text, now)).toEqual(expected);
});

it.each(['yesterdya', '', '--5', '@', '@noon', '4x'])('-o %s is refused', (text) => {
  expect(() => parseOffset(text, now)).toThrow(UsageError);
});
