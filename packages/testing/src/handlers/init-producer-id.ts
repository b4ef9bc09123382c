import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';

/** Gives out producer ids. Without a transactional id each is new and its epoch 0, whatever the producer had before. */
export const initProducerIdHandler = defineHandler(apis.initProducerId, (request, context) => {
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if ((request.producerId === -1) !== (request.producerEpoch === -1)) return refused(errorCodes.INVALID_REQUEST);
  // Transactions are not there yet (SKIPPED.md): better a plain refusal than ids that fence nobody.
  if (request.transactionalId !== null) return refused(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, producerId: context.state.nextProducerId(), producerEpoch: 0 };
});

function refused(errorCode: number) {
  return { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 };
}
