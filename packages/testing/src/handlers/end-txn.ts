import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { fencedCode, transactionCoordinatorError } from '../transactions/coordinator-error.ts';

/** Commits or aborts a transaction. From version 5 on the answer has the epoch of the next one (KIP-890). */
export const endTxnHandler = defineHandler(apis.endTxn, (request, context) => {
  const { transactionalId, producerId, producerEpoch, committed } = request;
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (transactionalId === '') return refused(errorCodes.INVALID_REQUEST);
  const refusal = transactionCoordinatorError(transactionalId, context);
  if (refusal !== 0) return refused(refusal);
  const version = context.version > 4 ? 2 : 0;
  const { error, ...next } = context.state.transactions.end(transactionalId, { producerId, producerEpoch, committed, version });
  return { throttleTimeMs: 0, errorCode: fencedCode(error, context.version >= 2), ...(context.version >= 5 && next) };
});

function refused(errorCode: number) {
  return { throttleTimeMs: 0, errorCode };
}
