// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api, Decoded } from '../api.ts';
import { readString, writeString } from '../elements.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** SaslHandshake, versions 0 to 1. */
export const saslHandshake: Api<SaslHandshakeRequest, SaslHandshakeResponse> = {
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: Infinity,
  writeRequest: writeSaslHandshakeRequest,
  readRequest: readSaslHandshakeRequest,
  writeResponse: writeSaslHandshakeResponse,
  readResponse: readSaslHandshakeResponse,
};

export interface SaslHandshakeRequest {
  mechanism: string;
}

export interface SaslHandshakeResponse {
  errorCode: number;
  mechanisms: readonly string[];
}

function writeSaslHandshakeRequest(w: Writer, _v: number, m: SaslHandshakeRequest): void {
  w.string(m.mechanism);
}

function readSaslHandshakeRequest(r: Reader, _v: number): Decoded<SaslHandshakeRequest> {
  return { mechanism: r.string() };
}

function writeSaslHandshakeResponse(w: Writer, v: number, m: SaslHandshakeResponse): void {
  w.int16(m.errorCode);
  w.array(v, m.mechanisms, writeString);
}

function readSaslHandshakeResponse(r: Reader, v: number): Decoded<SaslHandshakeResponse> {
  return { errorCode: r.int16(), mechanisms: r.array(v, 2, readString) };
}
