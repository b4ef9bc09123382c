import type { Clock } from '@tskafka/core/protocol';
import { type Stoppable, stoppable } from '../stoppable.ts';
import type { PartitionState } from './topic.ts';

/** Whom a test keeps from following, and how. */
export interface ReplicationHold {
  /** Default: all. */
  readonly partition?: number;
  /** Broker ids. Default: all that do not lead. */
  readonly followers?: readonly number[];
  /**
   * `records`: they get no records, so that nothing more is committed while they count as in sync. `highWatermark`: they get the records, but
   * do not learn that these are committed. Default `records`.
   */
  readonly what?: 'records' | 'highWatermark';
}

export interface HoldEnvironment {
  readonly clock: Clock;
  /** Milliseconds after which a follower that lags is no longer in sync (`replica.lag.time.max.ms`). */
  readonly lagMs: number;
  isAlive(brokerId: number): boolean;
}

/** Holds followers of these partitions where they are, until it is stopped: then they catch up, and are in sync again. */
export function holdReplication(partitions: readonly PartitionState[], hold: ReplicationHold, environment: HoldEnvironment): Stoppable {
  const { what = 'records' } = hold;
  const ends = partitions.flatMap((partition) =>
    (hold.followers ?? partition.replicas).flatMap((follower) => {
      if (follower === partition.leader || !partition.replicas.includes(follower)) return [];
      partition.holdReplica(follower, what);
      const endWatch = what === 'records' ? watchLag(partition, follower, environment) : () => {};
      return () => {
        endWatch();
        partition.releaseReplica(follower, environment.isAlive);
      };
    }),
  );
  return stoppable(() => {
    for (const end of ends.splice(0)) end();
  });
}

/** Takes a follower out of those in sync once it has lagged for too long. No timer runs while it has everything. */
function watchLag(partition: PartitionState, follower: number, { clock, lagMs }: HoldEnvironment): () => void {
  let timer: { cancel(): void } | undefined;
  const lags = (): boolean => partition.replica(follower).endOffset < partition.log.endOffset;
  const unwatch = partition.log.watch(() => {
    if (!lags()) return;
    timer ??= clock.setTimeout(
      () => {
        timer = undefined;
        if (lags() && partition.isr.includes(follower)) partition.isr = partition.isr.filter((id) => id !== follower);
      },
      lagMs,
      { background: true },
    );
  });
  return () => {
    unwatch();
    timer?.cancel();
  };
}
