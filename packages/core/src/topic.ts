import { shown } from './check-options.ts';
import type { Cluster } from './cluster/cluster.ts';
import { clusterSymbol } from './cluster-symbol.ts';
import { type OffsetSpec, placeOf, timeOf } from './offsets/offset.ts';
import { resolveOffsets, type ResolveOptions } from './offsets/resolve.ts';

/** A partition of a topic, from the metadata of the cluster. */
export interface PartitionInfo {
  readonly id: number;
  /** The id of its leader; undefined while it has none. */
  readonly leader: number | undefined;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** A topic by its name. It costs nothing to hold, and never creates the topic. PyKafka: Topic. */
export class Topic {
  readonly name: string;
  /** For the packages that build on core. */
  readonly [clusterSymbol]: Cluster;

  constructor(name: string, cluster: Cluster) {
    if (typeof name !== 'string' || name === '') throw new TypeError(`a topic's name must be a non-empty string, not ${shown(name)}`);
    this.name = name;
    this[clusterSymbol] = cluster;
    Object.defineProperty(this, clusterSymbol, { enumerable: false });
  }

  /** Its partitions, sorted by number. Rejects with BrokerError UNKNOWN_TOPIC_OR_PARTITION if the topic does not exist. PyKafka: partitions. */
  async partitions(options: { readonly signal?: AbortSignal } = {}): Promise<PartitionInfo[]> {
    const { partitions } = await this[clusterSymbol].topic(this.name, options);
    return [...partitions.values()]
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, leader, replicas, isr }) => ({ id: partition, leader, replicas, isr }));
  }

  /** The first offset that each partition still holds, by partition. PyKafka: earliest_available_offsets. */
  earliestOffsets(options?: ResolveOptions): Promise<Map<number, number>> {
    return this.offsets('earliest', options);
  }

  /** The offset that the next record of each partition will get, by partition. PyKafka: latest_available_offsets. */
  latestOffsets(options?: ResolveOptions): Promise<Map<number, number>> {
    return this.offsets('latest', { isolation: 'read_uncommitted', ...options });
  }

  /** The offset of the first record of each partition at or after a time, or the end if there is none. PyKafka: fetch_offset_limits. */
  offsetsAt(time: Date | number, options?: ResolveOptions): Promise<Map<number, number>> {
    return this.offsets({ timestamp: timeOf(time) }, options);
  }

  /** Resolves any position in every partition to offsets, by partition. */
  async offsets(spec: OffsetSpec, options?: ResolveOptions): Promise<Map<number, number>> {
    const place = placeOf(spec);
    const { partitions } = await this[clusterSymbol].topic(this.name, { signal: options?.signal });
    const wanted = [...partitions.keys()].map((partition) => ({ topic: this.name, partition, place }));
    const resolved = await resolveOffsets(this[clusterSymbol], wanted, options);
    return new Map(resolved.map(({ partition, offset }) => [partition, offset]));
  }
}
