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
  /** Has the controller take followers out of those in sync. */
  shrink(partition: PartitionState, isr: readonly number[]): void;
}

/** Holds followers of these partitions where they are, until it is stopped: then they catch up, and are in sync again. */
export function holdReplication(partitions: readonly PartitionState[], hold: ReplicationHold, environment: HoldEnvironment): Stoppable {
  const { what = 'records' } = hold;
  const ends = partitions.map((partition) => {
    const held = (hold.followers ?? partition.replicas).filter((id) => id !== partition.leader && partition.replicas.includes(id));
    for (const follower of held) partition.holdReplica(follower, what);
    const endWatch = what === 'records' ? watchLag(partition, held, environment) : () => {};
    return () => {
      endWatch();
      for (const follower of held) partition.releaseReplica(follower, environment.isAlive);
    };
  });
  return stoppable(() => {
    for (const end of ends.splice(0)) end();
  });
}

/** Takes followers out of those in sync once they have lagged for too long, all at once. No timer runs while they have everything. */
function watchLag(partition: PartitionState, followers: readonly number[], { clock, lagMs, shrink }: HoldEnvironment): () => void {
  let timer: { cancel(): void } | undefined;
  const lags = (follower: number): boolean => partition.replica(follower).endOffset < partition.log.endOffset;
  const unwatch = partition.log.watch(() => {
    if (timer !== undefined || !followers.some(lags)) return;
    timer = clock.setTimeout(
      () => {
        timer = undefined;
        const stay = partition.isr.filter((id) => !followers.includes(id) || !lags(id));
        if (stay.length < partition.isr.length) shrink(partition, stay);
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
