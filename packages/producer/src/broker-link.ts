import { ProtocolError } from '@tskafka/core';
import { backoffMs, channels, type Cluster, type Connection, publish } from '@tskafka/core/internal';
import { apis, type Decoded, type ProduceResponse } from '@tskafka/core/protocol';
import type { Identities } from './identities.ts';
import { answersTo, type PartitionAnswer, produceRequest, type RequestOptions } from './produce-request.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';

export interface LinkOptions extends RequestOptions {
  readonly needsZstd: boolean;
  readonly ids: Pick<Identities, 'maxProduceVersion'>;
}

/** What comes of requests. */
export interface LinkEvents {
  /** A broker has answered a request, so long after it went out. */
  timed(latencyMs: number): void;
  /** With acks=0: the request has been handed to the transport. */
  sent(batch: ProducerBatch): void;
  /** The broker's word on a batch. */
  answered(batch: ProducerBatch, answer: PartitionAnswer, response: Decoded<ProduceResponse>): void;
  /** No answer will come. */
  lost(batch: ProducerBatch, error: unknown): void;
  /** No connection could be made. */
  unreachable(link: BrokerLink, error: unknown): void;
  /** All of the above has been told, and there may be more to send. */
  changed(): void;
}

/** The way to one broker: its connection, and how many requests are on it. */
export class BrokerLink {
  readonly broker: number;
  /** Requests without an answer. */
  inFlight = 0;
  /** The partitions that have something to send here, for as long as it takes to fill requests. */
  readonly line: PartitionQueue[] = [];
  readonly #cluster: Cluster;
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #connection: Connection | undefined;
  #connecting = false;
  #failures = 0;
  #waitUntil = 0;

  constructor(broker: number, cluster: Cluster, options: LinkOptions, events: LinkEvents) {
    this.broker = broker;
    this.#cluster = cluster;
    this.#options = options;
    this.#events = events;
  }

  /** Whether the last attempt to connect failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /**
   * When requests can go out: 0 for now, Infinity while a connection is on its way, else the time of the next attempt to connect.
   *
   * The connection is held here, and not asked for with each request: two requests that wait for one to open could change places.
   */
  readyAt(now: number): number {
    if (this.#connection !== undefined && !this.#connection.closed) return 0;
    if (this.#connecting) return Infinity;
    if (this.#waitUntil > now) return this.#waitUntil;
    void this.#connect();
    return Infinity;
  }

  /** One request with these batches, at most one of each partition. */
  send(batches: readonly ProducerBatch[]): void {
    const { acks, needsZstd, ids } = this.#options;
    const { metadata } = this.#cluster;
    const request = produceRequest(batches, (topic) => metadata.topic(topic)?.topicId, this.#options);
    const named = request.topicData.some(({ topicId }) => topicId === undefined);
    const maxVersion = Math.min(named ? 12 : Infinity, ids.maxProduceVersion ?? Infinity);
    const options = { minVersion: needsZstd ? 7 : 0, maxVersion, noResponse: acks === 0 };
    this.inFlight++;
    const { clock } = this.#cluster.options;
    const sentAt = clock.now();
    const done = (error?: unknown): number => {
      this.inFlight--;
      const latencyMs = clock.now() - sentAt;
      publish(channels.producerRequest, () => {
        const bytes = batches.reduce((sum, { size }) => sum + size, 0);
        return { broker: this.broker, batches: batches.length, bytes, latencyMs, ...(error !== undefined && { error: error as Error }) };
      });
      return latencyMs;
    };
    this.#connection!.send(apis.produce, request, options).then(
      (response: Decoded<ProduceResponse> | undefined) => {
        const latencyMs = done();
        if (response !== undefined) this.#events.timed(latencyMs);
        const answerTo = response === undefined ? undefined : answersTo(request.topicData, response);
        for (const batch of batches) {
          const answer = answerTo?.(batch);
          if (answer !== undefined) this.#events.answered(batch, answer, response!);
          else if (acks === 0) this.#events.sent(batch);
          else this.#events.lost(batch, new ProtocolError(`broker ${this.broker} did not mention ${batch.queue.where}`));
        }
        this.#events.changed();
      },
      (error: unknown) => {
        done(error);
        for (const batch of batches) this.#events.lost(batch, error);
        this.#events.changed();
      },
    );
  }

  async #connect(): Promise<void> {
    this.#connecting = true;
    const { clock, random, retryBackoff } = this.#cluster.options;
    try {
      this.#connection = await this.#cluster.connection(this.broker, 'produce');
      this.#failures = 0;
      this.#waitUntil = 0;
    } catch (error) {
      this.#waitUntil = clock.now() + backoffMs(++this.#failures, retryBackoff, random);
      this.#events.unreachable(this, error);
    }
    this.#connecting = false;
    this.#events.changed();
  }
}
