import { groupBy } from '@tskafka/core/internal';
import { acknowledgeCodes, type AcknowledgeType } from './acknowledge-type.ts';
import { type AcknowledgementBatch, acknowledgementBatches, type AcknowledgedRange } from './acknowledgement-batches.ts';
import type { AcquiredRange } from './acquired-records.ts';
import type { Delivery, Lock } from './delivery.ts';
import { keyOf, type SharePartition } from './share-partition.ts';

interface Gap extends AcknowledgedRange {
  readonly lock: Lock;
}

/** What is said of a partition's records in one request. The broker takes all of it, or nothing. */
export class SaidOfPartition {
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

  /** What was locked together, and shares its fate: where one lock has passed, others may be good. */
  byLock(): SaidOfPartition[] {
    const locks = new Map<Lock, SaidOfPartition>();
    const of = (lock: Lock): SaidOfPartition => {
      const known = locks.get(lock) ?? new SaidOfPartition(this.partition);
      locks.set(lock, known);
      return known;
    };
    for (const [delivery, type] of this.deliveries) of(delivery.lock).deliveries.set(delivery, type);
    for (const gap of this.gaps) of(gap.lock).gaps.push(gap);
    return [...locks.values()];
  }
}

/** What the broker has not been told yet. */
export class Said {
  readonly #partitions = new Map<string, SaidOfPartition>();
  /** What has to be sent without anything else of its partition. */
  #apart: SaidOfPartition[] = [];

  get isEmpty(): boolean {
    return this.#partitions.size === 0 && this.#apart.length === 0;
  }

  get renews(): boolean {
    return this.#all().some(({ renews }) => renews);
  }

  get partitions(): readonly SharePartition[] {
    return this.#all().map(({ partition }) => partition);
  }

  /** Whatever was said before of the same record is not sent any more. */
  add(delivery: Delivery, type: AcknowledgeType): void {
    if (this.#apart.length > 0) this.delete(delivery);
    this.#of(delivery.partition).deliveries.set(delivery, type);
  }

  addGap(partition: SharePartition, { firstOffset, lastOffset }: AcquiredRange, lock: Lock): void {
    this.#of(partition).gaps.push({ firstOffset, lastOffset, code: acknowledgeCodes.gap, lock });
  }

  /** Takes out what is to be sent now. */
  take(): SaidOfPartition[] {
    const alone = [...groupBy(this.#apart, ({ partition }) => keyOf(partition)).values()].map(([first]) => first!);
    this.#apart = this.#apart.filter((said) => !alone.includes(said));
    const taken = [...alone];
    const busy = new Set(alone.map(({ partition }) => keyOf(partition)));
    for (const [key, said] of this.#partitions) {
      if (busy.has(key)) continue;
      taken.push(said);
      this.#partitions.delete(key);
    }
    return taken;
  }

  /** To be sent again, where nothing newer was said meanwhile. */
  putBack({ partition, deliveries, gaps }: SaidOfPartition): void {
    const now = this.#of(partition);
    now.gaps.push(...gaps);
    for (const [delivery, type] of deliveries) if (!this.has(delivery)) now.deliveries.set(delivery, type);
  }

  /** To be sent again, each in a request without the others. */
  putBackApart(parts: readonly SaidOfPartition[]): void {
    for (const { deliveries } of parts) for (const delivery of deliveries.keys()) if (this.has(delivery)) deliveries.delete(delivery);
    this.#apart.push(...parts.filter(({ deliveries, gaps }) => deliveries.size + gaps.length > 0));
  }

  has(delivery: Delivery): boolean {
    return this.#all().some(({ deliveries }) => deliveries.has(delivery));
  }

  /** Not to be sent any more. */
  delete(delivery: Delivery): void {
    for (const said of this.#all()) said.deliveries.delete(delivery);
    const isEmpty = ({ deliveries, gaps }: SaidOfPartition): boolean => deliveries.size + gaps.length === 0;
    this.#apart = this.#apart.filter((said) => !isEmpty(said));
    const key = keyOf(delivery.partition);
    const said = this.#partitions.get(key);
    if (said !== undefined && isEmpty(said)) this.#partitions.delete(key);
  }

  clear(): void {
    this.#partitions.clear();
    this.#apart = [];
  }

  #all(): SaidOfPartition[] {
    return [...this.#partitions.values(), ...this.#apart];
  }

  #of(partition: SharePartition): SaidOfPartition {
    const key = keyOf(partition);
    let said = this.#partitions.get(key);
    if (said === undefined) this.#partitions.set(key, (said = new SaidOfPartition(partition)));
    return said;
  }
}
