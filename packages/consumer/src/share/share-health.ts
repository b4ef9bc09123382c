import type { TopicPartition } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import type { ShareFetcher } from './share-fetcher.ts';
import type { ShareMember } from './share-member.ts';
import { keyOf } from './share-partition.ts';

/**
 * What a partition does or waits for. `reading`: records are being fetched. `idle`: nobody is asking for messages, or some are ready.
 * `no leader`: it has no leader, as far as is known. `failing`: the last request to its leader failed, and is retried.
 */
export type SharePartitionState = 'reading' | 'idle' | 'no leader' | 'failing';

/** The state of a partition, as far as this consumer knows without asking a broker. */
export interface SharePartitionHealth extends TopicPartition {
  readonly state: SharePartitionState;
  /** How many messages are locked for this consumer, waiting to be read or acknowledged. */
  readonly locked: number;
  /** Only in the state `failing`. */
  readonly error?: Error;
}

/** How a share consumer fares. */
export interface ShareHealth {
  /** False while it is no member of its group, and when a partition is failing or has no leader. */
  readonly isHealthy: boolean;
  readonly isMember: boolean;
  readonly partitions: readonly SharePartitionHealth[];
}

export function shareHealth(cluster: Cluster, member: ShareMember, fetcher: ShareFetcher): ShareHealth {
  const leaders = new Map([...fetcher.leaders].map((leader) => [leader.brokerId, leader]));
  const partitions = fetcher.assigned.map((of): SharePartitionHealth => {
    const { topic, partition, topicId } = of;
    const id = cluster.metadata.topicById(topicId)?.partitions.get(partition)?.leader;
    const leader = id === undefined ? undefined : leaders.get(id);
    const locked = [...(leader?.records.deliveries ?? [])].filter((delivery) => keyOf(delivery.partition) === keyOf(of)).length;
    if (id === undefined) return { topic, partition, state: 'no leader', locked };
    if (leader?.lastError !== undefined) return { topic, partition, state: 'failing', locked, error: leader.lastError };
    return { topic, partition, state: leader?.isFetching === true ? 'reading' : 'idle', locked };
  });
  const isMember = member.epoch > 0;
  return { isHealthy: isMember && partitions.every(({ state }) => state === 'reading' || state === 'idle'), isMember, partitions };
}

const explanations: Record<SharePartitionState, string> = {
  reading: 'waiting for the answer of the broker',
  idle: 'nobody is asking for messages, or some are ready',
  'no leader': 'no broker leads it, refreshing the metadata',
  failing: 'retrying after: ',
};

/** A line for each partition. */
export function explainShare({ isMember, partitions }: ShareHealth): string {
  const membership = isMember
    ? partitions.length > 0
      ? 'a member of its group'
      : 'a member of its group, without partitions so far'
    : 'not a member of its group now, joining again';
  const lines = partitions.map(
    ({ topic, partition, state, locked, error }) =>
      `'${topic}' partition ${partition}, ${locked} locked: ${state}; ${explanations[state]}${error?.message ?? ''}`,
  );
  return [`the consumer is ${membership}`, ...lines].join('\n');
}
