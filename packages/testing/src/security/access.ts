import type { Operation, ResourceType } from './acl.ts';
import { clusterName } from './acl.ts';
import type { Requester } from './authorize.ts';
import { operationBits, supportedOperations } from './authorized-operations.ts';
import type { Authorizer } from './authorizer.ts';

/** What the client behind a request may do. */
export interface Access {
  /** undefined where there is none, and everybody may do everything. */
  readonly authorizer: Authorizer | undefined;
  may(operation: Operation, type: ResourceType, name: string): boolean;
  /** Whether there is some resource of the type that it may do this with. */
  maySome(operation: Operation, type: ResourceType): boolean;
  /** All that it may do with the resource, as bits (KIP-430). */
  operations(type: ResourceType, name: string): number;
  /** The same for the cluster: none for those who may not describe it. */
  clusterOperations(): number;
}

export function accessOf(authorizer: Authorizer | undefined, who: Requester): Access {
  const may = (operation: Operation, type: ResourceType, name: string): boolean =>
    authorizer === undefined || authorizer.allows(who, operation, type, name);
  const operations = (type: ResourceType, name: string): number =>
    operationBits(supportedOperations[type].filter((operation) => may(operation, type, name)));
  return {
    authorizer,
    may,
    maySome: (operation, type) => authorizer === undefined || authorizer.allowsSome(who, operation, type),
    operations,
    clusterOperations: () => (may('describe', 'cluster', clusterName) ? operations('cluster', clusterName) : 0),
  };
}
