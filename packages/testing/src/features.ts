/** The feature levels of the cluster (KIP-584). A feature is finalized here once the mock has what it stands for. */
export const features = {
  epoch: 1,
  supported: [{ name: 'metadata.version', minVersion: 7, maxVersion: 30 }],
  finalized: [{ name: 'metadata.version', minVersionLevel: 30, maxVersionLevel: 30 }],
} as const;
