import { isAtLeast, type KafkaRelease } from './kafka-releases.ts';

/** The feature levels of the cluster (KIP-584). A feature is finalized here once the mock has what it stands for. */
export interface Features {
  readonly epoch: number;
  readonly supported: readonly { readonly name: string; readonly minVersion: number; readonly maxVersion: number }[];
  readonly finalized: readonly { readonly name: string; readonly minVersionLevel: number; readonly maxVersionLevel: number }[];
}

const none: Features = { epoch: -1, supported: [], finalized: [] };

const current: Features = {
  epoch: 1,
  supported: [{ name: 'metadata.version', minVersion: 7, maxVersion: 30 }],
  finalized: [{ name: 'metadata.version', minVersionLevel: 30, maxVersionLevel: 30 }],
};

/** Brokers before 3.3 have none that a client would look at; those in between are taken for the newest. */
export function featuresOf(release: KafkaRelease): Features {
  return isAtLeast(release, '3.3') ? current : none;
}
