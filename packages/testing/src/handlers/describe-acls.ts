import { apis, type DescribeAclsResponse, errorCodes } from '@tskafka/core/protocol';
import { CloseConnection, defineHandler } from '../handler.ts';
import type { Acl } from '../security/acl.ts';
import { isUnsetFilter } from '../security/acl-filter.ts';

type Resource = DescribeAclsResponse['resources'][number];

/** The access control entries that match a filter, by resource. */
export const describeAclsHandler = defineHandler(apis.describeAcls, (request, context) => {
  if (isUnsetFilter(request)) throw new CloseConnection('DescribeAcls leaves out what a filter needs');
  const failure = context.failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure, errorMessage: null, resources: [] };
  const { authorizer } = context.state;
  if (authorizer === undefined) {
    const errorMessage = 'No Authorizer is configured on the broker';
    return { throttleTimeMs: 0, errorCode: errorCodes.SECURITY_DISABLED, errorMessage, resources: [] };
  }
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: '', resources: byResource(authorizer.find(request)) };
});

function byResource(acls: readonly Acl[]): Resource[] {
  const resources = new Map<string, Resource & { acls: Acl[] }>();
  for (const acl of acls) {
    const { resourceType, resourceName, patternType } = acl;
    const key = JSON.stringify([resourceType, resourceName, patternType]);
    const resource = resources.get(key) ?? { resourceType, resourceName, patternType, acls: [] };
    resource.acls.push(acl);
    resources.set(key, resource);
  }
  return [...resources.values()];
}
