import { type BrokerNode, type Isolation, KafkaError, LogTruncationError } from '@tskafka/core';
import { channels, type Cluster, partitionName, type Place, publish } from '@tskafka/core/internal';
import { brokerError, CorruptRecordError, type Decoded, errorCodes, type FetchResponse } from '@tskafka/core/protocol';
import { remedyFor } from './fetch-remedy.ts';
import type { FetchedPartition } from './fetch-response.ts';
import type { MessageQueue } from './message-queue.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { offsetOutOfRange } from './reset-offset.ts';

export interface PartitionErrorsOptions {
  readonly cluster: Cluster;
  readonly queue: MessageQueue<unknown, unknown>;
  readonly autoOffsetReset: Place | 'none';
  readonly isolation: Isolation;
  /** Leaves a partition alone for a while. */
  readonly later: (partition: PartitionQueue) => void;
  /** Looks for partitions to fetch. */
  readonly wake: () => void;
  readonly tellIfUnavailable: (cause: unknown) => void;
}

/** What is done when a single partition cannot be read. None of it ends anything: the partition is fetched again in every case. */
export class PartitionErrors {
  readonly #options: PartitionErrorsOptions;

  constructor(options: PartitionErrorsOptions) {
    this.#options = options;
  }

  /** Does what helps against the error in an answer; true when it also takes fresh metadata. */
  mend(partition: PartitionQueue, data: FetchedPartition, response: Decoded<FetchResponse>, signal: AbortSignal): boolean {
    const { later } = this.#options;
    const { position, topic, partition: id } = partition;
    const remedy = remedyFor(data.errorCode);
    const error = brokerError(data.errorCode, `Fetch of ${partitionName(partition)} at offset ${position.toFetch}`, {
      at: placeOf(partition),
    });
    partition.lastError = error;
    if (remedy === 'report') {
      this.report(partition, error);
      return false;
    }
    publish(channels.consumerError, () => ({ topic, partition: id, error }));
    if (remedy === 'reset' && partition.isHandled) void this.reset(partition, position.isGiven, signal);
    else later(partition);
    return remedy === 'refresh' && !this.#followHint(partition, data, response);
  }

  /** Finds another offset for a partition whose log does not hold the one where it stands. */
  async reset(partition: PartitionQueue, isGiven: boolean, signal: AbortSignal): Promise<void> {
    const { cluster, queue, autoOffsetReset, isolation, later, wake, tellIfUnavailable } = this.#options;
    const { position, topic, partition: id } = partition;
    const { moves, toFetch: from } = position;
    const isStale = (): boolean => signal.aborted || position.moves !== moves;
    partition.isBusy = true;
    try {
      const to = await offsetOutOfRange(cluster, position, { isGiven, autoOffsetReset, isolation, signal });
      if (isStale()) return;
      position.moveTo(to);
      partition.failures = 0;
      cluster.options.logger.warn({ topic, partition: id, from, to }, 'an offset was out of range');
      publish(channels.consumerReset, () => ({ topic, partition: id, from, to }));
    } catch (error) {
      if (isStale()) return;
      if (!(error instanceof KafkaError) || !error.retriable) return this.report(partition, error as Error);
      tellIfUnavailable(error);
      later(partition);
    } finally {
      if (!signal.aborted) partition.isBusy = false;
      queue.ready(); // the new offset may be behind `until`
      wake();
    }
  }

  /**
   * The log has other records before the offset than those that were read (KIP-320): an unclean election lost some. Reading goes
   * on where the two part, or, without an autoOffsetReset, the reader is told.
   */
  truncated(partition: PartitionQueue, { epoch, endOffset }: { readonly epoch: number; readonly endOffset: number }): void {
    const { cluster, queue, autoOffsetReset, later } = this.#options;
    const { position, topic, partition: id } = partition;
    const from = position.toFetch;
    if (!partition.isHandled) return later(partition);
    if (endOffset < from && autoOffsetReset === 'none') {
      const message = `${partitionName(partition)}: the log lost what was read from offset ${endOffset} on`;
      return this.report(partition, new LogTruncationError(message, { at: placeOf(partition), divergentOffset: endOffset }));
    }
    queue.flush(partition);
    position.returnTo(endOffset, epoch);
    if (endOffset >= from) return;
    cluster.options.logger.warn({ topic, partition: id, from, to: endOffset }, 'the log lost records that were read');
    publish(channels.consumerTruncation, () => ({ topic, partition: id, from, to: endOffset }));
  }

  /** The metadata does not know the partition. It may just have been made, so the reader is told only after a while. */
  missing(partition: PartitionQueue): void {
    const { cluster, queue, later } = this.#options;
    const { clock, topicTimeoutMs } = cluster.options;
    const now = clock.now();
    partition.missingSince ??= now;
    later(partition);
    if (now - partition.missingSince < topicTimeoutMs) return;
    partition.missingSince = now;
    const context = `${partitionName(partition)} does not exist`;
    partition.lastError = brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, context, { at: placeOf(partition) });
    queue.fail(partition, partition.lastError);
  }

  /** The reader is told. */
  report(partition: PartitionQueue, cause: Error): void {
    const { queue, later } = this.#options;
    const { topic, partition: id } = partition;
    const isCorrupt = cause instanceof CorruptRecordError;
    const message = `${partitionName(partition)}: ${cause.message}`;
    const error = isCorrupt ? new CorruptRecordError(message, { cause, at: placeOf(partition) }) : cause;
    partition.lastError = error;
    publish(channels.consumerError, () => ({ topic, partition: id, error }));
    later(partition);
    queue.fail(partition, error);
  }

  /** A broker that does not lead a partition any more may say who does (KIP-951): then the next fetch goes there at once. */
  #followHint(partition: PartitionQueue, { currentLeader }: FetchedPartition, { nodeEndpoints }: Decoded<FetchResponse>): boolean {
    const { cluster } = this.#options;
    const { topic, partition: id } = partition;
    const epoch = (): number => cluster.metadata.topic(topic)?.partitions.get(id)?.leaderEpoch ?? -1;
    const { leaderId, leaderEpoch } = currentLeader;
    if (leaderId < 0 || leaderEpoch <= epoch()) return false;
    const endpoint = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
    const node: BrokerNode | undefined = endpoint && { id: leaderId, host: endpoint.host, port: endpoint.port, rack: endpoint.rack };
    cluster.leaderMoved(topic, id, leaderId, leaderEpoch, node);
    if (epoch() !== leaderEpoch) return false;
    partition.retryAt = -Infinity;
    return true;
  }
}

function placeOf({ topic, partition, position }: PartitionQueue) {
  return { topic, partition, offset: position.toFetch };
}
