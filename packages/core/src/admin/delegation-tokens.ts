import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { createDelegationToken as createApi } from '../protocol/apis/create-delegation-token.ts';
import { describeDelegationToken as describeApi } from '../protocol/apis/describe-delegation-token.ts';
import { expireDelegationToken as expireApi } from '../protocol/apis/expire-delegation-token.ts';
import { renewDelegationToken as renewApi } from '../protocol/apis/renew-delegation-token.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { checkList, checkName } from './items.ts';

/** A token with which to log in as its owner (KIP-48). Times are milliseconds since 1970; principals are such as `User:alice`. */
export interface DelegationToken {
  /** The user name of the login. */
  readonly tokenId: string;
  /** What proves the token; in base64 it is the password of the login (SCRAM, with the extension `tokenauth=true`). A secret. */
  readonly hmac: Buffer;
  readonly owner: string;
  /** Who asked for it; undefined if the brokers are older than 3.3. */
  readonly requester: string | undefined;
  /** Who may renew it beside its owner. */
  readonly renewers: readonly string[];
  readonly issuedAt: number;
  /** When it ends, unless it is renewed. */
  readonly expiresAt: number;
  /** Beyond this it cannot be renewed. */
  readonly maxAt: number;
}

/** Options of `createDelegationToken`. */
export interface CreateDelegationTokenOptions extends AdminOptions {
  /** The owner of the token (KIP-373, brokers from 3.3 on). Default: the user of this client. */
  readonly owner?: string;
  /** Principals that may renew it besides its owner, such as `User:bob`. Default: none. */
  readonly renewers?: readonly string[];
  /** The longest that it may live, even if renewed. Default: as long as the brokers allow. */
  readonly maxLifetimeMs?: number;
}

/**
 * Creates a token. Java: Admin.createDelegationToken. Rejects with TypeError for bad options, and BrokerError: DELEGATION_TOKEN_AUTH_DISABLED,
 * DELEGATION_TOKEN_REQUEST_NOT_ALLOWED on a connection that is not secured, or that logged in by a token itself; INVALID_PRINCIPAL_TYPE,
 * DELEGATION_TOKEN_AUTHORIZATION_FAILED.
 */
export async function createDelegationToken(client: KafkaClient, options: CreateDelegationTokenOptions = {}): Promise<DelegationToken> {
  const cluster = clusterOf('createDelegationToken', client);
  const limits = limitsOf(cluster, 'createDelegationToken', options, ['owner', 'renewers', 'maxLifetimeMs']);
  const { owner, renewers = [], maxLifetimeMs = -1 } = options;
  checkList('renewers', renewers);
  const ownerOf = owner === undefined ? undefined : principal(owner);
  const request = {
    ...(ownerOf && { ownerPrincipalType: ownerOf.principalType, ownerPrincipalName: ownerOf.principalName }),
    renewers: renewers.map(principal),
    maxLifetimeMs,
  };
  const minVersion = owner === undefined ? undefined : 3;
  return atAny(
    cluster,
    async (connection, signal) => {
      const made = await connection.send(createApi, request, { signal, ...(minVersion && { minVersion }) });
      if (made.errorCode !== 0) throw brokerError(made.errorCode, 'a delegation token');
      const { issueTimestampMs: issueTimestamp, expiryTimestampMs: expiryTimestamp, maxTimestampMs: maxTimestamp } = made;
      return token({ ...made, issueTimestamp, expiryTimestamp, maxTimestamp, renewers: request.renewers });
    },
    limits,
  );
}

/**
 * The tokens that these own or may renew, and that we may see; without owners all of them. Java: Admin.describeDelegationToken.
 * Rejects as createDelegationToken.
 */
export async function describeDelegationTokens(
  client: KafkaClient,
  owners?: readonly string[],
  options: AdminOptions = {},
): Promise<DelegationToken[]> {
  const cluster = clusterOf('describeDelegationTokens', client);
  if (owners !== undefined) checkList('owners', owners);
  const named = owners?.map(principal) ?? null;
  const limits = limitsOf(cluster, 'describeDelegationTokens', options);
  if (named?.length === 0) return [];
  return atAny(
    cluster,
    async (connection, signal) => {
      const { errorCode, tokens } = await connection.send(describeApi, { owners: named }, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, 'delegation tokens');
      return tokens.map(token);
    },
    limits,
  );
}

/**
 * Lets a token, which is named by its `hmac`, live on for `periodMs` from now on (default: as long as the brokers allow at once); resolves
 * with when it ends then, in milliseconds since 1970. Java: Admin.renewDelegationToken. Rejects with TypeError for what is no hmac, and
 * BrokerError: DELEGATION_TOKEN_NOT_FOUND, DELEGATION_TOKEN_EXPIRED, DELEGATION_TOKEN_OWNER_MISMATCH when we are neither its owner nor one
 * of its renewers.
 */
export async function renewDelegationToken(
  client: KafkaClient,
  hmac: Uint8Array,
  { periodMs = -1, ...options }: AdminOptions & { readonly periodMs?: number } = {},
): Promise<number> {
  return newEnd(client, 'renewDelegationToken', hmac, options, (connection, signal) =>
    connection.send(renewApi, { hmac, renewPeriodMs: periodMs }, { signal }),
  );
}

/**
 * Ends a token, which is named by its `hmac`, now or in `afterMs` milliseconds; resolves with when, in milliseconds since 1970. Java:
 * Admin.expireDelegationToken. Rejects as renewDelegationToken.
 */
export async function expireDelegationToken(
  client: KafkaClient,
  hmac: Uint8Array,
  { afterMs = -1, ...options }: AdminOptions & { readonly afterMs?: number } = {},
): Promise<number> {
  return newEnd(client, 'expireDelegationToken', hmac, options, (connection, signal) =>
    connection.send(expireApi, { hmac, expiryTimePeriodMs: afterMs }, { signal }),
  );
}

/** Gives a token, which is named by its secret, another end. */
async function newEnd(
  client: KafkaClient,
  of: string,
  hmac: Uint8Array,
  options: AdminOptions,
  send: (connection: Connection, signal: AbortSignal) => Promise<{ readonly errorCode: number; readonly expiryTimestampMs: number }>,
): Promise<number> {
  const cluster = clusterOf(of, client);
  if (!(hmac instanceof Uint8Array) || hmac.length === 0) throw new TypeError('a delegation token is identified by the bytes of its hmac');
  const ask = async (connection: Connection, signal: AbortSignal): Promise<number> => {
    const { errorCode, expiryTimestampMs } = await send(connection, signal);
    if (errorCode !== 0) throw brokerError(errorCode, 'the delegation token');
    return expiryTimestampMs;
  };
  return atAny(cluster, ask, limitsOf(cluster, of, options));
}

interface Principal {
  readonly principalType: string;
  readonly principalName: string;
}

function principal(text: string): Principal {
  checkName('a principal', text);
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new TypeError(`a principal needs a type and a name, as in User:alice, not '${text}'`);
  return { principalType: text.slice(0, colon), principalName: text.slice(colon + 1) };
}

function shown({ principalType, principalName }: Principal): string {
  return `${principalType}:${principalName}`;
}

interface TokenAnswer extends Principal {
  readonly tokenRequesterPrincipalType: string;
  readonly tokenRequesterPrincipalName: string;
  readonly issueTimestamp: number;
  readonly expiryTimestamp: number;
  readonly maxTimestamp: number;
  readonly tokenId: string;
  readonly hmac: Buffer;
  readonly renewers: readonly Principal[];
}

function token(answer: TokenAnswer): DelegationToken {
  const { tokenRequesterPrincipalType: principalType, tokenRequesterPrincipalName: principalName } = answer;
  return {
    tokenId: answer.tokenId,
    hmac: Buffer.from(answer.hmac), // and not a view of the whole answer
    owner: shown(answer),
    requester: principalName === '' ? undefined : shown({ principalType, principalName }),
    renewers: answer.renewers.map(shown),
    ...{ issuedAt: answer.issueTimestamp, expiresAt: answer.expiryTimestamp, maxAt: answer.maxTimestamp },
  };
}
