import { describe, expect, it } from 'vitest';
import { startOf } from './start.ts';

describe('where a consumer starts', () => {
  const noGroup = undefined;
  const newGroup = undefined;
  const existingGroup = 5;
  it.each([
    ['no group', noGroup, false, 'earliest', 'earliest'],
    ['no group', noGroup, false, 'latest', 'latest'],
    ['no group', noGroup, true, 'earliest', 'earliest'],
    ['no group', noGroup, true, 'latest', 'latest'],
    ['a new group', newGroup, false, 'earliest', 'earliest'],
    ['a new group', newGroup, false, 'latest', 'latest'],
    ['a new group', newGroup, true, 'earliest', 'earliest'],
    ['a new group', newGroup, true, 'latest', 'latest'],
    ['a group that has committed 5', existingGroup, false, 'earliest', 5],
    ['a group that has committed 5', existingGroup, false, 'latest', 5],
    ['a group that has committed 5', existingGroup, true, 'earliest', 'earliest'],
    ['a group that has committed 5', existingGroup, true, 'latest', 'latest'],
  ])('%s (%s), resetOffsetOnStart %s, autoOffsetReset %s: %s', (_, committed, resetOffsetOnStart, autoOffsetReset, start) => {
    expect(startOf({ committed, resetOffsetOnStart, autoOffsetReset })).toBe(start);
  });

  it('takes a commit of 0 for a commit: it is no "nothing"', () => {
    expect(startOf({ committed: 0, resetOffsetOnStart: false, autoOffsetReset: 'latest' })).toBe(0);
  });
});
