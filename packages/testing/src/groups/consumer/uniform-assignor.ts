import { assignHeterogeneous } from './uniform-heterogeneous.ts';
import { assignHomogeneous } from './uniform-homogeneous.ts';
import type { PartitionAssignor } from './partition-assignor.ts';

/** Spreads all partitions evenly, and moves as few as it can: Kafka's default. */
export const uniformAssignor: PartitionAssignor = {
  name: 'uniform',
  assign(group) {
    if (group.members.size === 0) return new Map();
    return group.homogeneous ? assignHomogeneous(group) : assignHeterogeneous(group);
  },
};
