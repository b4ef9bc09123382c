import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { versionsOf } from '../versions.ts';

const wire = await broker.wire();
afterAll(() => broker.closeWires());

const [upgrade, safeDowngrade, unsafeDowngrade] = [1, 2, 3] as const;
type Update = readonly [feature: string, level: number, upgradeType: number];
const validate = (version: number, ...updates: Update[]) => {
  const featureUpdates = updates.map(([feature, maxVersionLevel, upgradeType]) => ({ feature, maxVersionLevel, upgradeType }));
  return wire.send(apis.updateFeatures, version, { timeoutMs: 10_000, featureUpdates, validateOnly: true });
};

describe.each(versionsOf(apis.updateFeatures).filter((version) => version > 0))('UpdateFeatures version %i', (version) => {
  it('would keep a level, or lower it', async () => {
    const answer = await validate(version, ['metadata.version', 30, upgrade], ['eligible.leader.replicas.version', 0, safeDowngrade]);
    expect(answer).toMatchObject({ errorCode: code.none, errorMessage: null });
    const none = { errorCode: code.none, errorMessage: 'NONE' };
    if (version >= 2) expect(answer.results).toEqual([]);
    else
      expect(answer.results).toMatchObject([
        { feature: 'metadata.version', ...none },
        { feature: 'eligible.leader.replicas.version', ...none },
      ]);
    const { finalizedFeatures } = await wire.send(apis.apiVersions, 4, { clientSoftwareName: 'a', clientSoftwareVersion: '1' });
    expect(finalizedFeatures).toContainEqual({ name: 'eligible.leader.replicas.version', minVersionLevel: 1, maxVersionLevel: 1 });
  });

  const elr = 'eligible.leader.replicas.version';
  it.each<[...Update, message: string | RegExp]>([
    ['nope', 1, upgrade, /Invalid update version 1 for feature nope. Local controller \d does not support this feature.$/],
    ['nope', 0, safeDowngrade, 'Invalid update version 0 for feature nope. Feature nope not found.'],
    [elr, -1, upgrade, `Invalid update version -1 for feature ${elr}. A feature version cannot be less than 0.`],
    [elr, 2, upgrade, new RegExp(`Invalid update version 2 for feature ${elr}. Local controller \\d only supports versions 0-1$`)],
    [elr, 1, 9, `Invalid update version 1 for feature ${elr}. The controller does not support the given upgrade type.`],
    [
      elr,
      0,
      upgrade,
      `Invalid update version 0 for feature ${elr}. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.`,
    ],
    ['metadata.version', 6, unsafeDowngrade, /Local controller \d only supports versions 7-30$/],
    [
      'metadata.version',
      29,
      safeDowngrade,
      'Unsupported metadata.version downgrade from 30 to 29. Refusing to perform the requested downgrade because it might delete metadata information.',
    ],
    [
      'metadata.version',
      29,
      unsafeDowngrade,
      'Unsupported metadata.version downgrade from 30 to 29. Unsafe metadata downgrade is not supported in this version.',
    ],
  ])('refuses %s at %i by %i', async (feature, level, upgradeType, message) => {
    const answer = await validate(version, [feature, level, upgradeType]);
    expect(answer).toMatchObject({ errorCode: code.invalidUpdateVersion, results: [] });
    expect(answer.errorMessage).toMatch(/^The update failed for all features since the following feature had an error: /);
    if (typeof message === 'string') expect(answer.errorMessage).toMatch(message);
    else expect(answer.errorMessage).toMatch(message);
  });
});

it('UpdateFeatures version 0 lowers a level where it is allowed to', async () => {
  const featureUpdates = [{ feature: 'nope', maxVersionLevel: 0, allowDowngrade: true }];
  const answer = await wire.send(apis.updateFeatures, 0, { timeoutMs: 10_000, featureUpdates });
  expect(answer).toMatchObject({ errorCode: code.invalidUpdateVersion, errorMessage: expect.stringContaining('Feature nope not found.') });
});
