/** The operations that are allowed, as bits of Kafka's AclOperation: without an authorizer, whatever the kind of resource has. */

const operation = {
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
} as const;

function bits(...operations: readonly (keyof typeof operation)[]): number {
  return operations.reduce((field, name) => field | (1 << operation[name]), 0);
}

export const allowed = {
  cluster: bits('create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'),
  topic: bits('read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'),
  group: bits('read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'),
} as const;

/** Says that nobody asked. */
export const notAsked = -0x80000000;
