import { expect, it } from 'vitest';
import { rackAwareReplica } from './preferred-replica.ts';

const replica = (id: number, rack: string | undefined, endOffset = 10) => ({ id, rack, endOffset });

it.each([
  ['no rack', '', [replica(2, '')], undefined],
  ['a rack of nobody', 'z', [replica(2, 'b')], undefined],
  ["the leader's rack", 'a', [replica(2, 'a')], undefined],
  ["a follower's rack", 'b', [replica(2, 'b'), replica(3, 'c')], 2],
  ['a rack of two, one of which lags', 'b', [replica(2, 'b'), replica(3, 'b', 9)], 2],
  ['a rack of two equals', 'b', [replica(2, 'b'), replica(3, 'b')], 3],
])('a consumer of %s', (_what, rack, followers, preferred) => {
  expect(rackAwareReplica(rack, replica(1, 'a'), followers)).toBe(preferred);
});
