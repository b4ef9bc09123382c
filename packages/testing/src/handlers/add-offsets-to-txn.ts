import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { coordinatorTopics } from '../topics/coordinator-topics.ts';
import { fencedCode, transactionCoordinatorError } from '../transactions/coordinator-error.ts';

/** Adds a group's offsets to a transaction: that is their partition of `__consumer_offsets`. Clients of protocol 2 need it no more. */
export const addOffsetsToTxnHandler = defineHandler(apis.addOffsetsToTxn, (request, context) => {
  const errorCode = context.failureOf() || add(request.transactionalId, request.groupId, request, context);
  return { throttleTimeMs: 0, errorCode };
});

function add(
  transactionalId: string,
  groupId: string,
  { producerId, producerEpoch }: { readonly producerId: number; readonly producerEpoch: number },
  context: HandlerContext,
): number {
  const { state, version } = context;
  if (transactionalId === '') return errorCodes.INVALID_REQUEST;
  const refusal = transactionCoordinatorError(transactionalId, context);
  if (refusal !== 0) return refusal;
  const { index } = state.coordinatorPartition('group', groupId);
  const partitions = new Map([[coordinatorTopics.group, new Set([index])]]);
  return fencedCode(state.transactions.addPartitions(transactionalId, { producerId, producerEpoch, partitions, version: 0 }), version >= 2);
}
