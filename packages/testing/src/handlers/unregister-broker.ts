import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';

/** Forgets a broker, until it starts again (KIP-631). */
export const unregisterBrokerHandler = defineHandler(apis.unregisterBroker, ({ brokerId }, { state, failureOf }) => {
  const failure = failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure, errorMessage: null };
  if (!state.brokers.has(brokerId)) {
    const errorMessage = `Broker ID ${brokerId} is not currently registered`;
    return { throttleTimeMs: 0, errorCode: errorCodes.BROKER_ID_NOT_REGISTERED, errorMessage };
  }
  state.unregisterBroker(brokerId);
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null };
});
