import type { FeatureLevels } from './feature-levels.ts';

/** How a feature's level may change, by Kafka's numbers (KIP-778). */
const upgradeTypes: Readonly<Record<number, 'upgrade' | 'safe downgrade' | 'unsafe downgrade'>> = {
  1: 'upgrade',
  2: 'safe downgrade',
  3: 'unsafe downgrade',
};

export interface AskedUpdate {
  readonly feature: string;
  readonly level: number;
  readonly upgradeType: number;
}

const metadataVersion = 'metadata.version';

/** Why the controller does not change a feature's level, in its words; undefined when it does. */
export function updateError({ feature, level, upgradeType }: AskedUpdate, levels: FeatureLevels, controllerId: number): string | undefined {
  const invalid = (reason: string): string => `Invalid update version ${level} for feature ${feature}. ${reason}`;
  const kind = upgradeTypes[upgradeType];
  if (kind === undefined) return invalid('The controller does not support the given upgrade type.');
  if (level < 0) return invalid('A feature version cannot be less than 0.');
  const supported = levels.supported.find(({ name }) => name === feature);
  const { minVersion, maxVersion } = supported ?? { minVersion: 0, maxVersion: 0 };
  if (level < minVersion || level > maxVersion) {
    const reason = maxVersion === 0 ? 'does not support this feature.' : `only supports versions ${minVersion}-${maxVersion}`;
    return invalid(`Local controller ${controllerId} ${reason}`);
  }
  const current = levels.level(feature);
  if (level < current && kind === 'upgrade') {
    return invalid("Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.");
  }
  if (level > current && kind !== 'upgrade') return invalid("Can't downgrade to a newer version.");
  if (feature === metadataVersion && level < current) {
    const reason =
      kind === 'unsafe downgrade'
        ? 'Unsafe metadata downgrade is not supported in this version.'
        : 'Refusing to perform the requested downgrade because it might delete metadata information.';
    return `Unsupported ${metadataVersion} downgrade from ${current} to ${level}. ${reason}`;
  }
  return supported === undefined ? invalid(`Feature ${feature} not found.`) : undefined;
}
