import type { AclFilter, AclOperation, AclResourceType } from '@tskafka/core';
import { UsageError } from '../frame/failure.ts';
import { type Resource, type Roles, roleRules, theCluster } from './role-rules.ts';

/** What a rule is about, as the options name it. */
interface ResourceFlags {
  readonly topic?: readonly string[];
  readonly group?: readonly string[];
  readonly transactionalId?: readonly string[];
  readonly cluster?: boolean;
  readonly prefixed?: boolean;
}

/** Which rules are meant. */
export interface FilterFlags extends ResourceFlags {
  readonly principal?: string;
  readonly host?: string;
  readonly operation?: readonly AclOperation[];
}

/** Rules one by one, or those of roles. */
export interface RuleFlags extends FilterFlags, Roles {
  readonly deny?: boolean;
}

/** What a rule is about, and what of it may be done, or may not. */
export interface Rule extends Resource {
  readonly operation: AclOperation;
  readonly patternType: 'literal' | 'prefixed';
}

/** What can be allowed or forbidden, as `--operation` takes it. */
export const operations: readonly AclOperation[] = [
  ...(['all', 'read', 'write', 'create', 'delete', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs'] as const),
  ...(['idempotentWrite', 'createTokens', 'describeTokens', 'twoPhaseCommit'] as const),
];

/** What the rules to be made are about: what roles need, or each operation of each resource that was named. */
export function rulesOf(flags: RuleFlags): Rule[] {
  const { operation, prefixed = false } = flags;
  const withPattern = (rule: Omit<Rule, 'patternType'>): Rule => ({
    ...rule,
    patternType: prefixed && rule.resourceType !== 'cluster' ? 'prefixed' : 'literal',
  });
  if (hasRole(flags)) return roleRules(flags, ofRoles(flags)).map(withPattern);
  if (operation === undefined)
    throw new UsageError('the operation is missing', `--producer, --consumer, or --operation ${operations.join('|')}`);
  const resources = resourcesOf(flags);
  if (resources.length === 0) throw new UsageError('the resource is missing', '--topic, --group, --transactional-id or --cluster');
  return resources.flatMap((resource) => operation.map((one) => withPattern({ ...resource, operation: one })));
}

/**
 * One filter for each pair of a resource and an operation that was named. With roles: for each rule that `rulesOf` makes for them, so that what was
 * allowed so is taken away so.
 */
export function filtersOf(flags: RuleFlags): AclFilter[] {
  const { principal, host, operation, prefixed } = flags;
  const common = { ...(principal && { principal }), ...(host && { host }) };
  if (hasRole(flags)) return rulesOf(flags).map((rule) => ({ ...common, ...rule, permission: 'allow' }));
  const named = { ...common, ...(prefixed && { patternType: 'prefixed' as const }) };
  const resources: AclFilter[] = resourcesOf(flags);
  return (resources.length === 0 ? [{}] : resources).flatMap((resource) =>
    (operation ?? [undefined]).map((one) => ({ ...named, ...resource, ...(one && { operation: one }) })),
  );
}

function hasRole({ producer, consumer, idempotent }: Roles): boolean {
  if (idempotent && !producer) throw new UsageError('--idempotent is about producers', 'add --producer');
  return producer === true || consumer === true;
}

/** The resources that roles are about, where the options fit together. */
function ofRoles(flags: RuleFlags): Resource[] {
  const { producer, consumer, topic, group, transactionalId, cluster, operation, deny } = flags;
  const role = producer ? '--producer' : '--consumer';
  if (operation !== undefined) throw new UsageError(`${role} says what may be done`, 'leave out --operation');
  if (deny) throw new UsageError(`${role} is what somebody needs, and --deny forbids`, '--deny with --operation');
  if (topic === undefined) throw new UsageError(`${role} of which topic?`, '--topic NAME');
  if (consumer && group === undefined) throw new UsageError('--consumer in which group?', '--group NAME');
  if (cluster || (!producer && transactionalId) || (!consumer && group))
    throw new UsageError(`${role} needs no rule about that`, consumer ? '--topic and --group' : '--topic and --transactional-id');
  return resourcesOf(flags);
}

function resourcesOf({ topic, group, transactionalId, cluster }: ResourceFlags): Resource[] {
  const named = (resourceType: AclResourceType, names: readonly string[] = []) =>
    [...new Set(names)].map((resourceName) => ({ resourceType, resourceName }));
  return [
    ...named('topic', topic),
    ...named('group', group),
    ...named('transactionalId', transactionalId),
    ...(cluster ? [theCluster] : []),
  ];
}
