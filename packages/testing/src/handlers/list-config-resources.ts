import { apis, errorCodes } from '@tskafka/core/protocol';
import { configResource } from '../configs/config-resources.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

/** Which resources can be asked for their configuration (KIP-1142); before version 1 only subscriptions to clients' metrics. */
export const listConfigResourcesHandler = defineHandler(apis.listConfigResources, (request, context) => {
  const failure = context.failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure, configResources: [] };
  const supported: readonly number[] = context.version === 0 ? [configResource.clientMetrics] : Object.values(configResource);
  const asked = context.version === 0 || request.resourceTypes.length === 0 ? supported : request.resourceTypes;
  if (asked.some((type) => !supported.includes(type))) {
    return { throttleTimeMs: 0, errorCode: errorCodes.UNSUPPORTED_VERSION, configResources: [] };
  }
  // Kafka's order of kinds: groups first, topics last.
  const kinds = [...supported].sort((a, b) => b - a).filter((type) => asked.includes(type));
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    configResources: kinds.flatMap((resourceType) =>
      namesOf(resourceType, context).map((resourceName) => ({ resourceName, resourceType })),
    ),
  };
});

function namesOf(resourceType: number, { state, metadata }: HandlerContext): string[] {
  switch (resourceType) {
    case configResource.group:
      return state.configs.dynamic.names('group');
    case configResource.clientMetrics:
      return state.configs.dynamic.names('clientMetrics');
    case configResource.topic:
      return [...metadata.topicNames];
    default:
      return metadata.brokers.map(({ id }) => String(id));
  }
}
