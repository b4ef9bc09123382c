import { type Clock, errorCodes } from '@tskafka/core/protocol';
import type { PartitionState } from '../topics/topic.ts';

/** A write that asks for all replicas. */
export interface AwaitedWrite {
  readonly partition: PartitionState;
  /** What must be committed. */
  readonly requiredOffset: number;
}

export interface ReplicaWait {
  readonly brokerId: number;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Calls back when there is nobody left to answer. */
  onClose(callback: () => void): () => void;
}

/** What a producer is told of the write now; undefined while it must wait. */
export function replicationOutcome({ partition, requiredOffset }: AwaitedWrite, brokerId: number): number | undefined {
  if (partition.deleted) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (partition.leader !== brokerId) return errorCodes.NOT_LEADER_OR_FOLLOWER;
  if (partition.log.highWatermark < requiredOffset) return undefined;
  return partition.isr.length < partition.minInSync ? errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND : errorCodes.NONE;
}

/**
 * The error codes of the writes, once the fate of each is known or the time is over: what is not committed then is REQUEST_TIMED_OUT.
 * At once, and without a promise, where nobody has to wait.
 */
export function awaitReplicas(writes: readonly AwaitedWrite[], wait: ReplicaWait): number[] | Promise<number[]> {
  const outcomes: (number | undefined)[] = writes.map(() => undefined);
  const look = (): boolean => {
    for (const [i, write] of writes.entries()) outcomes[i] ??= replicationOutcome(write, wait.brokerId);
    return !outcomes.includes(undefined);
  };
  const result = (): number[] => outcomes.map((code) => code ?? errorCodes.REQUEST_TIMED_OUT);
  if (look()) return result();
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      forgetConnection();
      for (const unwatch of watched) unwatch();
      resolve(result());
    };
    const watched = writes.map(({ partition }) =>
      partition.log.watch(() => {
        if (look()) finish();
      }),
    );
    const timer = wait.clock.setTimeout(finish, wait.timeoutMs);
    const forgetConnection = wait.onClose(finish);
  });
}
