import { apis, type Decoded, errorCodes, type InitProducerIdRequest } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { fencedCode, transactionCoordinatorError } from '../transactions/coordinator-error.ts';

/** Gives out producer ids: without a transactional id always a new one, with one its own and a new epoch, which fences older producers. */
export const initProducerIdHandler = defineHandler(apis.initProducerId, (request, context) => {
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if ((request.producerId === -1) !== (request.producerEpoch === -1)) return refused(errorCodes.INVALID_REQUEST);
  if (request.transactionalId === null) return given(context.state.nextProducerId(), 0);
  const refusal = checkTransactional(request.transactionalId, request.transactionTimeoutMs, context);
  if (refusal !== 0) return refused(refusal);
  const { transactions } = context.state;
  const named = expectedOf(request);
  const { error, producerId, producerEpoch } = transactions.initialize(request.transactionalId, request.transactionTimeoutMs, named);
  return error === 'NONE' ? given(producerId, producerEpoch) : refused(fencedCode(error, context.version >= 4));
});

function checkTransactional(transactionalId: string, timeoutMs: number, context: HandlerContext): number {
  if (transactionalId === '') return errorCodes.INVALID_REQUEST;
  const longest = context.state.configs.number('transaction.max.timeout.ms');
  if (timeoutMs <= 0 || timeoutMs > longest) return errorCodes.INVALID_TRANSACTION_TIMEOUT;
  return transactionCoordinatorError(transactionalId, context);
}

function expectedOf({ producerId, producerEpoch }: Decoded<InitProducerIdRequest>) {
  return producerId === -1 ? undefined : { producerId, producerEpoch };
}

function given(producerId: number, producerEpoch: number) {
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, producerId, producerEpoch };
}

function refused(errorCode: number) {
  return { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 };
}
