import { apis } from '@tskafka/core/protocol';
import { alterOperation } from '../configs/alter-operations.ts';
import { changeResources } from '../configs/change-resources.ts';
import { defineHandler } from '../handler.ts';

/** Puts a new configuration in the place of a resource's old one. */
export const alterConfigsHandler = defineHandler(apis.alterConfigs, (request, context) => ({
  throttleTimeMs: 0,
  responses: changeResources(
    request.resources.map(({ resourceType, resourceName, configs }) => ({
      resourceType,
      resourceName,
      alterations: configs.map(({ name, value }) => ({ name, value, operation: alterOperation.set })),
      replaces: true,
    })),
    request.validateOnly,
    context,
  ),
}));
