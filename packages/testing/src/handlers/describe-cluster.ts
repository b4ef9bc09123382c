import { apis, errorCodes } from '@tskafka/core/protocol';
import { notAsked } from '../security/authorized-operations.ts';
import { defineHandler } from '../handler.ts';

const brokerEndpoint = 1;
const controllerEndpoint = 2;

/** The brokers, also those that the cluster believes dead, where they are asked for. */
export const describeClusterHandler = defineHandler(apis.describeCluster, (request, context) => {
  const { metadata, session, state, version } = context;
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure, null);
  if (request.endpointType === controllerEndpoint) {
    const text = 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER';
    return refused(version === 0 ? errorCodes.INVALID_REQUEST : errorCodes.MISMATCHED_ENDPOINT_TYPE, text);
  }
  if (request.endpointType !== brokerEndpoint) {
    return refused(errorCodes.UNSUPPORTED_ENDPOINT_TYPE, `Unsupported endpoint type ${request.endpointType}`);
  }
  const alive = new Set(metadata.brokers.map(({ id }) => id));
  const fenced = request.includeFencedBrokers ? [...state.brokers.values()].filter(({ id }) => !alive.has(id)) : [];
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    endpointType: brokerEndpoint,
    clusterId: metadata.clusterId,
    controllerId: metadata.controllerId,
    brokers: [...metadata.brokers, ...fenced].map(({ id, rack }) => ({
      brokerId: id,
      ...session.addressOf(id),
      rack: rack ?? null,
      isFenced: !alive.has(id),
    })),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? context.access.clusterOperations() : notAsked,
  };
});

function refused(errorCode: number, errorMessage: string | null) {
  return { throttleTimeMs: 0, errorCode, errorMessage, clusterId: '', brokers: [] };
}
