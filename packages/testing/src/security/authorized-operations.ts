import { operation, type Operation, type ResourceType } from './acl.ts';

/** The operations that each kind of resource knows. */
export const supportedOperations: Readonly<Record<ResourceType, readonly Operation[]>> = {
  topic: ['read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'],
  group: ['read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'],
  cluster: ['create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'],
  transactionalId: ['describe', 'write', 'twoPhaseCommit'],
  delegationToken: ['describe'],
  user: ['createTokens', 'describeTokens'],
};

/** Operations as the bits of their numbers (KIP-430). */
export function operationBits(operations: readonly Operation[]): number {
  return operations.reduce((field, name) => field | (1 << operation[name]), 0);
}

/** Says that nobody asked. */
export const notAsked = -0x80000000;
