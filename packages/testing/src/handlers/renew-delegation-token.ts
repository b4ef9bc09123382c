import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { type DelegationToken, mayRenew } from '../security/delegation-tokens.ts';

/** Lets a token live longer. */
export const renewDelegationTokenHandler = defineHandler(apis.renewDelegationToken, (request, context) => {
  const found = tokenToChange(request.hmac, context);
  if (typeof found === 'number') return refusedChange(found);
  const { tokens } = context.state;
  if (tokens.isExpired(found)) return refusedChange(errorCodes.DELEGATION_TOKEN_EXPIRED);
  if (!mayRenew(found, context.session.principal)) return refusedChange(errorCodes.DELEGATION_TOKEN_OWNER_MISMATCH);
  tokens.renew(found, request.renewPeriodMs);
  return { errorCode: errorCodes.NONE, expiryTimestampMs: found.expiresAt, throttleTimeMs: 0 };
});

/** The token that a client wants to change, or the error code. */
export function tokenToChange(hmac: Uint8Array, context: HandlerContext): DelegationToken | number {
  const failure = context.failureOf();
  if (failure !== 0) return failure;
  if (!context.session.mayUseTokens) return errorCodes.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
  const { tokens } = context.state;
  if (!tokens.enabled) return errorCodes.DELEGATION_TOKEN_AUTH_DISABLED;
  return tokens.byHmac(hmac) ?? errorCodes.DELEGATION_TOKEN_NOT_FOUND;
}

export function refusedChange(errorCode: number) {
  // What the broker refuses has -1 for a time, what the controller refuses 0.
  const expiryTimestampMs = errorCode === errorCodes.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED ? -1 : 0;
  return { errorCode, expiryTimestampMs, throttleTimeMs: 0 };
}
