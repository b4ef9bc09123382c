import { type Acl, operation, patternType, permission, resourceType, wildcard } from './acl.ts';

/** Which access control entries somebody wants to see or to delete; null matches all. */
export interface AclFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

export function matchesFilter(acl: Acl, filter: AclFilter): boolean {
  return (
    matchesResource(acl, filter) &&
    (filter.principalFilter === null || filter.principalFilter === acl.principal) &&
    (filter.hostFilter === null || filter.hostFilter === acl.host) &&
    (filter.operation === operation.any || filter.operation === acl.operation) &&
    (filter.permissionType === permission.any || filter.permissionType === acl.permissionType)
  );
}

/** `match` finds the entries that apply to a resource of this name; the other types of patterns find the pattern as it was created (KIP-290). */
function matchesResource(acl: Acl, { resourceTypeFilter, resourceNameFilter: name, patternTypeFilter }: AclFilter): boolean {
  if (resourceTypeFilter !== resourceType.any && resourceTypeFilter !== acl.resourceType) return false;
  const everyPattern = patternTypeFilter === patternType.any;
  const match = patternTypeFilter === patternType.match;
  if (!everyPattern && !match && patternTypeFilter !== acl.patternType) return false;
  if (name === null) return true;
  if (!match) return name === acl.resourceName;
  if (acl.patternType === patternType.prefixed) return name.startsWith(acl.resourceName);
  return name === acl.resourceName || acl.resourceName === wildcard;
}

/** Requests with such a filter are not even read. */
export function isUnsetFilter({ resourceTypeFilter, patternTypeFilter, operation: asked, permissionType }: AclFilter): boolean {
  return [resourceTypeFilter, patternTypeFilter, asked, permissionType].includes(0);
}

/** Why Kafka does not delete by this filter, in its words; undefined when it does. */
export function filterError(filter: AclFilter): string | undefined {
  if (isUnknown(resourceType, filter.resourceTypeFilter) || isUnknown(patternType, filter.patternTypeFilter))
    return 'Unknown patternFilter.';
  if (isUnknown(operation, filter.operation) || isUnknown(permission, filter.permissionType)) return 'Unknown entryFilter.';
  return undefined;
}

/** A number that Kafka has no name for. */
export function isUnknown(known: Readonly<Record<string, number>>, value: number): boolean {
  return value === 0 || !Object.values(known).includes(value);
}
