/** Which brokers hold a new topic's partitions. */

export interface PlacementBroker {
  readonly id: number;
  readonly rack?: string | undefined;
}

/**
 * The replicas of each partition, the preferred leader first. Leaders go round over the brokers, and the replicas of a partition
 * over the racks before a rack has two of them.
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitions: number,
  replicationFactor: number,
  firstPartition = 0,
): number[][] {
  const ring = alternatingRacks(brokers);
  return Array.from({ length: partitions }, (_, i) => {
    const turn = firstPartition + i;
    const leader = turn % ring.length;
    const followers = ring.slice(leader + 1).concat(ring.slice(0, leader));
    // Each round of leaders begins its followers one further, so that not always the same broker follows another.
    const shift = followers.length === 0 || hasRacks(ring) ? 0 : Math.floor(turn / ring.length) % followers.length;
    const rotated = followers.slice(shift).concat(followers.slice(0, shift));
    return [ring[leader]!, ...rotated].slice(0, replicationFactor).map(({ id }) => id);
  });
}

function hasRacks(brokers: readonly PlacementBroker[]): boolean {
  return brokers.some(({ rack }) => rack !== undefined);
}

/** One broker of each rack, then the second of each, and so on. */
function alternatingRacks(brokers: readonly PlacementBroker[]): PlacementBroker[] {
  const racks = new Map<string | undefined, PlacementBroker[]>();
  for (const broker of [...brokers].sort((a, b) => a.id - b.id)) {
    const rack = racks.get(broker.rack);
    if (rack) rack.push(broker);
    else racks.set(broker.rack, [broker]);
  }
  const ring: PlacementBroker[] = [];
  for (let round = 0; ring.length < brokers.length; round++) {
    for (const rack of racks.values()) {
      const broker = rack[round];
      if (broker) ring.push(broker);
    }
  }
  return ring;
}
