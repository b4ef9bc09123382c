import { ProtocolError } from '../errors.ts';
import type { Api, Decoded } from './api.ts';
import type { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** What opens every request, after its length. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

const apiVersionsKey = 18;

/** Writes one request as a frame: length, header, body. */
export function encodeRequest<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  correlationId: number,
  clientId: string | null,
  request: Request,
): Buffer[] {
  const w = new Writer();
  w.int32(0);
  w.int16(api.key);
  w.int16(version);
  w.int32(correlationId);
  w.nullableString(clientId); // never compact, though the header is flexible (KIP-482)
  w.flexible = version >= api.flexibleVersion;
  w.tags();
  api.writeRequest(w, version, request);
  return withLength(w);
}

/** Reads the header of a request frame (without its length); the body follows in the reader. */
export function decodeRequestHeader(r: Reader, flexibleVersionOf: (apiKey: number) => number): RequestHeader {
  const apiKey = r.int16();
  const apiVersion = r.int16();
  const correlationId = r.int32();
  const clientId = r.nullableString();
  r.flexible = apiVersion >= flexibleVersionOf(apiKey);
  r.tags();
  return { apiKey, apiVersion, correlationId, clientId };
}

/** Writes one response as a frame: length, header, body. */
export function encodeResponse<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  correlationId: number,
  response: Response,
): Buffer[] {
  const w = new Writer();
  w.int32(0);
  w.int32(correlationId);
  const flexible = version >= api.flexibleVersion;
  // ApiVersions answers with the old header always: the client does not know yet what the broker speaks (KIP-511).
  w.flexible = flexible && api.key !== apiVersionsKey;
  w.tags();
  w.flexible = flexible;
  api.writeResponse(w, version, response);
  return withLength(w);
}

/** Reads the body of a response frame, `r` standing behind the correlation id. */
export function decodeResponse<Request, Response>(api: Api<Request, Response>, version: number, r: Reader): Decoded<Response> {
  const flexible = version >= api.flexibleVersion;
  r.flexible = flexible && api.key !== apiVersionsKey;
  r.tags();
  r.flexible = flexible;
  const response = api.readResponse(r, version);
  if (r.remaining !== 0) throw new ProtocolError(`${api.name} version ${version}: ${r.remaining} bytes follow the response`);
  return response;
}

function withLength(w: Writer): Buffer[] {
  const length = w.size - 4;
  const chunks = w.finish();
  chunks[0]!.writeInt32BE(length, 0);
  return chunks;
}
