// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ApiVersions, versions 0 to 4. */
export const apiVersions: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 3,
  writeRequest: writeApiVersionsRequest,
  readRequest: readApiVersionsRequest,
  writeResponse: writeApiVersionsResponse,
  readResponse: readApiVersionsResponse,
};

export interface ApiVersionsRequest {
  /** 3+ */
  clientSoftwareName?: string;
  /** 3+ */
  clientSoftwareVersion?: string;
}

export interface ApiVersionsResponse {
  errorCode: number;
  apiKeys: readonly ApiVersion[];
  /** 1+ */
  throttleTimeMs?: number;
  /** 3+ */
  supportedFeatures?: readonly SupportedFeatureKey[];
  /** 3+, default -1 */
  finalizedFeaturesEpoch?: number;
  /** 3+ */
  finalizedFeatures?: readonly FinalizedFeatureKey[];
  /** 3+, default false */
  zkMigrationReady?: boolean;
}

export interface FinalizedFeatureKey {
  name: string;
  maxVersionLevel: number;
  minVersionLevel: number;
}

export interface SupportedFeatureKey {
  name: string;
  minVersion: number;
  maxVersion: number;
}

export interface ApiVersion {
  apiKey: number;
  minVersion: number;
  maxVersion: number;
}

function writeApiVersionsRequest(w: Writer, v: number, m: ApiVersionsRequest): void {
  if (v >= 3) w.string(m.clientSoftwareName ?? '');
  if (v >= 3) w.string(m.clientSoftwareVersion ?? '');
  w.tags();
}

function readApiVersionsRequest(r: Reader, v: number): Decoded<ApiVersionsRequest> {
  const m: Decoded<ApiVersionsRequest> = { clientSoftwareName: v >= 3 ? r.string() : '', clientSoftwareVersion: v >= 3 ? r.string() : '' };
  r.tags();
  return m;
}

function writeApiVersionsResponse(w: Writer, v: number, m: ApiVersionsResponse): void {
  w.int16(m.errorCode);
  w.array(v, m.apiKeys, writeApiVersion);
  if (v >= 1) w.int32(m.throttleTimeMs ?? 0);
  const supportedFeatures = m.supportedFeatures ?? [];
  const finalizedFeaturesEpoch = m.finalizedFeaturesEpoch ?? -1;
  const finalizedFeatures = m.finalizedFeatures ?? [];
  const zkMigrationReady = m.zkMigrationReady ?? false;
  w.tags([
    v >= 3 && supportedFeatures.length !== 0 && [0, (w) => w.array(v, supportedFeatures, writeSupportedFeatureKey)],
    v >= 3 && finalizedFeaturesEpoch !== -1 && [1, (w) => w.int64(finalizedFeaturesEpoch)],
    v >= 3 && finalizedFeatures.length !== 0 && [2, (w) => w.array(v, finalizedFeatures, writeFinalizedFeatureKey)],
    v >= 3 && zkMigrationReady !== false && [3, (w) => w.bool(zkMigrationReady)],
  ]);
}

function readApiVersionsResponse(r: Reader, v: number): Decoded<ApiVersionsResponse> {
  const m: Decoded<ApiVersionsResponse> = {
    errorCode: r.int16(),
    apiKeys: r.array(v, 6, readApiVersion),
    throttleTimeMs: v >= 1 ? r.int32() : 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  };
  r.tags((tag) => {
    if (tag === 0 && v >= 3) m.supportedFeatures = r.array(v, 6, readSupportedFeatureKey);
    else if (tag === 1 && v >= 3) m.finalizedFeaturesEpoch = r.int64();
    else if (tag === 2 && v >= 3) m.finalizedFeatures = r.array(v, 6, readFinalizedFeatureKey);
    else if (tag === 3 && v >= 3) m.zkMigrationReady = r.bool();
    else return false;
    return true;
  });
  return m;
}

function writeFinalizedFeatureKey(w: Writer, _v: number, m: FinalizedFeatureKey): void {
  w.string(m.name);
  w.int16(m.maxVersionLevel);
  w.int16(m.minVersionLevel);
  w.tags();
}

function readFinalizedFeatureKey(r: Reader, _v: number): Decoded<FinalizedFeatureKey> {
  const m: Decoded<FinalizedFeatureKey> = { name: r.string(), maxVersionLevel: r.int16(), minVersionLevel: r.int16() };
  r.tags();
  return m;
}

function writeSupportedFeatureKey(w: Writer, _v: number, m: SupportedFeatureKey): void {
  w.string(m.name);
  w.int16(m.minVersion);
  w.int16(m.maxVersion);
  w.tags();
}

function readSupportedFeatureKey(r: Reader, _v: number): Decoded<SupportedFeatureKey> {
  const m: Decoded<SupportedFeatureKey> = { name: r.string(), minVersion: r.int16(), maxVersion: r.int16() };
  r.tags();
  return m;
}

function writeApiVersion(w: Writer, _v: number, m: ApiVersion): void {
  w.int16(m.apiKey);
  w.int16(m.minVersion);
  w.int16(m.maxVersion);
  w.tags();
}

function readApiVersion(r: Reader, _v: number): Decoded<ApiVersion> {
  const m: Decoded<ApiVersion> = { apiKey: r.int16(), minVersion: r.int16(), maxVersion: r.int16() };
  r.tags();
  return m;
}
