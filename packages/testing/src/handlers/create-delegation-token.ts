import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { namedPrincipal, principalParts } from '../security/principal.ts';

const nothing = Buffer.alloc(0);

/** Makes a token that logs in for the client, or, where that is allowed, for somebody else (KIP-373). */
export const createDelegationTokenHandler = defineHandler(apis.createDelegationToken, (request, context) => {
  const { session, access, state } = context;
  const requester = session.principal;
  const owner = request.ownerPrincipalName ? namedPrincipal(request.ownerPrincipalType ?? '', request.ownerPrincipalName) : requester;
  const who = {
    ...principalFields(owner),
    ...(context.version >= 3 && requesterFields(requester)),
  };
  const refused = (errorCode: number, timestamp = -1) => ({
    ...who,
    errorCode,
    issueTimestampMs: timestamp,
    expiryTimestampMs: timestamp,
    maxTimestampMs: timestamp,
    tokenId: '',
    hmac: nothing,
    throttleTimeMs: 0,
  });
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (!session.mayUseTokens) return refused(errorCodes.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
  if (owner !== requester && !access.may('createTokens', 'user', owner)) return refused(errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED);
  if (request.renewers.some(({ principalType }) => principalType !== 'User')) return refused(errorCodes.INVALID_PRINCIPAL_TYPE);
  if (!state.tokens.enabled) return refused(errorCodes.DELEGATION_TOKEN_AUTH_DISABLED, 0);
  const renewers = request.renewers.map(({ principalType, principalName }) => namedPrincipal(principalType, principalName));
  const token = state.tokens.create(owner, requester, renewers, request.maxLifetimeMs);
  return {
    ...who,
    errorCode: errorCodes.NONE,
    issueTimestampMs: token.issuedAt,
    expiryTimestampMs: token.expiresAt,
    maxTimestampMs: token.maxTimestamp,
    tokenId: token.id,
    hmac: token.hmac,
    throttleTimeMs: 0,
  };
});

function requesterFields(principal: string) {
  const { type, name } = principalParts(principal);
  return { tokenRequesterPrincipalType: type, tokenRequesterPrincipalName: name };
}

function principalFields(principal: string) {
  const { type, name } = principalParts(principal);
  return { principalType: type, principalName: name };
}
