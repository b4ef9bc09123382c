import { type KafkaError, UnsupportedVersionError } from '@tskafka/core';
import { groupBy } from '@tskafka/core/internal';
import { brokerError, type Clock, errorCodes } from '@tskafka/core/protocol';
import type { AcknowledgeType } from './acknowledge-type.ts';
import type { AcquiredRange } from './acquired-records.ts';
import type { DeliveredBy, Delivery, Lock } from './delivery.ts';
import { isGoneWithLeader, isWorthAnother, type Outcome } from './outcome.ts';
import { Said, type SaidOfPartition } from './said.ts';
import { keyOf, type SharePartition } from './share-partition.ts';

export interface LockedRecordsOptions {
  readonly clock: Clock;
  /** How long an acknowledgement may wait for a fetch that takes it along. */
  readonly acknowledgeDelayMs: number;
  /** Whether the broker can renew locks. */
  readonly canRenew: () => boolean;
  /** Something was said: it is time to look what to do next. */
  readonly onSaid: () => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** The records that one broker has locked for this member, and what is said of them. */
export class LockedRecords implements DeliveredBy {
  /** How long the broker locks a record from now on; undefined before its first answer. What is locked already keeps its own time. */
  lockTimeoutMs: number | undefined;
  readonly #options: LockedRecordsOptions;
  readonly #said = new Said();
  readonly #deliveries = new Set<Delivery>();
  #saidSince = 0;
  #isFlushing = false;

  constructor(options: LockedRecordsOptions) {
    this.#options = options;
  }

  /** Those that are locked, and those of which the broker has not confirmed what was said. */
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
  get said(): Pick<Said, 'isEmpty' | 'renews' | 'partitions'> {
    return this.#said;
  }

  /** When what is said has to go out, whether there is a fetch or not. */
  get dueAt(): number {
    if (this.#said.isEmpty) return Infinity;
    return this.isUrgent ? -Infinity : this.#saidSince + this.#options.acknowledgeDelayMs;
  }

  /** What is said does not wait for a fetch, which may take its time. */
  get isUrgent(): boolean {
    return this.#isFlushing || this.#said.renews;
  }

  flush(): void {
    this.#isFlushing = !this.#said.isEmpty;
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#deliveries.add(delivery);
  }

  /**
   * Gives up what the broker now gives out again: its lock has passed there, whatever our clock says. What is said of the delivery before would
   * count for the one that comes.
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
    if (type !== 'renew') delivery.state = 'said';
    this.#say(() => this.#said.add(delivery, type));
    // A renewal does not wait.
    if (type === 'renew') this.#options.onSaid();
  }

  /** Nobody will ever read these. */
  acknowledgeGap(partition: SharePartition, range: AcquiredRange, lock: Lock): void {
    this.#say(() => this.#said.addGap(partition, range, lock));
  }

  newLock(): Lock {
    const since = this.#options.clock.now();
    return { since, until: since + (this.lockTimeoutMs ?? Infinity) };
  }

  /** Takes out what is to be sent now. */
  take(): SaidOfPartition[] {
    const said = this.#said.take();
    if (this.#said.isEmpty) this.#isFlushing = false;
    return said;
  }

  /** Whether an answer is on its way to what was said of it. */
  isOut(delivery: Delivery): boolean {
    return delivery.state === 'said' && !this.#said.has(delivery);
  }

  /** Does what an answer says; gives the error after which the same is sent again. */
  settle(said: SaidOfPartition, code: number, detail: string | null | undefined): KafkaError | undefined {
    if (code === 0) {
      this.#taken(said);
      return undefined;
    }
    const { topic, partition } = said.partition;
    const error = brokerError(code, `acknowledging records of '${topic}' partition ${partition}`, { detail: detail ?? null });
    if (this.putBack(said, code)) return error;
    const parts = said.byLock();
    if (parts.length > 1 && !isGoneWithLeader(code)) this.#say(() => this.#said.putBackApart(parts));
    else this.refused(said, error);
    return undefined;
  }

  /** To be sent again, if that may help. */
  putBack(said: SaidOfPartition, code: number): boolean {
    if (!isWorthAnother(code)) return false;
    for (const delivery of said.deliveries.keys()) if (delivery.state === 'over') said.deliveries.delete(delivery);
    if (said.deliveries.size + said.gaps.length > 0) this.#say(() => this.#said.putBack(said));
    return true;
  }

  refused({ deliveries }: SaidOfPartition, error: KafkaError): void {
    this.lose(deliveries.keys(), error);
  }

  /** These are not this member's any more; what was said of them counts as refused. */
  lose(deliveries: Iterable<Delivery>, error: KafkaError): void {
    const awaited: Delivery[] = [];
    for (const delivery of deliveries) {
      if (delivery.state === 'over') continue;
      if (delivery.isAwaited) awaited.push(delivery);
      this.#said.delete(delivery);
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
    if (ofPartition === undefined) this.#said.clear();
  }

  #taken({ deliveries }: SaidOfPartition): void {
    const renewed = this.newLock();
    const done: Delivery[] = [];
    for (const [delivery, type] of deliveries) {
      if (delivery.state === 'over') continue;
      if (type !== 'renew') {
        delivery.state = 'over';
        this.#deliveries.delete(delivery);
      }
      delivery.lock = renewed;
      // Where something final was said meanwhile, the answer to that is awaited, and not this one.
      if (delivery.isAwaited && (type !== 'renew' || delivery.state === 'held')) done.push(delivery);
    }
    this.#report(done, undefined);
  }

  #report(deliveries: readonly Delivery[], error: Error | undefined): void {
    if (deliveries.length === 0) return;
    for (const delivery of deliveries) delivery.isAwaited = false;
    this.#options.onOutcome({ partition: deliveries[0]!.partition, deliveries, error });
  }

  /** The first word since the last request is news; what else is said goes along with it. */
  #say(say: () => void): void {
    const isFirst = this.#said.isEmpty;
    say();
    if (!isFirst) return;
    this.#saidSince = this.#options.clock.now();
    this.#options.onSaid();
  }
}
