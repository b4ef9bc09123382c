import type { MetadataResponse } from '../protocol/apis/metadata.ts';
import type { Decoded } from '../protocol/api.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { zeroUuid } from '../protocol/writer.ts';
import type { BrokerAddress } from '../transport.ts';

export interface BrokerNode extends BrokerAddress {
  readonly id: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** The broker that leads it; undefined while there is none. */
  readonly leader: number | undefined;
  /** -1 where the broker is too old to tell. */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  /** undefined where the broker is too old to tell (before 2.8). */
  readonly topicId: string | undefined;
  readonly isInternal: boolean;
  /** By partition number. */
  readonly partitions: ReadonlyMap<number, PartitionMetadata>;
}

/** What is known of a cluster. Old news never replaces newer: a partition's leader epoch only rises (KIP-320). */
export class MetadataCache {
  clusterId: string | null = null;
  controllerId: number | undefined;
  brokers: ReadonlyMap<number, BrokerNode> = new Map();
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #names = new Map<string, string>();

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name);
  }

  topicById(topicId: string): TopicMetadata | undefined {
    const name = this.#names.get(topicId);
    return name === undefined ? undefined : this.#topics.get(name);
  }

  /** The topics that are known. */
  get topicNames(): string[] {
    return [...this.#topics.keys()];
  }

  /** Takes in the brokers of a response. */
  updateBrokers(response: Decoded<MetadataResponse>): void {
    this.clusterId = response.clusterId ?? this.clusterId;
    this.controllerId = response.controllerId >= 0 ? response.controllerId : undefined;
    this.brokers = new Map(
      response.brokers
        .map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }))
        .filter(isUsable)
        .map((node) => [node.id, node]),
    );
  }

  /** Takes in the topics of a response. One with an error is left as it was known, but one that does not exist is forgotten. */
  updateTopics(topics: Decoded<MetadataResponse>['topics']): void {
    for (const topic of topics) {
      if (topic.name === null) continue;
      if (topic.errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) this.forget(topic.name);
      else if (topic.errorCode === 0) this.#put(topic.name, topic);
    }
  }

  forget(name: string): void {
    const known = this.#topics.get(name);
    if (known?.topicId !== undefined) this.#names.delete(known.topicId);
    this.#topics.delete(name);
  }

  /** A response named the new leader (KIP-951). */
  updateLeader(name: string, partition: number, leader: number, leaderEpoch: number, node?: BrokerNode): void {
    const topic = this.#topics.get(name);
    const known = topic?.partitions.get(partition);
    if (topic === undefined || known === undefined || leaderEpoch <= known.leaderEpoch || leader < 0) return;
    if (node !== undefined && isUsable(node)) this.brokers = new Map(this.brokers).set(node.id, node);
    if (!this.brokers.has(leader)) return;
    const partitions = new Map(topic.partitions).set(partition, { ...known, leader, leaderEpoch });
    this.#topics.set(name, { ...topic, partitions });
  }

  /** A broker that something else than metadata named. */
  addBroker(node: BrokerNode): void {
    if (!this.brokers.has(node.id) && isUsable(node)) this.brokers = new Map(this.brokers).set(node.id, node);
  }

  #put(name: string, topic: Decoded<MetadataResponse>['topics'][number]): void {
    const topicId = topic.topicId === zeroUuid ? undefined : topic.topicId;
    let known = this.#topics.get(name);
    if (known !== undefined && known.topicId !== topicId) {
      // Made anew under the same name: its epochs begin again.
      this.forget(name);
      known = undefined;
    }
    const partitions = new Map<number, PartitionMetadata>();
    for (const p of topic.partitions) {
      const before = known?.partitions.get(p.partitionIndex);
      const stale = before !== undefined && p.leaderEpoch >= 0 && p.leaderEpoch < before.leaderEpoch;
      partitions.set(p.partitionIndex, stale ? before : partitionOf(p));
    }
    // A response that leaves out a partition is a broker that has not heard of it yet: partitions are never taken away.
    for (const [partition, before] of known?.partitions ?? []) if (!partitions.has(partition)) partitions.set(partition, before);
    this.#topics.set(name, { name, topicId, isInternal: topic.isInternal, partitions });
    if (topicId !== undefined) this.#names.set(topicId, name);
  }
}

function partitionOf(p: Decoded<MetadataResponse>['topics'][number]['partitions'][number]): PartitionMetadata {
  return {
    partition: p.partitionIndex,
    leader: p.leaderId >= 0 ? p.leaderId : undefined,
    leaderEpoch: p.leaderEpoch,
    replicas: p.replicaNodes,
    isr: p.isrNodes,
    offlineReplicas: p.offlineReplicas,
  };
}

/** An address that can be dialled: brokers' words are not trusted (a control character would reach a terminal). */
function isUsable({ id, host, port }: BrokerNode): boolean {
  return id >= 0 && port > 0 && port < 65536 && host.length > 0 && host.length <= 255 && !/[\u0000-\u0020\u007f-\u009f]/.test(host);
}
