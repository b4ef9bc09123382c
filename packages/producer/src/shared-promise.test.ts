import { describe, expect, it } from 'vitest';
import type { RecordMetadata } from './message.ts';
import { SharedPromise } from './shared-promise.ts';

const metadataOf = (place: number, timestamp: number): RecordMetadata => ({
  topic: 'orders',
  partition: 0,
  offset: 100 + place,
  timestamp,
});

describe('a promise that many share', () => {
  it('tells each of its own record', async () => {
    const shared = new SharedPromise();
    const sent = [2, 3, 7].map((place) => shared.add(place, place * 10));
    shared.settle(metadataOf);
    expect((await Promise.all(sent)).map(({ offset, timestamp }) => [offset, timestamp])).toEqual([[102, 20], [103, 30], [107, 70]]); // prettier-ignore
  });

  it('rejects for each what is thrown for its record', async () => {
    const shared = new SharedPromise();
    const sent = [0, 1, 2].map((place) => shared.add(place, 0));
    shared.settle((place, timestamp) => {
      if (place === 1) throw new Error('refused');
      return metadataOf(place, timestamp);
    });
    const results = await Promise.allSettled(sent);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('lets each be told alone, in any order, when their records part', async () => {
    const shared = new SharedPromise();
    const sent = [4, 5, 6].map((place) => shared.add(place, 0));
    const settlers = shared.apart();
    settlers.get(6)!.reject(new Error('too large'));
    settlers.get(5)!.resolve(metadataOf(5, 0));
    expect(await sent[1]).toMatchObject({ offset: 105 });
    await expect(sent[2]).rejects.toThrow('too large');
    settlers.get(4)!.resolve(metadataOf(4, 0));
    expect(await sent[0]).toMatchObject({ offset: 104 });
  });
});
