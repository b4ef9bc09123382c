// A retry loop of its own, and not cluster.retry: a batch that is sent again must keep its order and its sequence number.

import { AuthenticationError, ClosedError, KafkaError, NoBrokersAvailableError } from '@tskafka/core';
import { channels, type Cluster, publish } from '@tskafka/core/internal';
import { brokerError, errorCodes } from '@tskafka/core/protocol';
import { Alarm } from './alarm.ts';
import { BrokerLink, type LinkEvents } from './broker-link.ts';
import type { BufferRoom } from './buffer-room.ts';
import { Deliveries, type SenderParts } from './deliveries.ts';
import type { ResolvedProducerOptions } from './options.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';
import type { DeliveryCounts } from './producer-stats.ts';
import type { Identities } from './identities.ts';

/** A broker remembers the last five batches of a producer in a partition: more in flight, and it could not tell a repetition. */
const maxIdempotentInFlight = 5;

/** Sends the queues' batches to the leaders of their partitions. */
export class Sender {
  readonly #cluster: Cluster;
  readonly #options: ResolvedProducerOptions;
  readonly #ids: Identities;
  readonly #room: BufferRoom;
  readonly #counts: DeliveryCounts;
  readonly #deliveries: Deliveries;
  readonly #maxInFlight: number;
  /** Whoever waits until nothing is on its way. */
  readonly #quietWatchers: (() => void)[] = [];
  readonly #links = new Map<number, BrokerLink>();
  /** All queues that were ever used. */
  readonly #queues = new Set<PartitionQueue>();
  /** Those that have something to send. The one that was served last is at the end. */
  readonly #unsent = new Set<PartitionQueue>();
  readonly #staleTopics = new Set<string>();
  readonly #alarm: Alarm;
  readonly #expiry: Alarm;
  #isScheduled = false;
  #isRefreshing = false;
  #isAskingForId = false;
  #flushes = 0;

  constructor(cluster: Cluster, options: ResolvedProducerOptions, parts: SenderParts) {
    const { clock, maxInFlight } = cluster.options;
    this.#cluster = cluster;
    this.#options = options;
    this.#ids = parts.ids;
    this.#room = parts.room;
    this.#counts = parts.counts;
    this.#deliveries = new Deliveries(cluster, options, parts, (topic) => this.#refresh(topic));
    this.#maxInFlight = options.idempotent ? Math.min(maxInFlight, maxIdempotentInFlight) : maxInFlight;
    this.#alarm = new Alarm(clock, () => this.wake());
    this.#expiry = new Alarm(clock, () => this.#expire(), { endsWaits: true });
  }

  /** The queue has a new batch, or one that is ready now. */
  add(queue: PartitionQueue): void {
    this.#queues.add(queue);
    this.#unsent.add(queue);
    this.#expiry.set(this.#cluster.options.clock.now() + this.#options.deliveryTimeoutMs);
    this.wake();
  }

  /** Sends what can be sent, once the code that runs now and the promises that it resolves are through: they may have more. */
  wake(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#run());
  }

  /** Resolves when all that is in a batch now has been told. Until then nothing lingers. */
  async flush(): Promise<void> {
    this.#flushes++;
    this.wake();
    try {
      await Promise.all([...this.#queues].flatMap(({ batches }) => batches.map((batch) => batch.whenSettled())));
    } finally {
      this.#flushes--;
    }
  }

  /** The requests without an answer, by broker. */
  get inFlight(): Map<number, number> {
    return new Map([...this.#links].map(([broker, link]) => [broker, link.inFlight]));
  }

  /** Whether the last attempt to connect to the broker failed. */
  isUnreachable(broker: number): boolean {
    return this.#links.get(broker)?.isFailing ?? false;
  }

  /** Resolves when nothing is on its way to a broker. */
  whenQuiet(): Promise<void> {
    return this.#isQuiet ? Promise.resolve() : new Promise((resolve) => this.#quietWatchers.push(resolve));
  }

  /** What comes next is written under another identity. Nothing may be on its way. */
  beginEpoch(): void {
    for (const queue of this.#queues) queue.restart();
  }

  get #isQuiet(): boolean {
    for (const { inFlight } of this.#queues) if (inFlight.length > 0) return false;
    return true;
  }

  /** Gives up everything that is on its way. */
  giveUp(cause: Error): void {
    for (const queue of this.#queues) this.#deliveries.giveUpAll(queue, cause);
    this.rest();
  }

  /** Nothing is left to be told: no time has to be watched. */
  rest(): void {
    this.#alarm.cancel();
    this.#expiry.cancel();
  }

  #run(): void {
    this.#isScheduled = false;
    this.#cluster.refreshWhenOld();
    const now = this.#cluster.options.clock.now();
    let wakeAt = Infinity;
    for (const queue of this.#unsent) {
      if (!queue.hasUnsent) this.#unsent.delete(queue);
      else if (queue.waitUntil <= now) this.#linkOf(queue, now)?.line.push(queue);
      if (queue.waitUntil > now) wakeAt = Math.min(wakeAt, queue.waitUntil);
    }
    for (const link of this.#links.values()) {
      if (link.line.length > 0) wakeAt = Math.min(wakeAt, this.#fill(link, now));
    }
    this.#alarm.set(wakeAt);
  }

  /** The way to the partition's leader; undefined while there is none, or while what is on its way elsewhere is not answered yet. */
  #linkOf(queue: PartitionQueue, now: number): BrokerLink | undefined {
    const topic = this.#cluster.metadata.topic(queue.topic);
    const partition = topic?.partitions.get(queue.partition);
    const leader = partition?.leader;
    if (leader === undefined) {
      this.#withoutLeader(queue, partition !== undefined, now);
      return undefined;
    }
    queue.missingSince = undefined;
    return queue.mayGoTo(leader, topic?.topicId) ? this.#linkTo(leader) : undefined;
  }

  #linkTo(broker: number): BrokerLink {
    let link = this.#links.get(broker);
    if (link === undefined) {
      const { longestHoldMs: ackTimeoutMs } = this.#cluster.options;
      const { acks, transactionalId, compression, topicCodecs } = this.#options;
      const needsZstd = [{ compression }, ...topicCodecs.values()].some((codec) => codec.compression === 'zstd');
      const linkOptions = { acks, transactionalId, ackTimeoutMs, needsZstd, ids: this.#ids };
      link = new BrokerLink(broker, this.#cluster, linkOptions, this.#events);
      this.#links.set(broker, link);
    }
    return link;
  }

  /** Sends requests with what is in the link's line, until nothing is ready, or enough are in flight. Returns when there is more, as far as it is known. */
  #fill(link: BrokerLink, now: number): number {
    const queues = link.line.splice(0);
    const readyAt = link.readyAt(now);
    if (readyAt > now) return readyAt;
    const lingerMs = this.#flushes > 0 || this.#room.isFull ? 0 : this.#options.lingerMs;
    let wakeAt = Infinity;
    while (link.inFlight < this.#maxInFlight) {
      const batches: ProducerBatch[] = [];
      let bytes = 0;
      for (const queue of queues) {
        const ripeAt = queue.openedAt + lingerMs;
        if (ripeAt > now) wakeAt = Math.min(wakeAt, ripeAt);
        // A broker serves one request of a connection at a time. A batch with room left waits here for its turn, where it can still grow.
        const batch = queue.next(ripeAt <= now && link.inFlight === 0);
        if (batch === undefined || !this.#isReady(queue, batch)) continue;
        if (batches.length > 0 && bytes + batch.size > this.#options.maxRequestBytes) continue;
        if (!queue.number(batch)) {
          this.#askForId();
          continue;
        }
        bytes += batch.size;
        const taken = queue.take(link.broker, this.#cluster.metadata.topic(queue.topic)?.topicId);
        if (taken.isRepeated) this.#repeated(taken);
        else this.#counts.queued.add((taken.sentAt = now) - taken.openedAt);
        batches.push(taken);
        this.#unsent.delete(queue);
        if (queue.hasUnsent) this.#unsent.add(queue);
      }
      if (batches.length === 0) break;
      link.send(batches);
    }
    return wakeAt;
  }

  #repeated({ queue: { broker, topic, partition }, recordCount: messages, lastError }: ProducerBatch): void {
    this.#counts.retries++;
    publish(channels.producerRetry, () => ({ broker, topic, partition, messages, error: lastError as Error }));
  }

  #isReady(queue: PartitionQueue, batch: ProducerBatch): boolean {
    if (batch.encodeError === undefined) return batch.isEncoded;
    for (const failed of queue.takeUnsent((each) => each === batch)) this.#deliveries.giveUp(failed, batch.encodeError);
    this.wake();
    return false;
  }

  readonly #events: LinkEvents = {
    timed: (ms) => this.#counts.requests.add(ms),
    sent: (batch) => this.#deliveries.sent(batch),
    answered: (batch, answer, response) => {
      this.#deliveries.answered(batch, answer, response);
      this.#keep(batch.queue);
    },
    lost: (batch, error) => {
      this.#deliveries.lost(batch, error);
      this.#keep(batch.queue);
    },
    unreachable: (link, error) => {
      const queues = [...this.#unsent].filter((queue) => this.#leaderOf(queue) === link.broker);
      if (error instanceof AuthenticationError && !error.retriable) for (const queue of queues) this.#deliveries.giveUpUnsent(queue, error);
      for (const queue of queues) {
        for (const batch of queue.batches) batch.lastError = error;
        this.#refresh(queue.topic);
      }
      this.#checkCluster(error);
    },
    changed: () => {
      this.wake();
      if (this.#quietWatchers.length > 0 && this.#isQuiet) for (const tell of this.#quietWatchers.splice(0)) tell();
    },
  };

  /** A batch may have come back. */
  #keep(queue: PartitionQueue): void {
    if (queue.hasUnsent) this.#unsent.add(queue);
  }

  #leaderOf({ topic, partition }: PartitionQueue): number | undefined {
    return this.#cluster.metadata.topic(topic)?.partitions.get(partition)?.leader;
  }

  /** Nobody leads the partition now, or it is not there at all: a topic that stays away is given up. */
  #withoutLeader(queue: PartitionQueue, exists: boolean, now: number): void {
    if (exists) queue.missingSince = undefined;
    else queue.missingSince ??= now;
    if (now - (queue.missingSince ?? now) >= this.#cluster.options.topicTimeoutMs) {
      queue.missingSince = undefined;
      this.#deliveries.giveUpUnsent(queue, brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'the partition does not exist any more'));
      return;
    }
    queue.backOff(now);
    this.#refresh(queue.topic);
  }

  /** Has the metadata of a topic fetched anew; then there may be something to send. */
  #refresh(topic: string): void {
    this.#staleTopics.add(topic);
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    const topics = [...this.#staleTopics];
    this.#staleTopics.clear();
    this.#cluster
      .refresh(topics)
      .catch((error: unknown) => this.#checkCluster(error))
      .finally(() => {
        this.#isRefreshing = false;
        const [next] = this.#staleTopics;
        if (next !== undefined) this.#refresh(next);
        this.wake();
      });
  }

  #askForId(): void {
    if (this.#ids.current !== undefined || this.#isAskingForId) return;
    this.#isAskingForId = true;
    this.#ids
      .ask()
      .catch((error: unknown) => {
        if (!(error instanceof KafkaError && error.retriable)) this.#giveUpUnsent(error);
        this.#checkCluster(error);
      })
      .finally(() => {
        this.#isAskingForId = false;
        this.wake();
      });
  }

  /** After a failure: when there is no cluster to wait for, whatever is pending is told so. */
  #checkCluster(error: unknown): void {
    if (error instanceof ClosedError || error instanceof NoBrokersAvailableError) return this.#giveUpUnsent(error);
    try {
      this.#cluster.throwIfUnavailable(error);
    } catch (unavailable) {
      this.#giveUpUnsent(unavailable as Error);
    }
  }

  #giveUpUnsent(cause: unknown): void {
    // First who waits for room: else they would come in where the others leave.
    this.#room.clear(cause);
    // Whoever is told may produce again, which comes after this.
    for (const queue of [...this.#unsent]) this.#deliveries.giveUpUnsent(queue, cause);
  }

  #expire(): void {
    this.#expiry.set(this.#deliveries.expire(this.#queues));
    this.wake();
  }
}
