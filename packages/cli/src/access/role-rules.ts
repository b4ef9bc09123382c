import type { AclOperation, AclResourceType } from '@tskafka/core';

/** What somebody does with topics, for whom a set of rules stands ready. */
export interface Roles {
  readonly producer?: boolean;
  readonly consumer?: boolean;
  /** Of a producer that has no transactional id; brokers before 2.8 ask for it. */
  readonly idempotent?: boolean;
}

export interface Resource {
  readonly resourceType: AclResourceType;
  readonly resourceName: string;
}

/** The only resource of its type. */
export const theCluster: Resource = { resourceType: 'cluster', resourceName: 'kafka-cluster' };

const ofProducer: Partial<Record<AclResourceType, readonly AclOperation[]>> = {
  topic: ['write', 'describe', 'create'],
  transactionalId: ['write', 'describe'],
};
const ofConsumer: Partial<Record<AclResourceType, readonly AclOperation[]>> = { topic: ['read', 'describe'], group: ['read'] };

/** What roles need of these resources, each pair once, as kafka-acls.sh has it. */
export function roleRules(
  { producer = false, consumer = false, idempotent = false }: Roles,
  resources: readonly Resource[],
): (Resource & { readonly operation: AclOperation })[] {
  const rules = resources.flatMap((resource) => {
    const operations = new Set<AclOperation>([
      ...((producer && ofProducer[resource.resourceType]) || []),
      ...((consumer && ofConsumer[resource.resourceType]) || []),
    ]);
    return [...operations].map((operation) => ({ ...resource, operation }));
  });
  return idempotent ? [...rules, { ...theCluster, operation: 'idempotentWrite' }] : rules;
}
