import { type BrokerError, ClosedError, KafkaError, ProtocolError, SocketDisconnectedError, TimeoutError } from '@tskafka/core';
import { channels, type Cluster, publish } from '@tskafka/core/internal';
import { brokerError, type Decoded, errorCodes, isRetriable, isStaleMetadata, type ProduceResponse } from '@tskafka/core/protocol';
import type { BufferRoom } from './buffer-room.ts';
import type { Identities } from './identities.ts';
import { leavesOpen, verdictOf } from './delivery-state.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { PartitionAnswer } from './produce-request.ts';
import type { DeliveryCounts } from './producer-stats.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** What the ways of all batches share. */
export interface SenderParts {
  readonly ids: Identities;
  readonly room: BufferRoom;
  readonly counts: DeliveryCounts;
}

export interface DeliveryOptions {
  readonly idempotent: boolean;
  readonly deliveryTimeoutMs: number;
}

/** Decides what becomes of each batch after an answer, a lost connection or the end of its time: told, sent again, or given up. */
export class Deliveries {
  readonly #counts: DeliveryCounts;
  readonly #cluster: Cluster;
  readonly #options: DeliveryOptions;
  readonly #room: BufferRoom;
  readonly #ids: Identities;
  readonly #refresh: (topic: string) => void;

  /** `refresh` has a topic's metadata fetched anew. */
  constructor(cluster: Cluster, options: DeliveryOptions, { ids, room, counts }: SenderParts, refresh: (topic: string) => void) {
    this.#cluster = cluster;
    this.#options = options;
    this.#ids = ids;
    this.#room = room;
    this.#counts = counts;
    this.#refresh = refresh;
  }

  /** With acks=0 nobody says more of it. */
  sent(batch: ProducerBatch): void {
    batch.queue.answered(batch);
    this.#delivered(batch, undefined, undefined);
  }

  answered(batch: ProducerBatch, answer: PartitionAnswer, response: Decoded<ProduceResponse>): void {
    const { queue } = batch;
    const { errorCode, baseOffset, logAppendTimeMs } = answer;
    const { recordCount } = batch;
    queue.answered(batch);
    const verdict = errorCode === 0 ? 'delivered' : verdictOf(errorCode, isRetriable(errorCode), { ...this.#options, recordCount });
    if (verdict === 'delivered') {
      this.#delivered(batch, baseOffset < 0 ? undefined : baseOffset, logAppendTimeMs < 0 ? undefined : logAppendTimeMs);
      // An earlier attempt's bytes may be stuck in a socket that is being closed.
      if (errorCode === 0 && !batch.isRepeated) batch.recycle();
      return;
    }
    if (leavesOpen(errorCode)) batch.mayBePersisted = true;
    const errorOf = (detail: string | null): BrokerError => brokerError(errorCode, `broker ${queue.broker}`, { detail });
    const error = errorOf(answer.errorMessage);
    batch.lastError = error;
    if (batch.settled) return this.#forget(batch);
    switch (verdict) {
      case 'retry':
        if (!this.#leaderMoved(queue, answer, response)) {
          queue.backOff(this.#now);
          if (isStaleMetadata(errorCode)) this.#refresh(queue.topic);
        }
        return queue.putBack(batch);
      case 'out of order':
        return this.#outOfOrder(batch, error);
      case 'new producer id':
        queue.refused();
        if (queue.isOver) return this.giveUp(batch, errorOf(answer.errorMessage ?? whyTransactionIsOver));
        queue.backOff(this.#now);
        queue.putBack(batch);
        return this.#giveUpDoubtful(queue, error);
      case 'split':
        queue.shrink(batch);
        return this.#replace(batch, batch.split());
      case 'reject':
        return this.#reject(batch, answer, error);
    }
  }

  /** The connection broke, or the answer makes no sense: nobody knows whether the broker has the batch. */
  lost(batch: ProducerBatch, error: unknown): void {
    const { queue } = batch;
    queue.answered(batch);
    const isRetried = (error instanceof KafkaError && error.retriable) || error instanceof ProtocolError;
    if (isRetried || error instanceof ClosedError) batch.mayBePersisted = true;
    batch.lastError = error;
    if (batch.settled) return this.#forget(batch);
    if (!isRetried) return this.giveUp(batch, error);
    queue.backOff(this.#now);
    queue.putBack(batch);
    this.#refresh(queue.topic);
  }

  /** Gives up what has run out of time. Returns when the next batch does. */
  expire(queues: Iterable<PartitionQueue>): number {
    const now = this.#now;
    let next = Infinity;
    for (const queue of queues) {
      for (const batch of queue.takeUnsent(({ deadline }) => deadline <= now)) this.giveUp(batch, this.#timeout(batch));
      for (const batch of queue.inFlight) {
        if (!batch.settled && batch.deadline <= now) this.#leaveInFlight(batch, this.#timeout(batch));
      }
      for (const { settled, deadline } of queue.batches) if (!settled && deadline < next) next = deadline;
    }
    return next;
  }

  /** Gives up what has not gone out, or waits to go out again. */
  giveUpUnsent(queue: PartitionQueue, cause: unknown): void {
    for (const batch of queue.takeUnsent(() => true)) this.giveUp(batch, cause);
  }

  /** Gives up everything. */
  giveUpAll(queue: PartitionQueue, cause: unknown): void {
    this.giveUpUnsent(queue, cause);
    for (const batch of queue.inFlight) if (!batch.settled) this.#leaveInFlight(batch, cause);
  }

  /** Rejects the messages of a batch that is in no queue any more. */
  giveUp(batch: ProducerBatch, cause: unknown): void {
    batch.queue.givenUp(batch);
    this.#failed(batch, cause);
    this.#room.release(batch.reservedBytes);
  }

  get #now(): number {
    return this.#cluster.options.clock.now();
  }

  #delivered(batch: ProducerBatch, baseOffset: number | undefined, logAppendTime: number | undefined): void {
    batch.queue.delivered(batch);
    if (!batch.settled) this.#succeeded(batch, baseOffset, logAppendTime);
    this.#room.release(batch.reservedBytes);
  }

  #succeeded(batch: ProducerBatch, baseOffset: number | undefined, logAppendTime: number | undefined): void {
    const { recordCount: messages, size: bytes, openedAt, sentAt } = batch;
    const { broker, topic, partition } = batch.queue;
    const [queueMs, deliveryMs] = [sentAt - openedAt, this.#now - openedAt];
    this.#counts.batches++;
    this.#counts.messages += messages;
    this.#counts.bytes += bytes;
    this.#counts.deliveries.add(deliveryMs);
    batch.succeed(baseOffset, logAppendTime);
    publish(channels.producerBatch, () => ({ broker, topic, partition, messages, bytes, queueMs, deliveryMs }));
  }

  /** Rejects the messages now; the bytes are held until the connection is done with them. */
  #leaveInFlight(batch: ProducerBatch, cause: unknown): void {
    batch.mayBePersisted = true;
    this.#failed(batch, cause);
  }

  #failed(batch: ProducerBatch, cause: unknown): void {
    this.#counts.failedMessages += batch.recordCount;
    const error = batch.fail(cause);
    const { topic, partition } = batch.queue;
    publish(channels.producerError, () => ({ topic, partition, messages: batch.recordCount, error }));
    this.#ids.failed(cause);
  }

  /** The messages were told before the answer came, and it is no good one. */
  #forget(batch: ProducerBatch): void {
    batch.queue.givenUp(batch);
    this.#room.release(batch.reservedBytes);
  }

  /** With the new leader in the answer (KIP-951), or known by now, the next attempt goes there at once. */
  #leaderMoved(queue: PartitionQueue, { currentLeader }: PartitionAnswer, { nodeEndpoints }: Decoded<ProduceResponse>): boolean {
    const { topic, partition, broker } = queue;
    const { leaderId, leaderEpoch } = currentLeader;
    if (leaderId >= 0) {
      const endpoint = nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
      const node = endpoint && { id: leaderId, host: endpoint.host, port: endpoint.port, rack: endpoint.rack };
      this.#cluster.leaderMoved(topic, partition, leaderId, leaderEpoch, node);
    }
    const leader = this.#cluster.metadata.topic(topic)?.partitions.get(partition)?.leader;
    return leader !== undefined && leader !== broker;
  }

  /** The broker misses something before the batch. If it had acknowledged that, its word is worth nothing. */
  #outOfOrder(batch: ProducerBatch, error: BrokerError): void {
    const { queue } = batch;
    if (batch.isPartInDoubt) return this.giveUp(batch, error);
    const isLoss = queue.outOfOrder(batch);
    if (queue.isOver) return this.giveUp(batch, error);
    queue.putBack(batch);
    if (!isLoss) return;
    this.#warnOfLoss(queue, error);
    this.#giveUpDoubtful(queue, error);
  }

  /** What the broker may have taken is not sent again under other numbers, for it might be there twice: the application is told. */
  #giveUpDoubtful(queue: PartitionQueue, error: Error): void {
    for (const doubtful of queue.takeUnsent(({ mayBePersisted }) => mayBePersisted)) this.giveUp(doubtful, error);
  }

  /** Where the broker names the records that it does not take (KIP-467), the others are sent without them. It may have all since an earlier attempt. */
  #reject(batch: ProducerBatch, { errorCode, recordErrors }: PartitionAnswer, error: Error): void {
    const { queue } = batch;
    const causes = new Map<number, Error>();
    for (const { batchIndex, batchIndexErrorMessage: detail } of recordErrors) {
      if (batchIndex >= 0 && batchIndex < batch.recordCount)
        causes.set(batchIndex, brokerError(errorCode, `broker ${queue.broker}`, { detail }));
    }
    if (causes.size === 0 || batch.mayBePersisted) return this.giveUp(batch, error);
    queue.givenUp(batch);
    this.#counts.failedMessages += causes.size;
    const { topic, partition } = queue;
    publish(channels.producerError, () => ({ topic, partition, messages: causes.size, error }));
    this.#replace(batch, batch.without(causes));
    this.#ids.failed(error);
  }

  #replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    batch.queue.putBack(...parts);
    this.#room.take(parts.reduce((sum, part) => sum + part.reservedBytes, 0));
    this.#room.release(batch.reservedBytes);
  }

  #timeout(batch: ProducerBatch): KafkaError {
    const { lastError } = batch;
    const message = `not delivered within ${this.#options.deliveryTimeoutMs} ms`;
    const options = { cause: lastError, retriable: true };
    if (lastError instanceof SocketDisconnectedError) return new SocketDisconnectedError(`${message}: ${lastError.message}`, options);
    return new TimeoutError(lastError instanceof Error ? `${message}: ${lastError.message}` : message, options);
  }

  #warnOfLoss({ where }: PartitionQueue, { code, message: answer }: BrokerError): void {
    // Before Kafka 2.4 a broker forgot a producer with the last of its records.
    const forgot = code === errorCodes.UNKNOWN_PRODUCER_ID ? 'has removed all that this producer wrote, or ' : '';
    const message = `${where}: ${answer}; the broker ${forgot}has lost records that it had acknowledged. Sending goes on in a new epoch`;
    this.#cluster.options.logger.warn({}, message);
    publish(channels.warning, () => ({ message }));
  }
}

/** The broker says the same of both (KIP-588). */
const whyTransactionIsOver =
  'the transaction was open for longer than transactionTimeoutMs, or another producer now uses its transactionalId';
