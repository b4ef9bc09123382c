import type { ClusterState } from './cluster-state.ts';
import { readVisibleRecords } from './log/read-records.ts';
import { type RecordView, viewOf } from './matching/record-view.ts';

/** Everything in a cluster, without what differs from run to run: ids, times, leaders and ports. */
export interface ClusterSnapshot {
  /** The records of each topic, partition by partition. Internal topics are left out. */
  readonly topics: Readonly<Record<string, readonly (readonly SnapshotRecord[])[]>>;
  /** The next offset that each group has committed, by `topic-partition`. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A record without its time, with headers if it has any. */
export type SnapshotRecord = Pick<RecordView, 'offset' | 'key' | 'value'> & Partial<Pick<RecordView, 'headers'>>;

export function snapshotOf(state: ClusterState): ClusterSnapshot {
  const topics = [...state.topics.values()].filter(({ internal }) => !internal).sort(byName);
  const groups = [...state.groups.values()].map((group) => ({ name: group.id, group })).sort(byName);
  return {
    topics: Object.fromEntries(
      topics.map(({ name, partitions }) => [
        name,
        partitions.map(({ index, log }) =>
          readVisibleRecords(log).map((record) => snapshotRecord(viewOf({ partition: index, ...record }))),
        ),
      ]),
    ),
    groups: Object.fromEntries(groups.map(({ name, group }) => [name, commitsOf(group.offsets.topics)])),
  };
}

function snapshotRecord({ offset, key, value, headers }: RecordView): SnapshotRecord {
  return { offset, key, value, ...(Object.keys(headers).length > 0 && { headers }) };
}

function commitsOf(topics: Iterable<readonly [string, ReadonlyMap<number, { readonly offset: number }>]>): Record<string, number> {
  const commits = [...topics].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, { offset }]) => ({ name: `${topic}-${partition}`, offset })),
  );
  return Object.fromEntries(commits.sort(byName).map(({ name, offset }) => [name, offset]));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
