import { apis, errorCodes } from '@tskafka/core/protocol';
import { configResource } from '../configs/config-resources.ts';
import { describeBroker, describeLoggers } from '../configs/describe-broker.ts';
import type { Described } from '../configs/described.ts';
import { describeClientMetrics, describeGroup, describeTopic } from '../configs/describe-resources.ts';
import { documentation } from '../configs/generated/documentation.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';

const documented: Readonly<Record<number, string>> = {
  [configResource.topic]: 'topic',
  [configResource.broker]: 'broker',
  [configResource.clientMetrics]: 'clientMetrics',
  [configResource.group]: 'group',
};

/** The configuration of all that has one, with where each value comes from. */
export const describeConfigsHandler = defineHandler(apis.describeConfigs, (request, context) => {
  const { includeSynonyms, includeDocumentation } = request;
  return {
    throttleTimeMs: 0,
    results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
      const { configs, errorCode, errorMessage } = describe(resourceType, resourceName, context);
      const texts = documentation[documented[resourceType] ?? ''] ?? {};
      // Loggers have none, which is not the same as not being asked.
      const textOf = (name: string): string | null => texts[name] ?? (resourceType === configResource.brokerLogger ? '' : null);
      return {
        resourceType,
        resourceName,
        errorCode,
        errorMessage,
        configs: configs
          .filter(({ name }) => !configurationKeys?.length || configurationKeys.includes(name))
          .map((config) => ({
            ...config,
            synonyms: includeSynonyms ? config.synonyms : [],
            documentation: includeDocumentation || resourceType === configResource.brokerLogger ? textOf(config.name) : null,
          })),
      };
    }),
  };
});

function describe(resourceType: number, name: string, context: HandlerContext): Described {
  const failure = context.failureOf(name);
  if (failure !== 0) return { errorCode: failure, errorMessage: '', configs: [] };
  switch (resourceType) {
    case configResource.topic:
      return describeTopic(name, context);
    case configResource.broker:
      return describeBroker(name, context);
    case configResource.brokerLogger:
      return describeLoggers(name, context);
    case configResource.clientMetrics:
      return describeClientMetrics(name, context);
    case configResource.group:
      return describeGroup(name, context);
    default:
      return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: unknownResource, configs: [] };
  }
}

const unknownResource =
  'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.';
