import { type Cluster, localStarts } from '@tskafka/core/internal';
import type { Asked } from './fetch-request.ts';
import type { PartitionQueue } from './partition-queue.ts';

export interface PassHolesOptions {
  readonly cluster: Cluster;
  /** Leaves a partition alone for a while. */
  readonly later: (partition: PartitionQueue) => void;
  /** There may be an end to tell, and partitions to fetch. */
  readonly ready: () => void;
  readonly signal: AbortSignal;
}

/** Whether a reader stands before the end that was set for it, and records are readable up to there. */
function isBeforeItsEnd({ position, until, readableEnd }: PartitionQueue): boolean {
  return position.next < until && readableEnd >= until && position.next === position.toFetch;
}

/**
 * An answer without a record for anybody says of `silent` partitions that none is left up to the end: a broker that has one sends it, whatever
 * the limits. Compaction can leave such a hole, and a reader that wants to end there would wait for ever.
 *
 * Only of what is in remote storage (KIP-405) nothing may come because it takes its time, and then nothing of the others in the request
 * either. So they are all asked after first.
 */
export async function passHoles(
  silent: readonly Asked[],
  asked: readonly Asked[],
  { cluster, later, ready, signal }: PassHolesOptions,
): Promise<void> {
  const ending = silent.filter(({ queue, moves }) => queue.position.moves === moves && isBeforeItsEnd(queue));
  if (ending.length === 0) return;
  for (const { queue } of ending) queue.isBusy = true;
  let isThere = false;
  try {
    const starts = await localStarts(
      cluster,
      asked.map(({ queue: { topic, partition } }) => ({ topic, partition })),
      { signal },
    );
    isThere = asked.every(({ offset }, i) => starts[i]! <= offset);
  } catch (error) {
    if (!signal.aborted) cluster.options.logger.warn({ error }, 'could not find out whether records are left before the end');
  }
  if (signal.aborted) return;
  for (const { queue, moves } of ending) {
    queue.isBusy = false;
    if (queue.position.moves !== moves) continue;
    if (isThere) queue.position.moveTo(queue.until);
    else later(queue);
  }
  ready();
}
