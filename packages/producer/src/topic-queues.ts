import type { MessageToSend } from '@tskafka/core';
import type { PartitionMetadata, TopicMetadata } from '@tskafka/core/internal';
import type { HeaderToWrite } from '@tskafka/core/protocol';
import type { BufferRoom } from './buffer-room.ts';
import { leastLoaded } from './least-loaded.ts';
import { type Settler, timestampOf } from './message.ts';
import {
  checkChoice,
  messageToPlace,
  murmur2Partitioner,
  partitionOfKey,
  type Partitioner,
  type PartitionToChoose,
} from './partitioner.ts';
import { PartitionQueue, type QueueOptions } from './partition-queue.ts';

export interface TopicOptions extends QueueOptions {
  readonly partitioner: Partitioner;
  readonly room: BufferRoom;
  /** Whether the last attempt to connect to a broker failed. */
  readonly isUnreachable: (broker: number) => boolean;
}

/** So many bytes without a key go to one partition before another is chosen, as in Java (KIP-794). */
const stickyBytes = 16 * 1024;

/** One topic: which of its partitions takes a message, and the queues of all of them. */
export class TopicQueues {
  readonly name: string;
  readonly #options: TopicOptions;
  readonly #queues: PartitionQueue[] = [];
  #metadata: TopicMetadata | undefined;
  #choices: PartitionToChoose[] | undefined;
  #sticky = -1;
  #stickyLeft = 0;

  constructor(name: string, options: TopicOptions) {
    this.name = name;
    this.#options = options;
  }

  get queues(): readonly PartitionQueue[] {
    return this.#queues;
  }

  get partitionCount(): number {
    return this.#metadata?.partitions.size ?? 0;
  }

  /** Takes in what is known of the topic now. */
  follow(metadata: TopicMetadata): void {
    if (metadata === this.#metadata) return;
    this.#metadata = metadata;
    this.#choices = undefined;
    for (let partition = this.#queues.length; partition < metadata.partitions.size; partition++) {
      this.#queues.push(new PartitionQueue(this.name, partition, this.#options));
    }
  }

  /** Appends the message to the queue of its partition. Throws where the message cannot be written. */
  append(message: MessageToSend, headers: readonly HeaderToWrite[], settler: Settler | undefined): void {
    const { clock, room } = this.#options;
    const { key = null, value, timestamp } = message;
    const chosen = this.#choose(message, headers);
    const queue = this.#queues[chosen ?? this.#stickyPartition()]!;
    const bytes = queue.append(key, value, headers, timestampOf(timestamp, clock), settler);
    room.take(bytes);
    if (chosen === undefined) this.#stickyLeft -= bytes;
  }

  #choose(message: MessageToSend, headers: readonly HeaderToWrite[]): number | undefined {
    const { partitioner } = this.#options;
    const count = this.partitionCount;
    if (message.partition !== undefined) return checkChoice(this.name, message.partition, count);
    if (partitioner === murmur2Partitioner) {
      return message.key === null || message.key === undefined ? undefined : partitionOfKey(message.key, count);
    }
    this.#choices ??= [...this.#metadata!.partitions.values()].map(choiceOf).sort((a, b) => a.partitionId - b.partitionId);
    const chosen = partitioner({ topic: this.name, partitionMetadata: this.#choices, message: messageToPlace(message, headers) });
    return chosen === undefined ? undefined : checkChoice(this.name, chosen, count);
  }

  #stickyPartition(): number {
    const { partitions } = this.#metadata!;
    if (this.#stickyLeft <= 0 || this.#sticky >= partitions.size) {
      // One whose leader is missing or out of reach would only wait; where that is so of all, all are as good.
      const { isUnreachable, random } = this.#options;
      const ready = [...partitions.values()].filter(({ leader }) => leader !== undefined && !isUnreachable(leader));
      const from = ready.length > 0 ? ready : [...partitions.values()];
      const loads = from.map(({ partition }) => Math.floor(this.#queues[partition]!.backlogBytes / stickyBytes));
      this.#sticky = from[leastLoaded(loads, random())]!.partition;
      this.#stickyLeft = stickyBytes;
    }
    return this.#sticky;
  }
}

function choiceOf({ partition, leader = -1, replicas, isr, offlineReplicas }: PartitionMetadata): PartitionToChoose {
  return {
    partitionId: partition,
    leader,
    replicas: [...replicas],
    isr: [...isr],
    offlineReplicas: [...offlineReplicas],
    partitionErrorCode: 0,
  };
}
