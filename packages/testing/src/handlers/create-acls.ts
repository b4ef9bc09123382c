import { apis, errorCodes } from '@tskafka/core/protocol';
import { CloseConnection, defineHandler } from '../handler.ts';
import { isFilterLike, isUnsetAcl, newAclError } from '../security/new-acl.ts';

/** Adds access control entries. One that is there already is no error. */
export const createAclsHandler = defineHandler(apis.createAcls, (request, context) => {
  const acls = request.creations.map(({ resourcePatternType, ...acl }) => ({ ...acl, patternType: resourcePatternType }));
  if (acls.some(isUnsetAcl)) throw new CloseConnection('CreateAcls leaves out what an entry needs');
  const isWhollyWrong = acls.some(isFilterLike);
  const { authorizer } = context.state;
  return {
    throttleTimeMs: 0,
    results: acls.map((acl) => {
      const failure = context.failureOf();
      if (failure !== 0) return { errorCode: failure, errorMessage: null };
      if (authorizer === undefined) return { errorCode: errorCodes.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };
      if (isWhollyWrong) return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
      const wrong = newAclError(acl);
      if (wrong !== undefined) return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: wrong };
      authorizer.add(acl);
      return { errorCode: errorCodes.NONE, errorMessage: '' };
    }),
  };
});
