import { type KafkaError, UnsupportedVersionError } from '@tskafka/core';
import { groupBy } from '@tskafka/core/internal';
import { brokerError, type Clock, errorCodes } from '@tskafka/core/protocol';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { AcquiredRange } from './acquired-records.ts';
import type { DeliveredBy, Delivery, Lock } from './delivery.ts';
import { isGoneWithLeader, isWorthAnother, type Outcome } from './outcome.ts';
import { PendingAcknowledgements, type PartitionAcknowledgements } from './pending-acknowledgements.ts';
import { keyOf, type SharePartition } from './share-partition.ts';

export interface LockedRecordsOptions {
  readonly clock: Clock;
  /** How long an acknowledgement may wait for a fetch that takes it along. */
  readonly acknowledgeDelayMs: number;
  /** Whether the broker can renew locks. */
  readonly canRenew: () => boolean;
  /** There are acknowledgements to send: it is time to look what to do next. */
  readonly onPending: () => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** The records that one broker has locked for this member, and their acknowledgements. */
export class LockedRecords implements DeliveredBy {
  /** How long the broker locks a record from now on; undefined before its first answer. What is locked already keeps its own time. */
  lockTimeoutMs: number | undefined;
  readonly #options: LockedRecordsOptions;
  readonly #pending = new PendingAcknowledgements();
  readonly #deliveries = new Set<Delivery>();
  #saidSince = 0;
  #isFlushing = false;

  constructor(options: LockedRecordsOptions) {
    this.#options = options;
  }

  /** Those that are locked, and those whose acknowledgement the broker has not confirmed. */
  get deliveries(): ReadonlySet<Delivery> {
    return this.#deliveries;
  }

  /** How long the shortest lock is; Infinity while there is none. */
  get shortestLockMs(): number {
    let shortest = Infinity;
    for (const { lock } of this.#deliveries) shortest = Math.min(shortest, lock.until - lock.since);
    return shortest;
  }

  /** What the broker has not been told yet. */
  get pending(): Pick<PendingAcknowledgements, 'isEmpty' | 'renews' | 'partitions'> {
    return this.#pending;
  }

  /** When the acknowledgements have to be sent, whether there is a fetch or not. */
  get dueAt(): number {
    if (this.#pending.isEmpty) return Infinity;
    return this.isUrgent ? -Infinity : this.#saidSince + this.#options.acknowledgeDelayMs;
  }

  /** Whether the acknowledgements do not wait for a fetch, which may take its time. */
  get isUrgent(): boolean {
    return this.#isFlushing || this.#pending.renews;
  }

  flush(): void {
    this.#isFlushing = !this.#pending.isEmpty;
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#deliveries.add(delivery);
  }

  /**
   * Gives up what the broker now gives out again: its lock has passed there, whatever our clock says. An acknowledgement of the old
   * delivery would count for the one that comes.
   */
  givenAgain(partition: SharePartition, ranges: readonly AcquiredRange[]): void {
    const again = ranges.filter(({ deliveryCount }) => deliveryCount > 1);
    if (again.length === 0) return;
    const isAgain = ({ offset }: Delivery): boolean => again.some((range) => range.firstOffset <= offset && offset <= range.lastOffset);
    const of = [...this.#deliveries].filter((delivery) => keyOf(delivery.partition) === keyOf(partition) && isAgain(delivery));
    const context = `records of '${partition.topic}' partition ${partition.partition} were delivered again`;
    this.lose(of, brokerError(errorCodes.INVALID_RECORD_STATE, context));
  }

  acknowledge(delivery: Delivery, type: AcknowledgeType): void {
    if (delivery.state === 'over') return this.#report([delivery], delivery.lostBy);
    if (type === 'renew' && !this.#options.canRenew()) {
      return this.#report([delivery], new UnsupportedVersionError('the broker cannot renew locks: Kafka 4.2 or newer is needed'));
    }
    delivery.isAwaited = type !== 'renew' || delivery.holder === 'program';
    if (type !== 'renew') delivery.state = 'acknowledged';
    this.#say(() => this.#pending.add(delivery, type));
    // A renewal does not wait.
    if (type === 'renew') this.#options.onPending();
  }

  /** Nobody will ever read these. */
  acknowledgeGap(partition: SharePartition, range: AcquiredRange, lock: Lock): void {
    this.#say(() => this.#pending.addGap(partition, range, lock));
  }

  newLock(): Lock {
    const since = this.#options.clock.now();
    return { since, until: since + (this.lockTimeoutMs ?? Infinity) };
  }

  /** Takes out what is to be sent now. */
  take(): PartitionAcknowledgements[] {
    const acknowledgements = this.#pending.take();
    if (this.#pending.isEmpty) this.#isFlushing = false;
    return acknowledgements;
  }

  /** Whether its acknowledgement is in flight. */
  isOut(delivery: Delivery): boolean {
    return delivery.state === 'acknowledged' && !this.#pending.has(delivery);
  }

  /** Does what an answer says; gives the error after which the same is sent again. */
  settle(acknowledgements: PartitionAcknowledgements, code: number, detail: string | null | undefined): KafkaError | undefined {
    if (code === 0) {
      this.#taken(acknowledgements);
      return undefined;
    }
    const { topic, partition } = acknowledgements.partition;
    const error = brokerError(code, `acknowledging records of '${topic}' partition ${partition}`, { detail: detail ?? null });
    if (this.putBack(acknowledgements, code)) return error;
    const parts = acknowledgements.byLock();
    if (parts.length > 1 && !isGoneWithLeader(code)) this.#say(() => this.#pending.putBackApart(parts));
    else this.refused(acknowledgements, error);
    return undefined;
  }

  /** To be sent again, if that may help. */
  putBack(acknowledgements: PartitionAcknowledgements, code: number): boolean {
    if (!isWorthAnother(code)) return false;
    for (const delivery of acknowledgements.deliveries.keys()) if (delivery.state === 'over') acknowledgements.deliveries.delete(delivery);
    if (acknowledgements.deliveries.size + acknowledgements.gaps.length > 0) this.#say(() => this.#pending.putBack(acknowledgements));
    return true;
  }

  refused({ deliveries }: PartitionAcknowledgements, error: KafkaError): void {
    this.lose(deliveries.keys(), error);
  }

  /** These are not this member's any more; their pending acknowledgements count as refused. */
  lose(deliveries: Iterable<Delivery>, error: KafkaError): void {
    const awaited: Delivery[] = [];
    for (const delivery of deliveries) {
      if (delivery.state === 'over') continue;
      if (delivery.isAwaited) awaited.push(delivery);
      this.#pending.delete(delivery);
      this.#deliveries.delete(delivery);
      delivery.lose(error);
    }
    for (const ofPartition of groupBy(awaited, ({ partition }) => keyOf(partition)).values()) this.#report(ofPartition, error);
  }

  /** All but those of which the broker is being told: their request has its own end. */
  loseAll(error: KafkaError, ofPartition?: SharePartition): void {
    const isLost = (delivery: Delivery): boolean =>
      !this.isOut(delivery) && (ofPartition === undefined || keyOf(delivery.partition) === keyOf(ofPartition));
    this.lose([...this.#deliveries].filter(isLost), error);
    if (ofPartition === undefined) this.#pending.clear();
  }

  #taken({ deliveries }: PartitionAcknowledgements): void {
    const renewed = this.newLock();
    const done: Delivery[] = [];
    for (const [delivery, type] of deliveries) {
      if (delivery.state === 'over') continue;
      if (type !== 'renew') {
        delivery.state = 'over';
        this.#deliveries.delete(delivery);
      }
      delivery.lock = renewed;
      // If it was acknowledged for good meanwhile, the answer to that counts, not this one.
      if (delivery.isAwaited && (type !== 'renew' || delivery.state === 'held')) done.push(delivery);
    }
    this.#report(done, undefined);
  }

  #report(deliveries: readonly Delivery[], error: Error | undefined): void {
    if (deliveries.length === 0) return;
    for (const delivery of deliveries) delivery.isAwaited = false;
    this.#options.onOutcome({ partition: deliveries[0]!.partition, deliveries, error });
  }

  /** The first acknowledgement since the last request is news; later ones go along with it. */
  #say(say: () => void): void {
    const isFirst = this.#pending.isEmpty;
    say();
    if (!isFirst) return;
    this.#saidSince = this.#options.clock.now();
    this.#options.onPending();
  }
}
