import type { QuotaEntity } from './quota-entity.ts';

/** The quota that holds for a client, and who shares it. */
export interface AppliedQuota {
  readonly limit: number;
  /** The user among whose clients it is shared; undefined for all users. */
  readonly user: string | undefined;
  /** The client id among whose users it is shared; undefined for all client ids. */
  readonly clientId: string | undefined;
}

/**
 * Finds the quota of a client: the one for its user and client id, else the next less exact one (KIP-55).
 *
 * `limitOf` gives the quota that was set for an entity.
 */
export function quotaFor(limitOf: (entity: QuotaEntity) => number | undefined, user: string, clientId: string): AppliedQuota | undefined {
  const levels: readonly (readonly [entity: Record<string, string | null>, ...sharedBy: ('user' | 'client-id')[]])[] = [
    [{ user, 'client-id': clientId }, 'user', 'client-id'],
    [{ user, 'client-id': null }, 'user', 'client-id'],
    [{ user }, 'user'],
    [{ user: null, 'client-id': clientId }, 'user', 'client-id'],
    [{ user: null, 'client-id': null }, 'user', 'client-id'],
    [{ user: null }, 'user'],
    [{ 'client-id': clientId }, 'client-id'],
    [{ 'client-id': null }, 'client-id'],
  ];
  for (const [entity, ...sharedBy] of levels) {
    const limit = limitOf(new Map(Object.entries(entity)));
    if (limit === undefined) continue;
    // A default gives each user and each client id a quota of its own.
    return { limit, user: sharedBy.includes('user') ? user : undefined, clientId: sharedBy.includes('client-id') ? clientId : undefined };
  }
  return undefined;
}
