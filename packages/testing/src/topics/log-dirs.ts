import type { ClusterState } from '../cluster-state.ts';
import { listOf } from '../configs/config-values.ts';
import type { PartitionState } from './topic.ts';

/** The folder of a broker whose `log.dirs` nobody set. */
const defaultLogDir = '/mock';

/** Where a broker keeps a partition. */
export interface ReplicaDirs {
  readonly current: string;
  /** Where it is being moved to. */
  readonly future?: string | undefined;
}

/** The folders of a broker, as its `log.dirs` names them. */
export function logDirsOf(state: ClusterState, brokerId: number): string[] {
  return listOf(state.configs.of(brokerId).value('log.dirs') ?? defaultLogDir);
}

/** The folders that take no new replicas (KIP-1066). */
export function cordonedLogDirsOf(state: ClusterState, brokerId: number): string[] {
  const cordoned = listOf(state.configs.of(brokerId).value('cordoned.log.dirs') ?? '');
  return cordoned.includes('*') ? logDirsOf(state, brokerId) : cordoned;
}

/** The partitions that a broker holds. */
export function partitionsOn(state: ClusterState, brokerId: number): PartitionState[] {
  return [...state.topics.values()].flatMap(({ partitions }) => partitions.filter(({ replicas }) => replicas.includes(brokerId)));
}

/** Where a broker keeps one of its partitions. */
export function dirsOf(partition: PartitionState, brokerId: number, state: ClusterState): ReplicaDirs {
  if (!partition.dirs.has(brokerId)) placeNew(state, brokerId);
  return partition.dirs.get(brokerId)!;
}

/** Gives each new partition of a broker the folder with the fewest, in the order in which they were made. */
function placeNew(state: ClusterState, brokerId: number): void {
  const all = logDirsOf(state, brokerId);
  const cordoned = cordonedLogDirsOf(state, brokerId);
  const open = all.filter((dir) => !cordoned.includes(dir));
  const counts = new Map((open.length > 0 ? open : all).map((dir) => [dir, 0]));
  const held = partitionsOn(state, brokerId);
  const count = (dir: string | undefined): void => {
    if (dir !== undefined && counts.has(dir)) counts.set(dir, counts.get(dir)! + 1);
  };
  for (const { dirs } of held) count(dirs.get(brokerId)?.current);
  for (const { dirs } of held) {
    if (dirs.has(brokerId)) continue;
    const [current] = [...counts].reduce((fewest, next) => (next[1] < fewest[1] ? next : fewest));
    dirs.set(brokerId, { current });
    count(current);
  }
}

/** Moves a broker's copy of a partition to another of its folders; a move that was under way to a third ends. */
export function moveToDir(partition: PartitionState, brokerId: number, dir: string, state: ClusterState): void {
  const { current } = dirsOf(partition, brokerId, state);
  partition.dirs.set(brokerId, dir === current ? { current } : { current, future: dir });
  state.advanceReassignments();
}
