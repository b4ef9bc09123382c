import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { rememberSoftware } from '../broker/client-traits.ts';

const namePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** What this broker offers. A version that it does not know was answered before, by the connection. */
export const apiVersionsHandler = defineHandler(apis.apiVersions, (request, context) => {
  const failure = context.failureOf();
  if (failure !== 0) return { errorCode: failure, apiKeys: [] };
  if (context.version >= 3 && !(namePattern.test(request.clientSoftwareName) && namePattern.test(request.clientSoftwareVersion))) {
    return { errorCode: errorCodes.INVALID_REQUEST, apiKeys: [] };
  }
  const { features } = context.state;
  if (context.version >= 3) {
    rememberSoftware(context.session, { name: request.clientSoftwareName, version: request.clientSoftwareVersion });
  }
  return {
    errorCode: errorCodes.NONE,
    apiKeys: context.apiRanges,
    finalizedFeaturesEpoch: features.epoch,
    // Older clients cannot read a feature that begins at version 0 (KAFKA-17011).
    supportedFeatures: features.supported.filter(({ minVersion }) => context.version >= 4 || minVersion > 0),
    finalizedFeatures: features.finalized,
  };
});
