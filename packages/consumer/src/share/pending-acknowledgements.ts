import { groupBy } from '@tskafka/core/internal';
import { acknowledgeCodes, type AcknowledgeType } from './acknowledge-type.ts';
import { type AcknowledgementBatch, acknowledgementBatches, type AcknowledgedRange } from './acknowledgement-batches.ts';
import type { AcquiredRange } from './acquired-records.ts';
import type { Delivery, Lock } from './delivery.ts';
import { keyOf, type SharePartition } from './share-partition.ts';

interface Gap extends AcknowledgedRange {
  readonly lock: Lock;
}

/** The acknowledgements of a partition's records in one request. The broker takes all of them, or none. */
export class PartitionAcknowledgements {
  readonly partition: SharePartition;
  readonly deliveries = new Map<Delivery, AcknowledgeType>();
  readonly gaps: Gap[] = [];

  constructor(partition: SharePartition) {
    this.partition = partition;
  }

  get renews(): boolean {
    return [...this.deliveries.values()].includes('renew');
  }

  batches(): AcknowledgementBatch[] {
    const records = [...this.deliveries].map(([{ offset }, type]) => ({
      ...{ firstOffset: offset, lastOffset: offset, code: acknowledgeCodes[type] },
    }));
    return acknowledgementBatches([...records, ...this.gaps]);
  }

  /** Split by lock, because records of a lock share its fate: one lock may have expired while others are good. */
  byLock(): PartitionAcknowledgements[] {
    const locks = new Map<Lock, PartitionAcknowledgements>();
    const of = (lock: Lock): PartitionAcknowledgements => {
      const known = locks.get(lock) ?? new PartitionAcknowledgements(this.partition);
      locks.set(lock, known);
      return known;
    };
    for (const [delivery, type] of this.deliveries) of(delivery.lock).deliveries.set(delivery, type);
    for (const gap of this.gaps) of(gap.lock).gaps.push(gap);
    return [...locks.values()];
  }
}

/** The acknowledgements that have not been sent yet. */
export class PendingAcknowledgements {
  readonly #partitions = new Map<string, PartitionAcknowledgements>();
  /** Those that have to be sent without others of their partition. */
  #apart: PartitionAcknowledgements[] = [];

  get isEmpty(): boolean {
    return this.#partitions.size === 0 && this.#apart.length === 0;
  }

  get renews(): boolean {
    return this.#all().some(({ renews }) => renews);
  }

  get partitions(): readonly SharePartition[] {
    return this.#all().map(({ partition }) => partition);
  }

  /** Replaces an unsent acknowledgement of the same record. */
  add(delivery: Delivery, type: AcknowledgeType): void {
    if (this.#apart.length > 0) this.delete(delivery);
    this.#of(delivery.partition).deliveries.set(delivery, type);
  }

  addGap(partition: SharePartition, { firstOffset, lastOffset }: AcquiredRange, lock: Lock): void {
    this.#of(partition).gaps.push({ firstOffset, lastOffset, code: acknowledgeCodes.gap, lock });
  }

  /** Removes and returns those to send now. */
  take(): PartitionAcknowledgements[] {
    const alone = [...groupBy(this.#apart, ({ partition }) => keyOf(partition)).values()].map(([first]) => first!);
    this.#apart = this.#apart.filter((acknowledgements) => !alone.includes(acknowledgements));
    const taken = [...alone];
    const busy = new Set(alone.map(({ partition }) => keyOf(partition)));
    for (const [key, acknowledgements] of this.#partitions) {
      if (busy.has(key)) continue;
      taken.push(acknowledgements);
      this.#partitions.delete(key);
    }
    return taken;
  }

  /** To be sent again, unless replaced meanwhile. */
  putBack({ partition, deliveries, gaps }: PartitionAcknowledgements): void {
    const now = this.#of(partition);
    now.gaps.push(...gaps);
    for (const [delivery, type] of deliveries) if (!this.has(delivery)) now.deliveries.set(delivery, type);
  }

  /** To be sent again, each in a request without the others. */
  putBackApart(parts: readonly PartitionAcknowledgements[]): void {
    for (const { deliveries } of parts) for (const delivery of deliveries.keys()) if (this.has(delivery)) deliveries.delete(delivery);
    this.#apart.push(...parts.filter(({ deliveries, gaps }) => deliveries.size + gaps.length > 0));
  }

  has(delivery: Delivery): boolean {
    return this.#all().some(({ deliveries }) => deliveries.has(delivery));
  }

  /** Drops the acknowledgement of a record. */
  delete(delivery: Delivery): void {
    for (const acknowledgements of this.#all()) acknowledgements.deliveries.delete(delivery);
    const isEmpty = ({ deliveries, gaps }: PartitionAcknowledgements): boolean => deliveries.size + gaps.length === 0;
    this.#apart = this.#apart.filter((acknowledgements) => !isEmpty(acknowledgements));
    const key = keyOf(delivery.partition);
    const acknowledgements = this.#partitions.get(key);
    if (acknowledgements !== undefined && isEmpty(acknowledgements)) this.#partitions.delete(key);
  }

  clear(): void {
    this.#partitions.clear();
    this.#apart = [];
  }

  #all(): PartitionAcknowledgements[] {
    return [...this.#partitions.values(), ...this.#apart];
  }

  #of(partition: SharePartition): PartitionAcknowledgements {
    const key = keyOf(partition);
    let acknowledgements = this.#partitions.get(key);
    if (acknowledgements === undefined) this.#partitions.set(key, (acknowledgements = new PartitionAcknowledgements(partition)));
    return acknowledgements;
  }
}
