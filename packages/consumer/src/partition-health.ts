import type { TopicPartition } from '@tskafka/core';
import { partitionName } from '@tskafka/core/internal';
import type { PartitionQueue } from './partition-queue.ts';

/**
 * What a partition does or waits for. `reading`: records are being fetched. `caught up`: everything has been read. `queued`: messages wait for
 * the program to ask for them. `handling`: handlers of run() are busy with it, or a loop over batches() holds a batch of it and others wait.
 * `paused`: by pause(). `done`: it has reached `until`. `throttled`: its broker makes this client wait, because of a quota. `failing`: the last
 * attempt to read it failed, and is retried.
 */
export type PartitionState = 'reading' | 'caught up' | 'queued' | 'handling' | 'paused' | 'done' | 'throttled' | 'failing';

/** The state of a partition, as far as this consumer knows without asking a broker. */
export interface PartitionHealth extends TopicPartition {
  readonly state: PartitionState;
  /** The offset of the next message. */
  readonly position: number;
  /** The number of offsets up to the end, from the last answer; undefined before the first. */
  readonly lag: number | undefined;
  /** How long a handler has been busy, in milliseconds; only in the state `handling`. */
  readonly handlingMs?: number;
  /** How long the broker still throttles, in milliseconds; only in the state `throttled`. */
  readonly throttledMs?: number;
  /** The last error; only in the state `failing`. */
  readonly error?: Error;
}

/** The state of a consumer. */
export interface ConsumerHealth {
  /** False if a partition is failing, a handler has been busy with one message for more than a minute, or there is a `problem`. */
  readonly isHealthy: boolean;
  /** Why nothing is read at all: the consumer has left its group, or the group refuses it. */
  readonly problem?: string;
  readonly partitions: readonly PartitionHealth[];
}

/** A handler that is busy for so long with one message may never end. */
const longMs = 60_000;

/** How each of these fares at the time `now`. */
export function healthOf(partitions: Iterable<PartitionQueue>, now: number, problem?: string): ConsumerHealth {
  const all = [...partitions].map((partition) => partitionHealth(partition, now));
  const isHealthy = all.every(({ state, handlingMs = 0 }) => state !== 'failing' && handlingMs < longMs);
  return problem === undefined ? { isHealthy, partitions: all } : { isHealthy: false, problem, partitions: all };
}

function partitionHealth(queue: PartitionQueue, now: number): PartitionHealth {
  const { topic, partition, position, readableEnd, lastError, handlingSince, throttledUntil } = queue;
  const state = stateOf(queue, now);
  return {
    ...{ topic, partition, state, position: position.next },
    lag: readableEnd < 0 ? undefined : Math.max(0, readableEnd - position.next),
    ...(state === 'handling' && handlingSince !== undefined ? { handlingMs: now - handlingSince } : {}),
    ...(state === 'throttled' ? { throttledMs: throttledUntil - now } : {}),
    ...(state === 'failing' ? { error: lastError! } : {}),
  };
}

/** The first that holds: what keeps a partition from going on hides what would keep it later. */
function stateOf(queue: PartitionQueue, now: number): PartitionState {
  if (queue.isDone) return 'done';
  if (queue.isPaused) return 'paused';
  if (queue.isFull || queue.isHeldUp) return 'handling';
  if (queue.lastError !== undefined) return 'failing';
  if (!queue.waiting.isEmpty || queue.parked.length > 0 || queue.position.toFetch > queue.position.next) return 'queued';
  if (queue.throttledUntil > now) return 'throttled';
  if (queue.readableEnd < 0 || queue.position.next < queue.readableEnd) return 'reading';
  return queue.handlingSince === undefined ? 'caught up' : 'handling';
}

const explanations: Record<PartitionState, (health: PartitionHealth) => string> = {
  reading: () => 'waiting for the answer of the broker',
  'caught up': () => 'everything has been read, waiting for new records',
  queued: () => 'messages are ready, waiting for the program to ask for them',
  handling: ({ handlingMs }) =>
    handlingMs === undefined
      ? 'a loop over batches() holds a batch of it; other readers wait until that loop asks for the next one'
      : `its handler has been busy for ${Math.round(handlingMs)} ms`,
  paused: () => 'paused by pause() until resume()',
  done: () => "its end, as set by 'until', is reached",
  throttled: ({ throttledMs }) => `the broker throttles this client for another ${Math.round(throttledMs!)} ms, because it exceeds a quota`,
  failing: ({ error }) => `retrying after: ${error!.message}`,
};

/** A line for each partition: where it stands, and why it does not go on if it does not. */
export function explanationOf({ partitions }: ConsumerHealth): string {
  return partitions
    .map((health) => {
      const lag = health.lag === undefined ? 'its end is not known yet' : `${health.lag} to go`;
      return `${partitionName(health)} at ${health.position}, ${lag}: ${health.state}; ${explanations[health.state](health)}`;
    })
    .join('\n');
}
