import { apis, errorCodes, type SaslAuthenticateResponse } from '@tskafka/core/protocol';
import { CloseConnection, defineHandler } from '../handler.ts';

/** Carries the tokens of the mechanism that SaslHandshake chose. After a refusal the connection is closed. */
export const saslAuthenticateHandler = defineHandler(apis.saslAuthenticate, async (request, context) => {
  const { session, version } = context;
  const failure = context.failureOf();
  if (failure !== 0) {
    session.closeAfterAnswer();
    return failed(failure, 'Authentication failed');
  }
  const { sasl } = session;
  if (sasl === undefined) return failed(errorCodes.ILLEGAL_SASL_STATE, 'SaslAuthenticate request received after successful authentication');
  const step = await sasl.step(request.authBytes);
  if (step === undefined) throw new CloseConnection('SaslAuthenticate before SaslHandshake');
  if (step.kind === 'refused') {
    session.closeAfterAnswer();
    return failed(errorCodes.SASL_AUTHENTICATION_FAILED, step.message);
  }
  return {
    errorCode: errorCodes.NONE,
    errorMessage: '', // Kafka leaves the default of the message
    authBytes: step.token,
    sessionLifetimeMs: version >= 1 ? step.sessionLifetimeMs : 0,
  };
});

function failed(errorCode: number, errorMessage: string): SaslAuthenticateResponse {
  return { errorCode, errorMessage, authBytes: Buffer.alloc(0) };
}
