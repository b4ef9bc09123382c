// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** UpdateFeatures, versions 0 to 2. */
export const updateFeatures: Api<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  key: 57,
  name: 'UpdateFeatures',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  writeRequest: writeUpdateFeaturesRequest,
  readRequest: readUpdateFeaturesRequest,
  writeResponse: writeUpdateFeaturesResponse,
  readResponse: readUpdateFeaturesResponse,
};

export interface UpdateFeaturesRequest {
  /** default 60000 */
  timeoutMs?: number;
  featureUpdates: readonly FeatureUpdateKey[];
  /** 1+, default false */
  validateOnly?: boolean;
}

export interface FeatureUpdateKey {
  feature: string;
  maxVersionLevel: number;
  /** 0 */
  allowDowngrade?: boolean;
  /** 1+, default 1 */
  upgradeType?: number;
}

export interface UpdateFeaturesResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  /** 0-1 */
  results?: readonly UpdatableFeatureResult[];
}

export interface UpdatableFeatureResult {
  feature: string;
  errorCode: number;
  errorMessage: string | null;
}

function writeUpdateFeaturesRequest(w: Writer, v: number, m: UpdateFeaturesRequest): void {
  w.int32(m.timeoutMs ?? 60000);
  w.array(v, m.featureUpdates, writeFeatureUpdateKey);
  const validateOnly = m.validateOnly ?? false;
  if (v >= 1) w.bool(validateOnly);
  else if (validateOnly !== false) cannotCarry('UpdateFeaturesRequest', 'validateOnly', v);
  w.tags();
}

function readUpdateFeaturesRequest(r: Reader, v: number): Decoded<UpdateFeaturesRequest> {
  const m: Decoded<UpdateFeaturesRequest> = {
    timeoutMs: r.int32(),
    featureUpdates: r.array(v, 5, readFeatureUpdateKey),
    validateOnly: v >= 1 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeFeatureUpdateKey(w: Writer, v: number, m: FeatureUpdateKey): void {
  w.string(m.feature);
  w.int16(m.maxVersionLevel);
  const allowDowngrade = m.allowDowngrade ?? false;
  if (v <= 0) w.bool(allowDowngrade);
  else if (allowDowngrade !== false) cannotCarry('UpdateFeaturesRequest', 'featureUpdates.allowDowngrade', v);
  const upgradeType = m.upgradeType ?? 1;
  if (v >= 1) w.int8(upgradeType);
  else if (upgradeType !== 1) cannotCarry('UpdateFeaturesRequest', 'featureUpdates.upgradeType', v);
  w.tags();
}

function readFeatureUpdateKey(r: Reader, v: number): Decoded<FeatureUpdateKey> {
  const m: Decoded<FeatureUpdateKey> = {
    feature: r.string(),
    maxVersionLevel: r.int16(),
    allowDowngrade: v <= 0 ? r.bool() : false,
    upgradeType: v >= 1 ? r.int8() : 1,
  };
  r.tags();
  return m;
}

function writeUpdateFeaturesResponse(w: Writer, v: number, m: UpdateFeaturesResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  if (v <= 1) w.array(v, m.results ?? [], writeUpdatableFeatureResult);
  w.tags();
}

function readUpdateFeaturesResponse(r: Reader, v: number): Decoded<UpdateFeaturesResponse> {
  const m: Decoded<UpdateFeaturesResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    results: v <= 1 ? r.array(v, 5, readUpdatableFeatureResult) : [],
  };
  r.tags();
  return m;
}

function writeUpdatableFeatureResult(w: Writer, _v: number, m: UpdatableFeatureResult): void {
  w.string(m.feature);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage);
  w.tags();
}

function readUpdatableFeatureResult(r: Reader, _v: number): Decoded<UpdatableFeatureResult> {
  const m: Decoded<UpdatableFeatureResult> = { feature: r.string(), errorCode: r.int16(), errorMessage: r.nullableString() };
  r.tags();
  return m;
}
