import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';

/** Chooses the SASL mechanism. */
export const saslHandshakeHandler = defineHandler(apis.saslHandshake, (request, context) => {
  const { sasl } = context.session;
  const failure = context.failureOf();
  // Without SASL on this listener there is nothing to choose from, and nothing to say.
  if (sasl === undefined) return { errorCode: failure || errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
  const { mechanisms } = sasl;
  if (failure !== 0) return { errorCode: failure, mechanisms };
  if (sasl.expectsToken) {
    context.session.closeAfterAnswer();
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
  }
  if (sasl.begin(request.mechanism, context.version === 0)) return { errorCode: errorCodes.NONE, mechanisms };
  context.session.closeAfterAnswer();
  return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms };
});
