import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { alterScramUsers } from '../security/alter-scram-users.ts';

/** Adds, changes and removes those who may log in by SCRAM (KIP-554). */
export const alterUserScramCredentialsHandler = defineHandler(apis.alterUserScramCredentials, (request, context) => {
  const failure = context.failureOf();
  if (failure !== 0) {
    const users = new Set([...request.deletions, ...request.upsertions].map(({ name }) => name));
    return { throttleTimeMs: 0, results: [...users].map((user) => ({ user, errorCode: failure, errorMessage: null })) };
  }
  const results = alterScramUsers(context.state.scramUsers, request);
  const done = { errorCode: errorCodes.NONE, errorMessage: null };
  return { throttleTimeMs: 0, results: [...results].map(([user, error]) => ({ user, ...(error ?? done) })) };
});
