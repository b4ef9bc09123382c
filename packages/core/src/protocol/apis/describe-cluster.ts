// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cannotCarry } from '../writer.ts';

/** DescribeCluster, versions 0 to 2. */
export const describeCluster: Api<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  writeRequest: writeDescribeClusterRequest,
  readRequest: readDescribeClusterRequest,
  writeResponse: writeDescribeClusterResponse,
  readResponse: readDescribeClusterResponse,
};

export interface DescribeClusterRequest {
  includeClusterAuthorizedOperations: boolean;
  /** 1+, default 1 */
  endpointType?: number;
  /** 2+ */
  includeFencedBrokers?: boolean;
}

export interface DescribeClusterResponse {
  throttleTimeMs: number;
  errorCode: number;
  /** default null */
  errorMessage?: string | null;
  /** 1+, default 1 */
  endpointType?: number;
  clusterId: string;
  /** default -1 */
  controllerId?: number;
  brokers: readonly DescribeClusterBroker[];
  /** default -2147483648 */
  clusterAuthorizedOperations?: number;
}

export interface DescribeClusterBroker {
  brokerId: number;
  host: string;
  port: number;
  /** default null */
  rack?: string | null;
  /** 2+ */
  isFenced?: boolean;
}

function writeDescribeClusterRequest(w: Writer, v: number, m: DescribeClusterRequest): void {
  w.bool(m.includeClusterAuthorizedOperations);
  const endpointType = m.endpointType ?? 1;
  if (v >= 1) w.int8(endpointType);
  else if (endpointType !== 1) cannotCarry('DescribeClusterRequest', 'endpointType', v);
  const includeFencedBrokers = m.includeFencedBrokers ?? false;
  if (v >= 2) w.bool(includeFencedBrokers);
  else if (includeFencedBrokers !== false) cannotCarry('DescribeClusterRequest', 'includeFencedBrokers', v);
  w.tags();
}

function readDescribeClusterRequest(r: Reader, v: number): Decoded<DescribeClusterRequest> {
  const m: Decoded<DescribeClusterRequest> = {
    includeClusterAuthorizedOperations: r.bool(),
    endpointType: v >= 1 ? r.int8() : 1,
    includeFencedBrokers: v >= 2 ? r.bool() : false,
  };
  r.tags();
  return m;
}

function writeDescribeClusterResponse(w: Writer, v: number, m: DescribeClusterResponse): void {
  w.int32(m.throttleTimeMs);
  w.int16(m.errorCode);
  w.nullableString(m.errorMessage ?? null);
  const endpointType = m.endpointType ?? 1;
  if (v >= 1) w.int8(endpointType);
  else if (endpointType !== 1) cannotCarry('DescribeClusterResponse', 'endpointType', v);
  w.string(m.clusterId);
  w.int32(m.controllerId ?? -1);
  w.array(v, m.brokers, writeDescribeClusterBroker);
  w.int32(m.clusterAuthorizedOperations ?? -2147483648);
  w.tags();
}

function readDescribeClusterResponse(r: Reader, v: number): Decoded<DescribeClusterResponse> {
  const m: Decoded<DescribeClusterResponse> = {
    throttleTimeMs: r.int32(),
    errorCode: r.int16(),
    errorMessage: r.nullableString(),
    endpointType: v >= 1 ? r.int8() : 1,
    clusterId: r.string(),
    controllerId: r.int32(),
    brokers: r.array(v, 11, readDescribeClusterBroker),
    clusterAuthorizedOperations: r.int32(),
  };
  r.tags();
  return m;
}

function writeDescribeClusterBroker(w: Writer, v: number, m: DescribeClusterBroker): void {
  w.int32(m.brokerId);
  w.string(m.host);
  w.int32(m.port);
  w.nullableString(m.rack ?? null);
  const isFenced = m.isFenced ?? false;
  if (v >= 2) w.bool(isFenced);
  else if (isFenced !== false) cannotCarry('DescribeClusterResponse', 'brokers.isFenced', v);
  w.tags();
}

function readDescribeClusterBroker(r: Reader, v: number): Decoded<DescribeClusterBroker> {
  const m: Decoded<DescribeClusterBroker> = {
    brokerId: r.int32(),
    host: r.string(),
    port: r.int32(),
    rack: r.nullableString(),
    isFenced: v >= 2 ? r.bool() : false,
  };
  r.tags();
  return m;
}
