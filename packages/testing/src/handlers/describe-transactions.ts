import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { transactionCoordinatorError } from '../transactions/coordinator-error.ts';

/** What the coordinator knows of transactional ids (KIP-664). */
export const describeTransactionsHandler = defineHandler(apis.describeTransactions, (request, context) => ({
  throttleTimeMs: 0,
  transactionStates: request.transactionalIds.map((transactionalId) => describe(transactionalId, context)),
}));

const unknown = { transactionState: '', transactionTimeoutMs: 0, transactionStartTimeMs: 0, producerId: 0, producerEpoch: 0, topics: [] };

function describe(transactionalId: string, context: HandlerContext) {
  const failure = context.failureOf() || (transactionalId === '' ? errorCodes.INVALID_REQUEST : 0);
  const errorCode = failure || transactionCoordinatorError(transactionalId, context);
  if (errorCode !== 0) return { errorCode, transactionalId, ...unknown };
  const found = context.state.transactions.get(transactionalId);
  if (found === undefined) return { errorCode: errorCodes.TRANSACTIONAL_ID_NOT_FOUND, transactionalId, ...unknown };
  return {
    errorCode,
    transactionalId,
    transactionState: found.state,
    transactionTimeoutMs: found.timeoutMs,
    transactionStartTimeMs: found.startedAt,
    producerId: found.producerId,
    producerEpoch: found.producerEpoch,
    topics: [...found.partitions].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
  };
}
