import { expect, it } from 'vitest';
import { FeatureLevels } from './feature-levels.ts';
import { updateError } from './feature-update.ts';

const levels = (): FeatureLevels =>
  new FeatureLevels({
    epoch: 1,
    supported: [
      { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
      { name: 'group.version', minVersion: 0, maxVersion: 1 },
    ],
    finalized: [
      { name: 'metadata.version', minVersionLevel: 30, maxVersionLevel: 30 },
      { name: 'group.version', minVersionLevel: 1, maxVersionLevel: 1 },
    ],
  });

// The words of Kafka 4.3.1.
it.each<[feature: string, level: number, upgradeType: number, error: string | undefined]>([
  ['group.version', 1, 1, undefined],
  ['group.version', 1, 2, undefined],
  ['group.version', 0, 2, undefined],
  ['group.version', 0, 3, undefined],
  [
    'group.version',
    0,
    1,
    "Invalid update version 0 for feature group.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
  ],
  ['group.version', 1, 9, 'Invalid update version 1 for feature group.version. The controller does not support the given upgrade type.'],
  ['group.version', -1, 1, 'Invalid update version -1 for feature group.version. A feature version cannot be less than 0.'],
  ['group.version', 2, 1, 'Invalid update version 2 for feature group.version. Local controller 5 only supports versions 0-1'],
  ['nope', 1, 1, 'Invalid update version 1 for feature nope. Local controller 5 does not support this feature.'],
  ['nope', 0, 2, 'Invalid update version 0 for feature nope. Feature nope not found.'],
  ['metadata.version', 30, 1, undefined],
  ['metadata.version', 6, 3, 'Invalid update version 6 for feature metadata.version. Local controller 5 only supports versions 7-30'],
  [
    'metadata.version',
    29,
    2,
    'Unsupported metadata.version downgrade from 30 to 29. Refusing to perform the requested downgrade because it might delete metadata information.',
  ],
  [
    'metadata.version',
    29,
    3,
    'Unsupported metadata.version downgrade from 30 to 29. Unsafe metadata downgrade is not supported in this version.',
  ],
])('%s to %i by %i', (feature, level, upgradeType, error) => {
  expect(updateError({ feature, level, upgradeType }, levels(), 5)).toBe(error);
});

it('takes a feature that goes to 0 from the list, and counts the changes', () => {
  const features = levels();
  features.set('group.version', 0);
  expect(features.finalized.map(({ name }) => name)).toEqual(['metadata.version']);
  expect(features.epoch).toBe(2);
  features.set('group.version', 1);
  expect(features.level('group.version')).toBe(1);
});
