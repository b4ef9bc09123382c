import { errorCodes, isRetriable } from '@tskafka/core/protocol';
import type { Delivery } from './delivery.ts';
import type { SharePartition } from './share-partition.ts';

/** What a broker made of acknowledgements, of one partition. Renewals are none. */
export interface Outcome {
  readonly partition: SharePartition;
  readonly deliveries: readonly Delivery[];
  /** Undefined where they were taken. */
  readonly error: Error | undefined;
}

/** The records are somebody else's: who leads the partition now has never heard of this member's locks. */
const goneWithLeader: ReadonlySet<number> = new Set([
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.FENCED_LEADER_EPOCH,
  errorCodes.FENCED_STATE_EPOCH,
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.UNKNOWN_TOPIC_ID,
  errorCodes.INCONSISTENT_TOPIC_ID,
  errorCodes.GROUP_ID_NOT_FOUND,
]);

export function isGoneWithLeader(code: number): boolean {
  return goneWithLeader.has(code);
}

/** Whether the same acknowledgement may be taken when it is sent again. */
export function isWorthAnother(code: number): boolean {
  return (isRetriable(code) && !goneWithLeader.has(code)) || code === errorCodes.UNKNOWN_SERVER_ERROR;
}
