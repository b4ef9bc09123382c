import { apis } from '@tskafka/core/protocol';
import { changeResources } from '../configs/change-resources.ts';
import { defineHandler } from '../handler.ts';

/** Sets, deletes, appends to and subtracts from the configuration of resources (KIP-339). */
export const incrementalAlterConfigsHandler = defineHandler(apis.incrementalAlterConfigs, (request, context) => ({
  throttleTimeMs: 0,
  responses: changeResources(
    request.resources.map(({ resourceType, resourceName, configs }) => ({
      resourceType,
      resourceName,
      alterations: configs.map(({ name, value, configOperation }) => ({ name, value, operation: configOperation })),
      replaces: false,
    })),
    request.validateOnly,
    context,
  ),
}));
