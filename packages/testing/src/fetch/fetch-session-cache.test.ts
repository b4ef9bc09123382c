import { describe, expect, it } from 'vitest';
import { type AskedPartition, partitionKey } from './asked-partition.ts';
import { evictable, FetchSessionCache } from './fetch-session-cache.ts';
import { FetchSession, nextSessionEpoch } from './fetch-session.ts';

const none = new Map();

function session(id: number, { createdAt = 0, usedAt = 0, size = 1 } = {}): FetchSession {
  const one = new FetchSession(id, false, createdAt, none, none);
  Object.assign(one, { lastUsedAt: usedAt, cachedSize: size });
  return one;
}

it('epochs count from 1, and return there', () => {
  expect([1, 2, 2 ** 31 - 1].map(nextSessionEpoch)).toEqual([2, 3, 1]);
});

describe('a full shard', () => {
  const old = { createdAt: 0, usedAt: 200_000 };
  it.each([
    ['is empty', [], 1, 0, undefined],
    ['has a session that was not used for two minutes', [session(1), session(2, { usedAt: 100 })], 1, 120_001, 1],
    ['has young sessions only', [session(1, { size: 1 })], 100, 120_000, undefined],
    ['has an old session that is smaller', [session(1, { ...old, size: 3 }), session(2, { ...old, size: 2 })], 4, 200_000, 2],
    ['has old sessions as large', [session(1, { ...old, size: 4 })], 4, 200_000, undefined],
  ])('that %s makes room, or not', (_what, sessions, size, now, leaving) => {
    expect(evictable(sessions, size, now)?.id).toBe(leaving);
  });
});

describe('a cache', () => {
  it('fills its eight shards in turn, and has no more room than its slots', () => {
    const cache = new FetchSessionCache(16, () => 0, Math.random);
    const ids = Array.from({ length: 17 }, () => cache.create({ usesTopicIds: false, asked: none, answered: none }));
    expect(new Set(ids).size).toBe(17);
    expect(ids[16]).toBe(0);
    expect(ids.slice(0, 16).map((id) => Math.trunc(id / Math.floor((2 ** 31 - 1) / 8)))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(cache.size).toBe(16);
    cache.remove(ids[3]!);
    expect([cache.get(ids[3]!), cache.get(ids[4]!)?.id]).toEqual([undefined, ids[4]]);
  });

  it('with fewer than eight slots keeps none', () => {
    expect(new FetchSessionCache(7, () => 0, Math.random).create({ usesTopicIds: false, asked: none, answered: none })).toBe(0);
  });
});

describe('what a session tells again', () => {
  const asked: AskedPartition = {
    ...{
      topic: 't',
      topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
      partition: 0,
      fetchOffset: 0,
      maxBytes: 1,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
    },
  };
  const answer = { errorCode: 0, highWatermark: 5, logStartOffset: 0, records: Buffer.alloc(0) };
  const key = partitionKey(asked);

  it.each([
    ['nothing', {}, false],
    ['records', { records: Buffer.from('x') }, true],
    ['another high watermark', { highWatermark: 6 }, true],
    ['another log start', { logStartOffset: 1 }, true],
    ['an error', { errorCode: 6 }, true],
    ['a preferred replica', { preferredReadReplica: 2 }, true],
    ['no preferred replica', { preferredReadReplica: -1 }, false],
    ['a diverging epoch', { divergingEpoch: { epoch: 1, endOffset: 3 } }, true],
  ])('%s', (_what, change, tells) => {
    const one = new FetchSession(1, false, 0, new Map([[key, asked]]), new Map([[key, answer]]));
    expect(one.tells(asked, { ...answer, ...change })).toBe(tells);
  });
});
