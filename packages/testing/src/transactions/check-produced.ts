import { errorCodes, errorName, type RecordBatch } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import { type AppendResult, refused } from '../log/append.ts';
import type { PartitionState } from '../topics/topic.ts';
import { type TransactionalClient, verifyAppends } from './verify-append.ts';

/** A batch that may be appended, or why not. */
export type Produced =
  { readonly partition: PartitionState; readonly batch: RecordBatch; readonly refusal?: undefined } | { readonly refusal: AppendResult };

/** Refuses transactional batches that belong to no transaction (KIP-890). From version 12 of Produce on they join theirs by being sent. */
export function checkTransaction(
  produced: readonly Produced[],
  transactionalId: string | null,
  context: HandlerContext,
): ReadonlyMap<Produced, AppendResult> {
  const transactional = produced.filter((one) => one.refusal === undefined).filter(({ batch }) => batch.isTransactional);
  const all = (error: keyof typeof errorCodes) => new Map(produced.map((one) => [one, refused(errorCodes[error])] as const));
  if (transactional.length === 0) return new Map();
  if (transactionalId === null) return all('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
  const identified = transactional.filter(({ batch }) => batch.producerId >= 0);
  const [first] = identified;
  if (first === undefined) return new Map();
  const { producerId, producerEpoch } = first.batch;
  if (identified.some(({ batch }) => batch.producerId !== producerId || batch.producerEpoch !== producerEpoch)) {
    return all('INVALID_PRODUCER_ID_MAPPING');
  }
  const { version, brokerId, state } = context;
  const client = { transactionalId, producerId, producerEpoch, addsPartitions: version >= 12, knowsAbortable: version >= 11 };
  const appends = identified.map(({ partition, batch }) => ({ partition, baseSequence: batch.baseSequence }));
  const errors = verifyAppends(appends, client, brokerId, state);
  return new Map(identified.flatMap((one, i) => (errors[i] === 'NONE' ? [] : [[one, refusedBy(errors[i]!, client)] as const])));
}

/** What a producer is told. It would not try again where it meets a coordinator's error. */
function refusedBy(error: keyof typeof errorCodes, { addsPartitions }: TransactionalClient): AppendResult {
  if (error === 'INVALID_TXN_STATE') return refused(errorCodes[error], -1, 'Partition was not added to the transaction');
  const unavailable = error === 'COORDINATOR_NOT_AVAILABLE' || (error === 'CONCURRENT_TRANSACTIONS' && !addsPartitions);
  if (!unavailable) return refused(errorCodes[error]);
  const message = `Unable to verify the partition has been added to the transaction. Underlying error: ${errorName(errorCodes[error])}`;
  return refused(errorCodes.NOT_ENOUGH_REPLICAS, -1, message);
}
