import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { type ScramMechanism, scramMechanism } from '../security/scram-users.ts';

/** Who may log in by SCRAM, and how often their passwords are hashed (KIP-554). */
export const describeUserScramCredentialsHandler = defineHandler(apis.describeUserScramCredentials, (request, context) => {
  const { scramUsers } = context.state;
  const failure = context.failureOf();
  const asked = (request.users ?? []).map(({ name }) => name);
  const names = asked.length === 0 ? scramUsers.names : [...new Set(asked)];
  const results = names.map((user) => {
    const refused = (errorCode: number, errorMessage: string) => ({ user, errorCode, errorMessage, credentialInfos: [] });
    if (asked.indexOf(user) !== asked.lastIndexOf(user)) {
      const text = 'Cannot describe SCRAM credentials for the same user twice in a single request: ';
      return refused(errorCodes.DUPLICATE_RESOURCE, `${text}${user}`);
    }
    const credentialInfos = (Object.keys(scramMechanism) as ScramMechanism[]).flatMap((mechanism) => {
      const iterations = scramUsers.iterations(mechanism, user);
      return iterations === undefined ? [] : [{ mechanism: scramMechanism[mechanism], iterations }];
    });
    if (credentialInfos.length === 0) {
      return refused(errorCodes.RESOURCE_NOT_FOUND, `Attempt to describe a user credential that does not exist: ${user}`);
    }
    return { user, errorCode: errorCodes.NONE, errorMessage: '', credentialInfos };
  });
  return { throttleTimeMs: 0, errorCode: failure, errorMessage: '', results: failure === 0 ? results : [] };
});
