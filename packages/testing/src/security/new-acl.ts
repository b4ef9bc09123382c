import { type Acl, clusterName, operation, patternType, permission, resourceType } from './acl.ts';
import { isUnknown } from './acl-filter.ts';

/** Why Kafka does not create this entry, in its words; undefined when it does. */
export function newAclError(acl: Acl): string | undefined {
  if (acl.resourceType === resourceType.cluster && acl.resourceName !== clusterName) {
    return `The only valid name for the CLUSTER resource is ${clusterName}`;
  }
  if (acl.resourceName === '') return 'Invalid empty resource name';
  if (isUnknown(resourceType, acl.resourceType)) return 'Invalid resourceType UNKNOWN';
  if (isUnknown(patternType, acl.patternType)) return 'Invalid patternType UNKNOWN';
  if (isUnknown(operation, acl.operation)) return 'Invalid operation UNKNOWN';
  if (isUnknown(permission, acl.permissionType)) return 'Invalid permissionType UNKNOWN';
  if (!acl.principal.includes(':')) {
    return `Could not parse principal from \`${acl.principal}\` (no colon is present separating the principal type from the principal name)`;
  }
  return undefined;
}

/** Requests with such an entry are not even read. */
export function isUnsetAcl(acl: Acl): boolean {
  return [acl.resourceType, acl.patternType, acl.operation, acl.permissionType].includes(0);
}

/** What belongs into a filter only: Kafka stumbles over it, and fails the whole request. */
export function isFilterLike(acl: Acl): boolean {
  return (
    acl.resourceType === resourceType.any ||
    acl.patternType === patternType.any ||
    acl.patternType === patternType.match ||
    acl.operation === operation.any ||
    acl.permissionType === permission.any
  );
}
