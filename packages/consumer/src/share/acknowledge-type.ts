import { shown } from '@tskafka/core/internal';

/**
 * What happens to a message. `accept`: it is done. `release`: it is delivered again, here or elsewhere. `reject`: it cannot be handled, and
 * nobody gets it again. `renew`: this consumer keeps it, and its lock starts over (KIP-1222).
 */
export type AcknowledgeType = 'accept' | 'release' | 'reject' | 'renew';

/** Kafka's numbers. A gap is an offset that was acquired and has no record. */
export const acknowledgeCodes = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const satisfies Record<
  AcknowledgeType | 'gap',
  number
>;

export function checkAcknowledgeType(type: unknown): asserts type is AcknowledgeType {
  if (type === 'accept' || type === 'release' || type === 'reject' || type === 'renew') return;
  throw new TypeError(`a message can be acknowledged with 'accept', 'release', 'reject' or 'renew', not with ${shown(type)}`);
}
