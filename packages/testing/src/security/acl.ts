/** Kafka's words for access control, with their numbers on the wire. */

export const resourceType = {
  unknown: 0,
  any: 1,
  topic: 2,
  group: 3,
  cluster: 4,
  transactionalId: 5,
  delegationToken: 6,
  user: 7,
} as const;
export const patternType = { unknown: 0, any: 1, match: 2, literal: 3, prefixed: 4 } as const;
export const operation = {
  unknown: 0,
  any: 1,
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
export const permission = { unknown: 0, any: 1, deny: 2, allow: 3 } as const;

/** What somebody may be allowed to do. */
export type Operation = Exclude<keyof typeof operation, 'unknown' | 'any' | 'all'>;
/** What it is done to. */
export type ResourceType = Exclude<keyof typeof resourceType, 'unknown' | 'any'>;

/** One access control entry: for which resources, to whom, from where, what, and whether it is allowed. */
export interface Acl {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

/** Stands for every name, every host, and as `User:*` for everybody. */
export const wildcard = '*';

/** The only resource of its type. */
export const clusterName = 'kafka-cluster';

/** Two entries that say the same are one. */
export function aclKey(acl: Acl): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = acl;
  return JSON.stringify([resourceType, resourceName, patternType, principal, host, operation, permissionType]);
}
