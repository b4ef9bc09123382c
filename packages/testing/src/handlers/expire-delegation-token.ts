import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { mayRenew } from '../security/delegation-tokens.ts';
import { refusedChange, tokenToChange } from './renew-delegation-token.ts';

/** Lets a token end, at once or at a time. */
export const expireDelegationTokenHandler = defineHandler(apis.expireDelegationToken, (request, context) => {
  const found = tokenToChange(request.hmac, context);
  if (typeof found === 'number') return refusedChange(found);
  const { tokens } = context.state;
  if (!mayRenew(found, context.session.principal)) return refusedChange(errorCodes.DELEGATION_TOKEN_OWNER_MISMATCH);
  if (request.expiryTimePeriodMs >= 0 && tokens.isExpired(found)) return refusedChange(errorCodes.DELEGATION_TOKEN_EXPIRED);
  return { errorCode: errorCodes.NONE, expiryTimestampMs: tokens.expire(found, request.expiryTimePeriodMs), throttleTimeMs: 0 };
});
