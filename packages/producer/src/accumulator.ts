import type { MessageBytes, MessageToSend } from '@tskafka/core';
import { channels, type Cluster, type TopicMetadata } from '@tskafka/core/internal';
import type { HeaderToWrite } from '@tskafka/core/protocol';
import { BatchMemory } from './batch-memory.ts';
import type { BufferRoom } from './buffer-room.ts';
import { deliveryError } from './delivery-state.ts';
import {
  checkMessage,
  copyOf,
  headersOf,
  type MessageCopy,
  overheadPerMessage,
  type Settler,
  sizeOf,
  type TakeMessage,
} from './message.ts';
import type { ResolvedProducerOptions } from './options.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { SenderParts } from './deliveries.ts';
import type { Identities } from './identities.ts';
import type { DeliveryCounts } from './producer-stats.ts';
import { TopicQueues } from './topic-queues.ts';
import { Turns } from './turns.ts';

/** As many as Node.js has threads for it: a codec's memory, which can be more than a batch's, is taken when its turn comes. */
const compressedAtOnce = 4;

interface Waiting {
  readonly message: MessageCopy;
  readonly settler: Settler | undefined;
  readonly bytes: number;
}

interface Load {
  /** In the order in which they came. */
  readonly waiting: Waiting[];
  readonly done: Promise<void>;
}

interface AccumulatorParts extends SenderParts {
  /** Called when a partition has a new batch, or one that is ready now. */
  readonly changed: (queue: PartitionQueue) => void;
  readonly isUnreachable: (broker: number) => boolean;
  /** Called when a message finds no room: nothing lingers then. */
  readonly full: () => void;
  /** Called when messages fail that nobody waits for. */
  readonly undelivered: (error: Error, count: number) => void;
}

/** Takes messages in: finds room, waits for the topic's metadata, and appends each to the batch of its partition. */
export class Accumulator {
  readonly #cluster: Cluster;
  readonly #options: ResolvedProducerOptions;
  readonly #ids: Identities;
  readonly #room: BufferRoom;
  readonly #counts: DeliveryCounts;
  readonly #changed: (queue: PartitionQueue) => void;
  readonly #isUnreachable: (broker: number) => boolean;
  readonly #full: () => void;
  readonly #undelivered: (error: Error, count: number) => void;
  readonly #memory: BatchMemory;
  readonly #turns = new Turns(compressedAtOnce);
  readonly #topics = new Map<string, TopicQueues>();
  /** The topics whose metadata is on its way. */
  readonly #loads = new Map<string, Load>();

  constructor(
    cluster: Cluster,
    options: ResolvedProducerOptions,
    { ids, room, counts, changed, isUnreachable, full, undelivered }: AccumulatorParts,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#ids = ids;
    this.#room = room;
    this.#counts = counts;
    this.#changed = changed;
    this.#isUnreachable = isUnreachable;
    this.#full = full;
    this.#undelivered = undelivered;
    this.#memory = new BatchMemory(options.batchBytes);
  }

  /**
   * Takes a message. Its bytes are the caller's again when this returns. Throws where the message cannot be sent at all.
   * Where it has to wait for room, returns a promise of its being taken; it rejects where it never is, and the settler is told nothing.
   */
  readonly add: TakeMessage = (message, settler) => {
    checkMessage(message);
    const headers = channels.producerSend.hasSubscribers ? traced(message) : headersOf(message.headers);
    this.#checkSize(message, headers);
    if (this.#room.isFull) return this.#waitForRoom(copyOf(message, headers), settler);
    this.#place(message, headers, settler);
    return undefined;
  };

  /** Rejects what has not come into a batch yet. */
  clear(cause: unknown): void {
    for (const [name, { waiting }] of this.#loads) this.#reject(waiting, `Produce to '${name}'`, cause);
    this.#room.clear(cause);
  }

  /** Resolves when everything that waits now has come into a batch, or was rejected. */
  async whenPlaced(): Promise<void> {
    await this.#room.whenPassed();
    await Promise.all([...this.#loads.values()].map(({ done }) => done));
  }

  #waitForRoom(message: MessageCopy, settler: Settler | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        try {
          this.#place(message, message.headers, settler);
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      };
      const giveUp = (error: Error): void => {
        this.#ids.failed(error);
        reject(error);
      };
      this.#full();
      try {
        this.#room.wait(enter, giveUp);
      } catch (error) {
        giveUp(error as Error);
      }
    });
  }

  /** Into its batch, or behind those that wait for the topic's metadata. */
  #place(message: MessageToSend, headers: readonly HeaderToWrite[], settler: Settler | undefined): void {
    const { topic: name, partition = 0 } = message;
    const metadata = this.#cluster.metadata.topic(name);
    const load = this.#loads.get(name);
    if (load === undefined && metadata !== undefined && partition < metadata.partitions.size) {
      this.#append(metadata, message, headers, settler);
    } else this.#waitForMetadata(message, headers, settler);
  }

  #waitForMetadata(message: MessageToSend, headers: readonly HeaderToWrite[], settler: Settler | undefined): void {
    const { topic: name } = message;
    const load = this.#loads.get(name);
    const bytes = sizeOf(message, headers) + overheadPerMessage;
    this.#room.take(bytes);
    const waiting = { message: copyOf(message, headers), settler, bytes };
    if (load !== undefined) load.waiting.push(waiting);
    else this.#load(name, [waiting], this.#cluster.metadata.topic(name) !== undefined);
  }

  #append(metadata: TopicMetadata, message: MessageToSend, headers: readonly HeaderToWrite[], settler: Settler | undefined): void {
    const topic = this.#topics.get(metadata.name) ?? this.#begin(metadata.name);
    topic.follow(metadata);
    topic.append(message, headers, settler);
  }

  #begin(name: string): TopicQueues {
    const { clock, random, retryBackoff } = this.#cluster.options;
    const topic = new TopicQueues(name, {
      ...this.#options,
      ...this.#options.topicCodecs.get(name),
      clock,
      random,
      retryBackoff,
      ids: this.#ids,
      room: this.#room,
      memory: this.#memory,
      turns: this.#turns,
      changed: this.#changed,
      isUnreachable: this.#isUnreachable,
      undelivered: this.#undelivered,
    });
    this.#topics.set(name, topic);
    return topic;
  }

  /** Has a topic's metadata fetched while its messages wait. `known` when they name a partition that the topic did not have. */
  #load(name: string, waiting: Waiting[], known: boolean): void {
    const found = (metadata: TopicMetadata): void => {
      // Those who come while these are placed line up behind them: the loop sees them too.
      for (const { message, settler, bytes } of waiting) {
        this.#room.take(-bytes);
        try {
          this.#append(metadata, message, message.headers, settler);
        } catch (error) {
          this.#tell(settler, error as Error);
        }
      }
      this.#loads.delete(name);
      this.#room.release(0);
    };
    const notFound = (error: unknown): void => {
      this.#loads.delete(name);
      this.#reject(waiting, `Produce to '${name}'`, error);
      this.#room.release(0);
    };
    this.#loads.set(name, { waiting, done: this.#find(name, known).then(found, notFound) });
  }

  /** The topic's metadata. Rejects when the topic does not exist after topicTimeoutMs, or nothing is known after maxBlockMs. */
  async #find(name: string, known: boolean): Promise<TopicMetadata> {
    const { maxBlockMs: timeoutMs } = this.#options;
    const what = `topic '${name}'`;
    if (known) await this.#cluster.retry((signal) => this.#cluster.refresh([name], signal), { what, timeoutMs, topics: 'none' });
    return this.#cluster.topic(name, { timeoutMs });
  }

  #reject(waiting: Waiting[], where: string, cause: unknown): void {
    const error = deliveryError(where, cause, 'not persisted');
    if (waiting.length > 0) this.#ids.failed(error);
    for (const { settler, bytes } of waiting.splice(0)) {
      this.#room.take(-bytes);
      this.#tell(settler, error);
    }
  }

  #tell(settler: Settler | undefined, error: Error): void {
    this.#counts.failedMessages++;
    if (settler !== undefined) settler.reject(error);
    else this.#undelivered(error, 1);
  }

  /** A message that fits into no request is refused before it takes any room. */
  #checkSize(message: MessageToSend, headers: readonly HeaderToWrite[]): void {
    const { maxRequestBytes } = this.#options;
    const { key, value } = message;
    // Nearly always clear without counting the bytes of strings: one UTF-16 unit takes three bytes at most.
    let units = (key?.length ?? 0) + (value?.length ?? 0);
    for (const [name, content] of headers) units += headerUnits + name.length + (content?.length ?? 0);
    if (units * 3 + batchOverhead < maxRequestBytes) return;
    const size = sizeOf(message, headers) + batchOverhead;
    if (size <= maxRequestBytes) return;
    throw new RangeError(`a message to '${message.topic}' takes ${size} bytes, and maxRequestBytes is ${maxRequestBytes}`);
  }
}

/** The headers with those that subscribers add before anything is encoded. */
function traced({ topic, headers }: MessageToSend): readonly HeaderToWrite[] {
  const list = headersOf(headers).map(([name, value]): [string, MessageBytes | null] => [name, value]);
  channels.producerSend.publish({ topic, headers: list });
  return headersOf(list);
}

/** The header of a batch, and what a record takes besides its fields. */
const batchOverhead = 100;
/** The lengths of a header's fields: three times this is more than they take. */
const headerUnits = 4;
