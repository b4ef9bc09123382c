import { expect, it } from 'vitest';
import { type CommittedOffset, GroupOffsets } from './group-offsets.ts';

const at = (offset: number): CommittedOffset => ({ offset, leaderEpoch: -1, metadata: '', committedAt: 0 });

type Step = ['commit', offset: number] | ['pend', producerId: number, offset: number] | ['end', producerId: number, committed: boolean];

it.each<[string, Step[], offset: number | undefined, unstable: boolean]>([
  ['an offset in a transaction is not there yet', [['pend', 1, 5]], undefined, true],
  ['it is there with the commit', [['pend', 1, 5], ['end', 1, true]], 5, false], // prettier-ignore
  ['it never was with the abort', [['pend', 1, 5], ['end', 1, false]], undefined, false], // prettier-ignore
  ['the last one of a transaction counts', [['pend', 1, 5], ['pend', 1, 6], ['end', 1, true]], 6, false], // prettier-ignore
  ['what was committed before is there until then', [['commit', 2], ['pend', 1, 5]], 2, true], // prettier-ignore
  ['a commit that came later stays', [['pend', 1, 5], ['commit', 2], ['end', 1, true]], 2, false], // prettier-ignore
  ['of two transactions the later offset stays', [['pend', 1, 5], ['pend', 2, 6], ['end', 2, true], ['end', 1, true]], 6, false], // prettier-ignore
  ['or comes last', [['pend', 1, 5], ['pend', 2, 6], ['end', 1, true], ['end', 2, true]], 6, false], // prettier-ignore
  ['it is unstable until both are over', [['pend', 1, 5], ['pend', 2, 6], ['end', 1, true]], 5, true], // prettier-ignore
])('%s', (_rule, steps, offset, unstable) => {
  const group = new GroupOffsets();
  for (const step of steps) {
    if (step[0] === 'commit') group.commit('t', 0, at(step[1]));
    else if (step[0] === 'pend') group.commitInTransaction(step[1], 't', 0, at(step[2]));
    else group.endTransaction(step[1], step[2]);
  }
  expect([group.get('t', 0)?.offset, group.isUnstable('t', 0)]).toEqual([offset, unstable]);
});

it('an offset that is deleted does not come back with the commit', () => {
  const group = new GroupOffsets();
  group.commitInTransaction(1, 't', 0, at(5));
  group.forget('t', 0);
  expect(group.isUnstable('t', 0)).toBe(false);
  group.endTransaction(1, true);
  expect(group.get('t', 0)).toBeUndefined();
});
