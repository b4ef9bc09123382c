import {
  type Acl,
  operation as number,
  type Operation,
  patternType,
  permission,
  resourceType,
  type ResourceType,
  wildcard,
} from './acl.ts';

/** Who asks, and from where. */
export interface Requester {
  /** Such as `User:alice`. */
  readonly principal: string;
  readonly host: string;
}

/** Operations that nobody can do without seeing the thing. Only permission is implied, never refusal. */
const implying: Readonly<Partial<Record<Operation, readonly Operation[]>>> = {
  describe: ['describe', 'read', 'write', 'delete', 'alter'],
  describeConfigs: ['describeConfigs', 'alterConfigs'],
};

export type Decision = 'allowed' | 'denied' | 'no entry for this resource';

/** What the entries say to one operation on one resource: a refusal wins over any permission. */
export function authorize(acls: Iterable<Acl>, who: Requester, asked: Operation, type: ResourceType, name: string): Decision {
  let decision: Decision = 'no entry for this resource';
  for (const acl of acls) {
    if (acl.resourceType !== resourceType[type] || !appliesTo(acl, name)) continue;
    if (decision === 'no entry for this resource') decision = 'denied';
    if (!concerns(acl, who) || !covers(acl, asked)) continue;
    if (acl.permissionType === permission.deny) return 'denied';
    decision = 'allowed';
  }
  return decision;
}

/** Whether this operation is allowed on at least one resource of the type that nothing forbids (KIP-679). */
export function allowsSome(acls: Iterable<Acl>, who: Requester, asked: Operation, type: ResourceType): boolean {
  const concerned = [...acls].filter(
    (acl) =>
      acl.resourceType === resourceType[type] && concerns(acl, who) && (acl.operation === number[asked] || acl.operation === number.all),
  );
  const denied = concerned.filter(({ permissionType }) => permissionType === permission.deny);
  if (denied.some(({ patternType: pattern, resourceName }) => pattern === patternType.literal && resourceName === wildcard)) return false;
  return concerned.some((acl) => {
    if (acl.permissionType !== permission.allow) return false;
    if (acl.patternType === patternType.literal && acl.resourceName === wildcard) return true;
    return !denied.some((deny) =>
      deny.patternType === patternType.prefixed
        ? acl.resourceName.startsWith(deny.resourceName)
        : acl.patternType === patternType.literal && acl.resourceName === deny.resourceName,
    );
  });
}

function appliesTo(acl: Acl, name: string): boolean {
  if (acl.patternType === patternType.prefixed) return name.startsWith(acl.resourceName);
  return acl.resourceName === name || acl.resourceName === wildcard;
}

function concerns(acl: Acl, { principal, host }: Requester): boolean {
  return (acl.principal === principal || acl.principal === 'User:*') && (acl.host === host || acl.host === wildcard);
}

function covers(acl: Acl, asked: Operation): boolean {
  if (acl.operation === number.all || acl.operation === number[asked]) return true;
  return acl.permissionType === permission.allow && (implying[asked] ?? []).some((other) => acl.operation === number[other]);
}
