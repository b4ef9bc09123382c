import type { Api, BrokerAddress, Decoded } from '@tskafka/core/protocol';
import type { RequestQuota } from './quotas/request-quota.ts';
import type { Access } from './security/access.ts';
import type { ClusterState } from './cluster-state.ts';
import type { MetadataView } from './broker/metadata-view.ts';
import type { SaslServer } from './sasl/sasl-server.ts';
import type { FetchSessionCache } from './fetch/fetch-session-cache.ts';
import type { ApiRange } from './broker/versions.ts';

/** What a handler knows besides the request. */
export interface HandlerContext {
  readonly state: ClusterState;
  /** The broker that answers. */
  readonly brokerId: number;
  readonly version: number;
  readonly clientId: string | null;
  readonly session: Session;
  /** What the client may do. */
  readonly access: Access;
  /** How much it may do. */
  readonly quota: RequestQuota;
  /** The cluster as this broker sees it, which a test may have made old. */
  readonly metadata: MetadataView;
  /** The fetch sessions of this broker. */
  readonly fetchSessions: FetchSessionCache;
  /** The versions that this broker offers. */
  readonly apiRanges: readonly ApiRange[];
  /** The error that a test has ordered for this topic or partition, or for the whole request; 0 for none. */
  failureOf(topic?: string, partition?: number): number;
}

/** What lives as long as a connection. */
export interface Session {
  /** The address that clients of this connection's listener are told for a broker. */
  addressOf(brokerId: number): BrokerAddress;
  /** Calls `callback` when the connection ends, until the returned function is called. */
  onClose(callback: () => void): () => void;
  /** Calls `callback` when whoever waits for records should be answered with what is there, until the returned function is called. */
  onEndPolls(callback: () => void): () => void;
  /** Who the client is, such as `User:alice`; `User:ANONYMOUS` when it has not said so. */
  readonly principal: string;
  /** Whether it may ask for delegation tokens: not without having said who it is, nor by a token. */
  readonly mayUseTokens: boolean;
  /** undefined where the listener does not ask for SASL. */
  readonly sasl: SaslServer | undefined;
  /** Closes the connection once the answer to this request is out. */
  closeAfterAnswer(): void;
}

/** Answers one API. `undefined` is no answer at all, which a client that asked for no acknowledgement expects. */
export interface Handler {
  readonly api: Api;
  handle(request: unknown, context: HandlerContext): Answer<unknown>;
}

export type Answer<Response> = Response | undefined | Promise<Response | undefined>;

/** Ends the connection instead of an answer, as a broker does with a request that it cannot make sense of. */
export class CloseConnection extends Error {}

export function defineHandler<Request, Response>(
  api: Api<Request, Response>,
  handle: (request: Decoded<Request>, context: HandlerContext) => Answer<Response>,
): Handler {
  // The types have done their work here: a connection reads the request with the same `api`.
  return { api, handle } as unknown as Handler;
}
