import { apis, errorCodes } from '@tskafka/core/protocol';
import { traitsOf } from '../broker/client-traits.ts';
import { defineHandler } from '../handler.ts';

/** Takes the metrics that a client pushes (KIP-714). */
export const pushTelemetryHandler = defineHandler(apis.pushTelemetry, (request, context) => {
  const { state, clientId, brokerId } = context;
  const failure = context.failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure };
  const { clientInstanceId, subscriptionId, terminating, compressionType, metrics } = request;
  const pushed = { clientInstanceId, clientId, brokerId, subscriptionId, terminating, compressionType, metrics: Buffer.from(metrics) };
  const limits = { now: state.clock.wallTime(), maxBytes: state.configs.number('telemetry.max.bytes') };
  const error = state.telemetry.push(pushed, traitsOf(clientInstanceId, context), state.telemetrySubscriptions, limits);
  return { throttleTimeMs: 0, errorCode: error === undefined ? errorCodes.NONE : errorCodes[error] };
});
