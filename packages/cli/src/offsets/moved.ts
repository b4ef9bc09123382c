import { Failure } from '../frame/failure.ts';
import type { TopicPartition } from '@tskafka/core';
import { partitionName } from '../topics/topic-partitions.ts';

/** A partition in which a group is not where a plan found it. */
export interface Moved extends TopicPartition {
  readonly planned: number | undefined;
  readonly now: number | undefined;
}

/** Where a group has moved since a plan was made. What a plan did not look at is not among them. */
export function movedSince(
  plan: readonly (TopicPartition & { readonly committed: number | undefined })[],
  committed: readonly (TopicPartition & { readonly offset: number })[],
): Moved[] {
  const now = new Map(committed.map((place) => [partitionName(place), place.offset]));
  return plan
    .map(({ topic, partition, committed: planned }) => ({ topic, partition, planned, now: now.get(partitionName({ topic, partition })) }))
    .filter(({ planned, now: offset }) => planned !== offset);
}

/** Why nothing is written: what the group has committed since would be lost. */
export function hasMoved(group: string, moved: readonly Moved[]): Failure {
  const text = (offset: number | undefined): string => (offset === undefined ? 'nothing' : String(offset));
  const shown = moved
    .slice(0, 3)
    .map(({ topic, partition, planned, now }) => `${topic}[${partition}] from ${text(planned)} to ${text(now)}`);
  const more = moved.length > 3 ? ` and ${moved.length - 3} more partitions` : '';
  return new Failure(`group ${group} has moved since the plan was made, so nothing was changed`, {
    code: 'OFFSETS_MOVED',
    cause: `${shown.join(', ')}${more}`,
    hint: 'make the plan again, or add --force to do it anyway',
  });
}
