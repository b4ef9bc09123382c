import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { KafkaError } from '../errors.ts';
import { createAcls as createAclsApi } from '../protocol/apis/create-acls.ts';
import { deleteAcls as deleteAclsApi } from '../protocol/apis/delete-acls.ts';
import { describeAcls as describeAclsApi } from '../protocol/apis/describe-acls.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AclOperation, aclOperations } from './acl-operations.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { checkList, checkName, checkText, checkWord, keysOf, wordOf } from './items.ts';
import type { Results } from './results.ts';

const resourceTypes = { topic: 2, group: 3, cluster: 4, transactionalId: 5, delegationToken: 6, user: 7 } as const;
const patternTypes = { literal: 3, prefixed: 4 } as const;
const filterPatternTypes = { any: 1, match: 2, ...patternTypes } as const;
const permissions = { deny: 2, allow: 3 } as const;
/** In a filter: whatever it is. */
const any = 1;

/** The kind of resource of a rule. `delegationToken` and `user` are for tokens alone (KIP-48, KIP-373). Java: ResourceType. */
export type AclResourceType = keyof typeof resourceTypes;

/** A rule to create. Java: AclBinding. */
export interface NewAcl {
  readonly resourceType: AclResourceType;
  /** `*` means every one of that type; the cluster is called `kafka-cluster`. */
  readonly resourceName: string;
  /** Whether the name stands for itself or for all that begin with it (KIP-290). Default `literal`. */
  readonly patternType?: 'literal' | 'prefixed';
  /** Such as `User:alice`; `User:*` means everybody. */
  readonly principal: string;
  /** An address. Default `*`: from anywhere. */
  readonly host?: string;
  readonly operation: AclOperation;
  readonly permission: 'allow' | 'deny';
}

/** A rule as a broker tells it. Java: AclBinding. `unknown` is what this version of the client has no name for. */
export interface Acl {
  readonly resourceType: AclResourceType | 'unknown';
  readonly resourceName: string;
  readonly patternType: 'literal' | 'prefixed' | 'unknown';
  readonly principal: string;
  readonly host: string;
  readonly operation: AclOperation | 'unknown';
  readonly permission: 'allow' | 'deny' | 'unknown';
}

/** Which rules: those that agree in all that is given; `{}` is every one. Java: AclBindingFilter. */
export interface AclFilter {
  readonly resourceType?: AclResourceType;
  readonly resourceName?: string;
  /** `match`: all rules that count for `resourceName`, also those for a prefix and for `*`. Default `any`: literal and prefixed ones. */
  readonly patternType?: 'literal' | 'prefixed' | 'match' | 'any';
  readonly principal?: string;
  readonly host?: string;
  readonly operation?: AclOperation;
  readonly permission?: 'allow' | 'deny';
}

/**
 * The rules that the filter picks; without one all. Java: Admin.describeAcls.
 * Rejects with TypeError for a bad filter, and BrokerError: SECURITY_DISABLED when the brokers have no authorizer, CLUSTER_AUTHORIZATION_FAILED.
 */
export async function describeAcls(client: KafkaClient, filter: AclFilter = {}, options: AdminOptions = {}): Promise<Acl[]> {
  const cluster = clusterOf('describeAcls', client);
  checkFilter(filter);
  return atAny(
    cluster,
    async (connection, signal) => {
      const { errorCode, errorMessage, resources } = await connection.send(describeAclsApi, written(filter), { signal });
      if (errorCode !== 0) throw brokerError(errorCode, 'the rules', { detail: errorMessage });
      return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => read({ ...resource, ...acl })));
    },
    limitsOf(cluster, 'describeAcls', options),
  );
}

/**
 * Creates rules; one that exists is no error. The result has an entry for each. Java: Admin.createAcls.
 *
 * An entry is a BrokerError: INVALID_REQUEST for a rule that cannot be, SECURITY_DISABLED, CLUSTER_AUTHORIZATION_FAILED. Rejects with
 * TypeError for a bad rule.
 */
export async function createAcls(client: KafkaClient, acls: readonly NewAcl[], options: AdminOptions = {}): Promise<Results<NewAcl>> {
  const cluster = clusterOf('createAcls', client);
  checkList('acls', acls, checkAcl);
  const limits = limitsOf(cluster, 'createAcls', options);
  if (acls.length === 0) return new Map();
  return atAny(
    cluster,
    async (connection, signal) => {
      const creations = acls.map(({ resourceType, patternType = 'literal', host = '*', operation, permission, ...acl }) => ({
        ...{ ...acl, host, resourceType: resourceTypes[resourceType], resourcePatternType: patternTypes[patternType] },
        ...{ operation: aclOperations[operation], permissionType: permissions[permission] },
      }));
      const { results } = await connection.send(createAclsApi, { creations }, { signal });
      return new Map(acls.map((acl, i) => [acl, errorOf(results[i], `the rule for ${acl.principal}`)]));
    },
    limits,
  );
}

/**
 * Deletes the rules that any of the filters picks. The result says for each filter which rules that were, and of each whether it could be
 * deleted. Java: Admin.deleteAcls. A filter's error is a BrokerError: SECURITY_DISABLED, CLUSTER_AUTHORIZATION_FAILED. Rejects with
 * TypeError for a bad filter.
 */
export async function deleteAcls(
  client: KafkaClient,
  filters: readonly AclFilter[],
  options: AdminOptions = {},
): Promise<Results<AclFilter, Results<Acl>>> {
  const cluster = clusterOf('deleteAcls', client);
  checkList('filters', filters, checkFilter);
  const limits = limitsOf(cluster, 'deleteAcls', options);
  if (filters.length === 0) return new Map();
  return atAny(
    cluster,
    async (connection, signal) => {
      const { filterResults } = await connection.send(deleteAclsApi, { filters: filters.map(written) }, { signal });
      const entryOf = (filter: AclFilter, i: number): readonly [AclFilter, Results<Acl> | Error] => {
        const result = filterResults[i];
        const error = errorOf(result, 'the rules');
        return [filter, error ?? new Map(result!.matchingAcls.map((acl) => [read(acl), errorOf(acl, 'a rule')]))];
      };
      return new Map(filters.map(entryOf));
    },
    limits,
  );
}

function checkAcl(acl: NewAcl): void {
  checkWord("a rule's resourceType", acl.resourceType, keysOf(resourceTypes));
  checkName("a rule's resourceName", acl.resourceName);
  checkWord("a rule's patternType", acl.patternType ?? 'literal', keysOf(patternTypes));
  checkName("a rule's principal", acl.principal);
  if (!/^[^:]+:./.test(acl.principal))
    throw new TypeError(`a rule's principal needs a type, as in User:alice; '${acl.principal}' has none`);
  checkName("a rule's host", acl.host ?? '*');
  checkWord("a rule's operation", acl.operation, keysOf(aclOperations));
  checkWord("a rule's permission", acl.permission, keysOf(permissions));
}

function checkFilter(filter: AclFilter): void {
  if (typeof filter !== 'object' || filter === null) throw new TypeError('a filter of rules must be an object');
  const { resourceType, patternType, operation, permission } = filter;
  if (resourceType !== undefined) checkWord("a filter's resourceType", resourceType, keysOf(resourceTypes));
  if (patternType !== undefined) checkWord("a filter's patternType", patternType, keysOf(filterPatternTypes));
  if (operation !== undefined) checkWord("a filter's operation", operation, keysOf(aclOperations));
  if (permission !== undefined) checkWord("a filter's permission", permission, keysOf(permissions));
  for (const name of ['resourceName', 'principal', 'host'] as const)
    if (filter[name] !== undefined) checkText(`a filter's ${name}`, filter[name]);
}

function written({ resourceType, resourceName, patternType = 'any', principal, host, operation, permission }: AclFilter) {
  return {
    resourceTypeFilter: resourceType === undefined ? any : resourceTypes[resourceType],
    resourceNameFilter: resourceName ?? null,
    patternTypeFilter: filterPatternTypes[patternType],
    principalFilter: principal ?? null,
    hostFilter: host ?? null,
    operation: operation === undefined ? any : aclOperations[operation],
    permissionType: permission === undefined ? any : permissions[permission],
  };
}

interface AclAnswer {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

function read({ resourceType, resourceName, patternType, principal, host, operation, permissionType }: AclAnswer): Acl {
  return {
    resourceType: wordOf(resourceTypes, resourceType),
    resourceName,
    patternType: wordOf(patternTypes, patternType),
    principal,
    host,
    operation: wordOf(aclOperations, operation),
    permission: wordOf(permissions, permissionType),
  };
}

function errorOf(
  answer: { readonly errorCode: number; readonly errorMessage: string | null } | undefined,
  what: string,
): Error | undefined {
  if (answer === undefined) return new KafkaError(`${what}: the broker's answer does not mention it`);
  return answer.errorCode === 0 ? undefined : brokerError(answer.errorCode, what, { detail: answer.errorMessage });
}
