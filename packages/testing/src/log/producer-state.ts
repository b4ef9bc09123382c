import { isOutOfOrder, type Verification } from './verification.ts';

/**
 * What a partition remembers of an idempotent producer, and what it makes of the producer's next batch (KIP-98).
 *
 * Sequence numbers count a producer's records in one partition from 0, and return to 0 behind 2^31-1.
 */
export interface ProducerState {
  readonly epoch: number;
  /** The newest batches, oldest first, at most five: as many as a client may have in flight. */
  readonly batches: readonly AppendedBatch[];
  readonly coordinatorEpoch: number;
  readonly lastTimestamp: number;
  /** Where the producer's open transaction begins in this partition. */
  readonly transactionStart: number | undefined;
}

export interface AppendedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The largest timestamp in it. */
  readonly timestamp: number;
}

export interface IncomingBatch {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly recordCount: number;
  readonly transactional: boolean;
}

export type ProducerVerdict =
  | { readonly kind: 'append' }
  /** The batch is in the log already: the answer is where. */
  | { readonly kind: 'duplicate'; readonly batch: AppendedBatch }
  | { readonly kind: 'refuse'; readonly error: ProducerRefusal };

export type ProducerRefusal = 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH' | 'INVALID_TXN_STATE';

const rememberedBatches = 5;
const largestEpoch = 32_767;
const sequences = 2 ** 31;

/** The sequence number of the last of `recordCount` records. */
export function lastSequenceOf(firstSequence: number, recordCount: number): number {
  return (firstSequence + recordCount - 1) % sequences;
}

/**
 * What the partition does with the batch. A producer that it does not know may begin at any sequence, unless its transaction
 * was just looked at.
 */
export function judgeBatch(state: ProducerState | undefined, batch: IncomingBatch, verification?: Verification): ProducerVerdict {
  const duplicate = state && duplicateOf(state, batch);
  if (duplicate !== undefined) return { kind: 'duplicate', batch: duplicate };
  if (state !== undefined && batch.epoch < state.epoch) return refuse('INVALID_PRODUCER_EPOCH');
  const hasBatches = state !== undefined && state.batches.length > 0;
  if (verification !== undefined && isOutOfOrder(verification, batch.firstSequence, hasBatches)) {
    return refuse('OUT_OF_ORDER_SEQUENCE_NUMBER');
  }
  if (state === undefined) return { kind: 'append' };
  if (!isNext(state, batch)) return refuse('OUT_OF_ORDER_SEQUENCE_NUMBER');
  if (state.transactionStart !== undefined && !batch.transactional) return refuse('INVALID_TXN_STATE');
  return { kind: 'append' };
}

/** The end of a transaction, as its coordinator wants it written. */
export interface IncomingMarker {
  readonly epoch: number;
  readonly coordinatorEpoch: number;
  /** From 2 on a marker's epoch is higher than that of the records (KIP-890). */
  readonly transactionVersion: number;
}

/** Whether the partition takes the marker. */
export function judgeMarker(
  state: ProducerState | undefined,
  marker: IncomingMarker,
): 'NONE' | 'INVALID_PRODUCER_EPOCH' | 'TRANSACTION_COORDINATOR_FENCED' {
  if (state === undefined) return 'NONE';
  const { epoch } = marker;
  // The same marker again, whose answer was lost, does no harm once the transaction is over.
  const again = epoch === state.epoch && (state.transactionStart === undefined || epoch === largestEpoch);
  const tooOld = marker.transactionVersion >= 2 ? epoch <= state.epoch && !again : epoch < state.epoch;
  if (tooOld) return 'INVALID_PRODUCER_EPOCH';
  return state.coordinatorEpoch > marker.coordinatorEpoch ? 'TRANSACTION_COORDINATOR_FENCED' : 'NONE';
}

/** The state after the batch was appended at `firstOffset`. */
export function withBatch(state: ProducerState | undefined, batch: IncomingBatch, firstOffset: number, timestamp: number): ProducerState {
  const appended: AppendedBatch = {
    firstSequence: batch.firstSequence,
    lastSequence: lastSequenceOf(batch.firstSequence, batch.recordCount),
    firstOffset,
    lastOffset: firstOffset + batch.recordCount - 1,
    timestamp,
  };
  const before = state?.epoch === batch.epoch ? state.batches : [];
  return {
    epoch: batch.epoch,
    batches: [...before, appended].slice(-rememberedBatches),
    coordinatorEpoch: state?.coordinatorEpoch ?? -1,
    lastTimestamp: timestamp,
    transactionStart: batch.transactional ? (state?.transactionStart ?? firstOffset) : undefined,
  };
}

/** The state after a marker ended the producer's transaction. */
export function withMarker(state: ProducerState | undefined, epoch: number, coordinatorEpoch: number, timestamp: number): ProducerState {
  const batches = state?.epoch === epoch ? state.batches : [];
  return { epoch, batches, coordinatorEpoch, lastTimestamp: timestamp, transactionStart: undefined };
}

function duplicateOf({ epoch, batches }: ProducerState, batch: IncomingBatch): AppendedBatch | undefined {
  if (batch.epoch !== epoch) return undefined;
  const lastSequence = lastSequenceOf(batch.firstSequence, batch.recordCount);
  return batches.find((known) => known.firstSequence === batch.firstSequence && known.lastSequence === lastSequence);
}

function isNext(state: ProducerState, batch: IncomingBatch): boolean {
  if (batch.epoch !== state.epoch) return batch.firstSequence === 0 || state.epoch === -1;
  const last = state.batches.at(-1);
  // Only a marker was written with this epoch: the data begins at 0.
  return batch.firstSequence === (last === undefined ? 0 : (last.lastSequence + 1) % sequences);
}

function refuse(error: ProducerRefusal): ProducerVerdict {
  return { kind: 'refuse', error };
}
