/** Kafka's operations and their numbers, by our names of them. Java: AclOperation. */
export const aclOperations = {
  all: 2,
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
  createTokens: 13,
  describeTokens: 14,
  twoPhaseCommit: 15,
} as const;
/** What somebody may do. `all` stands for every other one. */
export type AclOperation = keyof typeof aclOperations;

/** A broker that was not asked for them, or is too old to tell. */
const untold = -0x8000_0000;

/** The operations of a bit field, in which bit 3 is `read`; undefined when it was not told. */
export function operationsOf(bits: number): Set<AclOperation> | undefined {
  if (bits === untold) return undefined;
  const names = Object.entries(aclOperations) as [AclOperation, number][];
  return new Set(names.filter(([name, number]) => name !== 'all' && (bits & (1 << number)) !== 0).map(([name]) => name));
}
