// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readInt8, writeInt8, readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** GetTelemetrySubscriptions, versions 0 to 0. */
export const getTelemetrySubscriptions: Api<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> = {
  key: 71,
  name: 'GetTelemetrySubscriptions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writeGetTelemetrySubscriptionsRequest,
  readRequest: readGetTelemetrySubscriptionsRequest,
  writeResponse: writeGetTelemetrySubscriptionsResponse,
  readResponse: readGetTelemetrySubscriptionsResponse,
};

export interface GetTelemetrySubscriptionsRequest {
  clientInstanceId: string;
}

export interface GetTelemetrySubscriptionsResponse {
  throttleTimeMs: number;
  errorCode: number;
  clientInstanceId: string;
  subscriptionId: number;
  acceptedCompressionTypes: readonly number[];
  pushIntervalMs: number;
  telemetryMaxBytes: number;
  deltaTemporality: boolean;
  requestedMetrics: readonly string[];
}

function writeGetTelemetrySubscriptionsRequest(w: Writer, _v: number, m: GetTelemetrySubscriptionsRequest): void {
  w.uuid(m.clientInstanceId);
  w.tags();
}

function readGetTelemetrySubscriptionsRequest(r: Reader, _v: number): Decoded<GetTelemetrySubscriptionsRequest> {
  const m: Decoded<GetTelemetrySubscriptionsRequest> = { clientInstanceId: r.uuid() };
  r.tags();
  return m;
}

function writeGetTelemetrySubscriptionsResponse(w: Writer, v: number, m: GetTelemetrySubscriptionsResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.uuid(m.clientInstanceId);
  w.int32(m.subscriptionId);
  w.array(v, m.acceptedCompressionTypes, writeInt8);
  w.int32(m.pushIntervalMs);
  w.int32(m.telemetryMaxBytes);
  w.bool(m.deltaTemporality);
  w.array(v, m.requestedMetrics, writeString);
  w.tags();
}

function readGetTelemetrySubscriptionsResponse(r: Reader, v: number): Decoded<GetTelemetrySubscriptionsResponse> {
  const m: Decoded<GetTelemetrySubscriptionsResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    clientInstanceId: r.uuid(),
    subscriptionId: r.int32(),
    acceptedCompressionTypes: r.array(v, 1, readInt8),
    pushIntervalMs: r.int32(),
    telemetryMaxBytes: r.int32(),
    deltaTemporality: r.bool(),
    requestedMetrics: r.array(v, 1, readString),
  };
  r.tags();
  return m;
}
