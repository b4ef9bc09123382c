import { apis, errorCodes } from '@tskafka/core/protocol';
import { CloseConnection, defineHandler } from '../handler.ts';
import { filterError, isUnsetFilter } from '../security/acl-filter.ts';

/** Removes the access control entries that match, and tells which. */
export const deleteAclsHandler = defineHandler(apis.deleteAcls, (request, context) => {
  if (request.filters.some(isUnsetFilter)) throw new CloseConnection('DeleteAcls leaves out what a filter needs');
  const { authorizer } = context.state;
  const failed = (errorCode: number, errorMessage: string | null) => ({ errorCode, errorMessage, matchingAcls: [] });
  const failure = context.failureOf();
  if (failure !== 0 || authorizer === undefined) {
    const refused = failure === 0 ? failed(errorCodes.SECURITY_DISABLED, 'No Authorizer is configured.') : failed(failure, null);
    return { throttleTimeMs: 0, filterResults: request.filters.map(() => refused) };
  }
  // Every filter sees what was there before the request.
  const results = request.filters.map((filter) => {
    const wrong = filterError(filter);
    return wrong === undefined ? { acls: authorizer.find(filter) } : { wrong, acls: [] };
  });
  authorizer.remove(results.flatMap(({ acls }) => acls));
  return {
    throttleTimeMs: 0,
    filterResults: results.map(({ wrong, acls }) => {
      if (wrong !== undefined) return failed(errorCodes.INVALID_REQUEST, wrong);
      const matchingAcls = acls.map((acl) => ({ errorCode: errorCodes.NONE, errorMessage: null, ...acl }));
      return { errorCode: errorCodes.NONE, errorMessage: null, matchingAcls };
    }),
  };
});
