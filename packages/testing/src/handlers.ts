import type { Handler } from './handler.ts';
import { apiVersionsHandler } from './handlers/api-versions.ts';
import { createTopicsHandler } from './handlers/create-topics.ts';
import { fetchHandler } from './handlers/fetch.ts';
import { findCoordinatorHandler } from './handlers/find-coordinator.ts';
import { listOffsetsHandler } from './handlers/list-offsets.ts';
import { metadataHandler } from './handlers/metadata.ts';
import { offsetCommitHandler } from './handlers/offset-commit.ts';
import { offsetFetchHandler } from './handlers/offset-fetch.ts';
import { produceHandler } from './handlers/produce.ts';
import { saslAuthenticateHandler } from './handlers/sasl-authenticate.ts';
import { saslHandshakeHandler } from './handlers/sasl-handshake.ts';

/** All that the mock answers: one file for each API. What is not here, it does not offer (see SKIPPED.md). */
export const handlers: readonly Handler[] = [
  apiVersionsHandler,
  createTopicsHandler,
  fetchHandler,
  findCoordinatorHandler,
  listOffsetsHandler,
  metadataHandler,
  offsetCommitHandler,
  offsetFetchHandler,
  produceHandler,
  saslAuthenticateHandler,
  saslHandshakeHandler,
];

export const handlersByKey: ReadonlyMap<number, Handler> = new Map(handlers.map((handler) => [handler.api.key, handler]));
