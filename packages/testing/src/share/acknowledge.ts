import { errorCodes } from '@tskafka/core/protocol';
import type { InFlightBatch, Locks, StateBatch } from './in-flight-batch.ts';
import type { InFlightRecords } from './in-flight-records.ts';
import type { InFlightState, RecordState } from './in-flight-state.ts';

/** What a member says of records that it was given. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** One for all, or one for each offset. */
  readonly acknowledgeTypes: readonly number[];
}

/** Kafka's numbers; a gap is an offset without a record, or with one that no consumer sees. */
export const acknowledgeType = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const;

const stateAfter: Readonly<Record<number, Exclude<RecordState, 'acquired'>>> = {
  [acknowledgeType.gap]: 'archived',
  [acknowledgeType.accept]: 'acknowledged',
  [acknowledgeType.release]: 'available',
  [acknowledgeType.reject]: 'archived',
};

export interface ShareError {
  readonly code: number;
  readonly message: string | null;
}

export interface AcknowledgeRules {
  readonly deliveryCountLimit: number;
  readonly renewEnabled: boolean;
}

/** State that has changed, and can still be changed back: nothing holds before the group's state was stored. */
export class Transition {
  readonly #before: { readonly of: InFlightState; readonly state: RecordState; readonly memberId: string }[] = [];
  readonly batches: StateBatch[] = [];

  leave(state: InFlightState, to: Exclude<RecordState, 'acquired'>, firstOffset: number, lastOffset: number, limit: number): void {
    this.#before.push({ of: state, state: state.state, memberId: state.memberId });
    state.leave(to, limit);
    this.batches.push({ firstOffset, lastOffset, state: state.state, deliveryCount: state.deliveryCount });
  }

  /** Ends the locks. Gives whether something became available. */
  commit(): boolean {
    for (const { of } of this.#before) of.unlock();
    return this.#before.some(({ of }) => of.state === 'available');
  }

  rollBack(): void {
    for (const { of, state, memberId } of this.#before) {
      of.state = state;
      of.memberId = memberId;
    }
  }
}

/** Takes what a member says of its records. The first batch that is wrong ends it; the caller then rolls back. */
export function acknowledgeRecords(
  inFlight: InFlightRecords,
  memberId: string,
  batches: readonly AcknowledgementBatch[],
  rules: AcknowledgeRules,
  locks: Locks,
  transition: Transition,
): ShareError | undefined {
  for (const batch of batches) {
    if (batch.lastOffset < inFlight.startOffset) continue;
    const found = find(inFlight, batch);
    if ('code' in found) return found;
    for (const own of found) {
      if (own.lastOffset < inFlight.startOffset) continue;
      const error = acknowledgeBatch(inFlight, memberId, batch, own, rules, locks, transition);
      if (error !== undefined) return error;
    }
  }
  return undefined;
}

const invalidState = (message: string): ShareError => ({ code: errorCodes.INVALID_RECORD_STATE, message });
const invalidRequest = (message: string): ShareError => ({ code: errorCodes.INVALID_REQUEST, message });

function find(inFlight: InFlightRecords, { firstOffset, lastOffset }: AcknowledgementBatch): readonly InFlightBatch[] | ShareError {
  const { startOffset } = inFlight;
  const holdsStart = firstOffset < startOffset && lastOffset >= startOffset;
  const floor = inFlight.floor(firstOffset) ?? (holdsStart ? inFlight.floor(startOffset) : undefined);
  if (floor === undefined) return invalidState('Batch record not found. The request batch offsets are not found in the cache.');
  const found = inFlight.beginningIn(floor.firstOffset, lastOffset);
  const end = found.at(-1)!.lastOffset;
  if (end < firstOffset) return invalidRequest('Batch record not found. The first offset in request is past acquired records.');
  if (end < lastOffset) return invalidRequest('Batch record not found. The last offset in request is past acquired records.');
  return found;
}

function acknowledgeBatch(
  inFlight: InFlightRecords,
  memberId: string,
  batch: AcknowledgementBatch,
  own: InFlightBatch,
  rules: AcknowledgeRules,
  locks: Locks,
  transition: Transition,
): ShareError | undefined {
  const { whole } = own;
  if (whole !== undefined) {
    if (whole.memberId === '') return invalidState('The batch cannot be acknowledged. The batch is not in the acquired state.');
    if (whole.memberId !== memberId) return invalidState('Member is not the owner of batch record');
    const holdsStart = own.firstOffset < inFlight.startOffset;
    if (own.isWithin(batch.firstOffset, batch.lastOffset) && batch.acknowledgeTypes.length === 1 && !holdsStart) {
      return acknowledgeOne(whole, own.firstOffset, own.lastOffset, batch.acknowledgeTypes[0]!, rules, locks, transition);
    }
  }
  for (const [offset, state] of own.split(locks)) {
    if (offset < batch.firstOffset || offset < inFlight.startOffset) continue;
    if (offset > batch.lastOffset) break;
    if (state.state !== 'acquired') return invalidState('The offset cannot be acknowledged. The offset is not acquired.');
    if (state.memberId !== memberId) return invalidState('Member is not the owner of offset');
    const { acknowledgeTypes, firstOffset } = batch;
    const type = acknowledgeTypes.length > 1 ? acknowledgeTypes[offset - firstOffset]! : acknowledgeTypes[0]!;
    const error = acknowledgeOne(state, offset, offset, type, rules, locks, transition);
    if (error !== undefined) return error;
  }
  return undefined;
}

function acknowledgeOne(
  state: InFlightState,
  firstOffset: number,
  lastOffset: number,
  type: number,
  rules: AcknowledgeRules,
  locks: Locks,
  transition: Transition,
): ShareError | undefined {
  if (type !== acknowledgeType.renew) {
    transition.leave(state, stateAfter[type]!, firstOffset, lastOffset, rules.deliveryCountLimit);
    return undefined;
  }
  if (!rules.renewEnabled) return invalidState('Renewing acquisition locks is not enabled for the group.');
  state.unlock();
  state.lock = locks.take(firstOffset, lastOffset);
  return undefined;
}
