import { apis, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { traitsOf } from '../broker/client-traits.ts';
import { defineHandler } from '../handler.ts';
import { randomUuid } from '../random-uuid.ts';

/** zstd, lz4, gzip, snappy: the best first. */
const acceptedCompressionTypes = [4, 3, 1, 2];

/** Which of its own metrics a client shall push (KIP-714). Offered where a test asks for it. */
export const getTelemetrySubscriptionsHandler = defineHandler(apis.getTelemetrySubscriptions, (request, context) => {
  const { state } = context;
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  const clientInstanceId = request.clientInstanceId === zeroUuid ? randomUuid(state.random) : request.clientInstanceId;
  const subscription = state.telemetry.get(traitsOf(clientInstanceId, context), state.telemetrySubscriptions, state.clock.wallTime());
  if (typeof subscription === 'string') return refused(errorCodes[subscription]);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    clientInstanceId,
    subscriptionId: subscription.id,
    acceptedCompressionTypes,
    pushIntervalMs: subscription.pushIntervalMs,
    telemetryMaxBytes: state.configs.number('telemetry.max.bytes'),
    deltaTemporality: true,
    requestedMetrics: subscription.metrics,
  };
});

function refused(errorCode: number) {
  return {
    ...{ throttleTimeMs: 0, errorCode, clientInstanceId: zeroUuid, subscriptionId: 0, acceptedCompressionTypes: [] },
    ...{ pushIntervalMs: 0, telemetryMaxBytes: 0, deltaTemporality: false, requestedMetrics: [] },
  };
}
