import { apis, type DescribeDelegationTokenResponse, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { type DelegationToken, isOwnerOrRenewer } from '../security/delegation-tokens.ts';
import { namedPrincipal, principalParts } from '../security/principal.ts';

/** The tokens that the client may see: its own, those that it may renew, and what it is allowed to describe. */
export const describeDelegationTokenHandler = defineHandler(apis.describeDelegationToken, (request, context) => {
  const { session, access, state } = context;
  const refused = (errorCode: number) => ({ errorCode, tokens: [], throttleTimeMs: 0 });
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (!session.mayUseTokens) return refused(errorCodes.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
  if (!state.tokens.enabled) return refused(errorCodes.DELEGATION_TOKEN_AUTH_DISABLED);
  const owners = request.owners?.map(({ principalType, principalName }) => namedPrincipal(principalType, principalName));
  const tokens = state.tokens.all.filter((token) => {
    if (owners !== undefined && !owners.some((owner) => isOwnerOrRenewer(token, owner))) return false;
    if (isOwnerOrRenewer(token, session.principal)) return true;
    return access.may('describe', 'delegationToken', token.id) || access.may('describeTokens', 'user', token.owner);
  });
  return { errorCode: errorCodes.NONE, tokens: tokens.map((token) => described(token, context.version)), throttleTimeMs: 0 };
});

function described(token: DelegationToken, version: number): DescribeDelegationTokenResponse['tokens'][number] {
  const owner = principalParts(token.owner);
  const requester = principalParts(token.requester);
  return {
    principalType: owner.type,
    principalName: owner.name,
    ...(version >= 3 && { tokenRequesterPrincipalType: requester.type, tokenRequesterPrincipalName: requester.name }),
    issueTimestamp: token.issuedAt,
    expiryTimestamp: token.expiresAt,
    maxTimestamp: token.maxTimestamp,
    tokenId: token.id,
    hmac: token.hmac,
    renewers: token.renewers.map((renewer) => {
      const { type, name } = principalParts(renewer);
      return { principalType: type, principalName: name };
    }),
  };
}
