import { describe, expect, it } from 'vitest';
import type { ApiName } from '../api-name.ts';
import { handlers } from '../handlers.ts';
import { newestRelease, newestVersionIn, parseRelease } from './kafka-releases.ts';

describe('newestVersionIn', () => {
  it.each<[Parameters<typeof newestVersionIn>[0], ApiName, number | undefined]>([
    ['2.1', 'Produce', 7],
    ['2.7', 'Produce', 8],
    ['4.3', 'Produce', 13],
    ['3.0', 'Fetch', 12],
    ['3.5', 'AddPartitionsToTxn', 3],
    ['3.6', 'AddPartitionsToTxn', 4],
    ['3.9', 'ConsumerGroupHeartbeat', undefined],
    ['3.2', 'UnregisterBroker', undefined],
    ['2.7', 'DescribeCluster', undefined],
    ['2.8', 'DescribeCluster', 0],
  ])('%s takes %s up to %s', (release, api, version) => {
    expect(newestVersionIn(release, api)).toBe(version);
  });

  it.each(handlers.map(({ api }) => [api.name, api.maxVersion] as const))(
    'the newest release takes %s up to the codec’s %i',
    (name, version) => {
      expect(newestVersionIn(newestRelease, name as ApiName)).toBe(version);
    },
  );
});

it.each([
  ['2.8', '2.8'],
  ['2.8.1', '2.8'],
  ['4.3.1', '4.3'],
])('%s is the release %s', (text, release) => {
  expect(parseRelease(text)).toBe(release);
});

it.each(['0.11', '9.9', '', '4'])('does not know %j', (text) => {
  expect(() => parseRelease(text)).toThrow(/2\.1 to 4\.3/);
});
