import type { ClusterState } from '../cluster-state.ts';
import { shareLag } from '../share/share-lag.ts';

/** How far a group is behind the end of a partition. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read that the group has committed, or the start of what a share group has in hand; undefined when there is none. */
  readonly committed: number | undefined;
  readonly endOffset: number;
  /** How many offsets lie between the two, less those that a share group is done with; without a commit, how many the partition has. */
  readonly lag: number;
}

/** How far a group is behind, for each partition that it has committed, and of each topic that its members are subscribed to. */
export function lagOf(groupId: string, subscribed: ReadonlySet<string>, state: ClusterState): PartitionLag[] {
  return [...state.topics.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, id, partitions }) =>
      partitions.flatMap(({ index, log }): PartitionLag[] => {
        const { highWatermark: endOffset, startOffset } = log;
        const shared = state.shareStates.get(groupId, id, index);
        const committed = shared === undefined ? state.groups.get(groupId)?.offsets.get(name, index)?.offset : begun(shared.startOffset);
        if (committed === undefined && !subscribed.has(name)) return [];
        const lag = (shared && shareLag(shared, endOffset)) ?? Math.max(0, endOffset - (committed ?? startOffset));
        return [{ topic: name, partition: index, committed, endOffset, lag }];
      }),
    );
}

const begun = (startOffset: number): number | undefined => (startOffset === -1 ? undefined : startOffset);
