import { isAtLeast, type KafkaRelease } from './kafka-releases.ts';

/** The feature levels of the cluster (KIP-584). A feature is finalized here once the mock has what it stands for. */
export interface Features {
  readonly epoch: number;
  readonly supported: readonly { readonly name: string; readonly minVersion: number; readonly maxVersion: number }[];
  readonly finalized: readonly { readonly name: string; readonly minVersionLevel: number; readonly maxVersionLevel: number }[];
}

const none: Features = { epoch: -1, supported: [], finalized: [] };

/** The levels of 4.3, for all releases that have the feature at all. */
const features: readonly { readonly name: string; readonly since: KafkaRelease; readonly minVersion: number; readonly level: number }[] = [
  { name: 'metadata.version', since: '3.3', minVersion: 7, level: 30 },
  { name: 'group.version', since: '4.0', minVersion: 0, level: 1 },
  { name: 'eligible.leader.replicas.version', since: '4.1', minVersion: 0, level: 1 },
  { name: 'transaction.version', since: '4.0', minVersion: 0, level: 2 },
  { name: 'share.version', since: '4.2', minVersion: 0, level: 1 },
];

/** Brokers before 3.3 have none that a client would look at. */
export function featuresOf(release: KafkaRelease): Features {
  const offered = features.filter(({ since }) => isAtLeast(release, since));
  if (offered.length === 0) return none;
  return {
    epoch: 1,
    supported: offered.map(({ name, minVersion, level }) => ({ name, minVersion, maxVersion: level })),
    finalized: offered.map(({ name, level }) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
  };
}
