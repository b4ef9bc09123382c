// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** PushTelemetry, versions 0 to 0. */
export const pushTelemetry: Api<PushTelemetryRequest, PushTelemetryResponse> = {
  key: 72,
  name: 'PushTelemetry',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  writeRequest: writePushTelemetryRequest,
  readRequest: readPushTelemetryRequest,
  writeResponse: writePushTelemetryResponse,
  readResponse: readPushTelemetryResponse,
};

export interface PushTelemetryRequest {
  clientInstanceId: string;
  subscriptionId: number;
  terminating: boolean;
  compressionType: number;
  metrics: Uint8Array;
}

export interface PushTelemetryResponse {
  throttleTimeMs: number;
  errorCode: number;
}

function writePushTelemetryRequest(w: Writer, _v: number, m: PushTelemetryRequest): void {
  w.uuid(m.clientInstanceId);
  w.int32(m.subscriptionId);
  w.bool(m.terminating);
  w.int8(m.compressionType);
  w.bytes(m.metrics);
  w.tags();
}

function readPushTelemetryRequest(r: Reader, _v: number): Decoded<PushTelemetryRequest> {
  const m: Decoded<PushTelemetryRequest> = {
    clientInstanceId: r.uuid(),
    subscriptionId: r.int32(),
    terminating: r.bool(),
    compressionType: r.int8(),
    metrics: r.bytes(),
  };
  r.tags();
  return m;
}

function writePushTelemetryResponse(w: Writer, _v: number, m: PushTelemetryResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.tags();
}

function readPushTelemetryResponse(r: Reader, _v: number): Decoded<PushTelemetryResponse> {
  const m: Decoded<PushTelemetryResponse> = { throttleTimeMs: r.int32(), errorCode: r.int16() };
  r.tags();
  return m;
}
