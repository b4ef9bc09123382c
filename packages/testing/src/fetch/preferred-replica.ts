/** A replica that a consumer might read from. */
export interface ReplicaView {
  readonly id: number;
  readonly rack: string | undefined;
  readonly endOffset: number;
}

/** The setting of `replica.selector.class` with which a leader sends consumers to a replica of their rack (KIP-392). */
export const rackAwareSelector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/**
 * The follower that a consumer of this rack should read from: the one of its rack that has most, and of equals the one with the highest id.
 * undefined: the leader, which is so too when it is in the rack itself.
 */
export function rackAwareReplica(rack: string, leader: ReplicaView, followersInSync: readonly ReplicaView[]): number | undefined {
  if (rack === '' || leader.rack === rack) return undefined;
  const [best] = followersInSync.filter((follower) => follower.rack === rack).sort((a, b) => b.endOffset - a.endOffset || b.id - a.id);
  return best?.id;
}
