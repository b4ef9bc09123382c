import type { ClusterState } from '../../cluster-state.ts';

/** Tells whether anything about these topics has changed that an assignment depends on: which are there, their partitions and racks. */
export function topicFingerprint(names: Iterable<string>, { topics, brokers }: ClusterState): string {
  const known = [...names].sort().flatMap((name) => topics.get(name) ?? []);
  return known
    .map(({ id, partitions }) => {
      const racks = partitions.map(({ replicas }) => replicas.map((replica) => brokers.get(replica)?.rack ?? '').sort());
      return JSON.stringify([id, racks]);
    })
    .join();
}
