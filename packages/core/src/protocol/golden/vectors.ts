import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api, Message } from '../api.ts';
import * as apis from '../apis/index.ts';
import { consumerProtocolAssignment } from '../messages/consumer-protocol-assignment.ts';
import { consumerProtocolSubscription } from '../messages/consumer-protocol-subscription.ts';
import { controlRecordTypeSchema } from '../messages/control-record-type-schema.ts';
import { endTxnMarker } from '../messages/end-txn-marker.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

// For tests: what Kafka's own Java classes write (scripts/golden-vectors).

/** A message as Java has it: its value, and its bytes. */
export interface Vector {
  readonly name: string;
  readonly kind: 'request' | 'response' | 'data';
  readonly version: number;
  readonly case: 'default' | 'filled' | 'nulls';
  /** In hex. */
  readonly bytes: string;
  readonly value: unknown;
}

/** A whole request and response as Java frames them, each with a default body. */
export interface Frame {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  readonly clientId: string | null;
  readonly correlationId: number;
  readonly request: string;
  readonly response: string;
}

/** A message with one field set, or null, and what Java does at the versions that cannot carry it: refuse it, or leave it out. */
export interface Refusal {
  readonly name: string;
  readonly kind: Vector['kind'];
  readonly field: string;
  readonly refused: readonly number[];
  readonly dropped: readonly number[];
  readonly value: unknown;
}

/** An error code as Java knows it. */
export interface ErrorCode {
  readonly code: number;
  readonly name: string;
  readonly retriable: boolean;
  readonly staleMetadata: boolean;
}

export const vectors = (): Vector[] => readLines<Vector>('vectors.jsonl');
export const frames = (): Frame[] => readLines<Frame>('frames.jsonl');
export const refusals = (): Refusal[] => readLines<Refusal>('refusals.jsonl');
export const errors = (): ErrorCode[] => readLines<ErrorCode>('errors.jsonl');

function readLines<Line>(file: string): Line[] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

export const messages: readonly Message[] = [
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  controlRecordTypeSchema,
  endTxnMarker,
];

/** Our codec for a vector's bytes. */
export interface Codec {
  readonly flexible: boolean;
  read(r: Reader): unknown;
  write(w: Writer, value: unknown): void;
}

export function codecOf({ name, kind, version }: Pick<Vector, 'name' | 'kind' | 'version'>): Codec {
  const codec: Api | Message | undefined = [...apis.all, ...messages].find((candidate) => candidate.name === name);
  if (codec === undefined) throw new Error(`there is no codec for ${name}`);
  if (version < codec.minVersion || version > codec.maxVersion) throw new Error(`${name} has no version ${version}`);
  const flexible = version >= codec.flexibleVersion;
  if ('read' in codec) return { flexible, read: (r) => codec.read(r, version), write: (w, value) => codec.write(w, version, value) };
  if (kind === 'request')
    return { flexible, read: (r) => codec.readRequest(r, version), write: (w, value) => codec.writeRequest(w, version, value) };
  return { flexible, read: (r) => codec.readResponse(r, version), write: (w, value) => codec.writeResponse(w, version, value) };
}

/** A decoded value in the form that the vectors have: bytes in base64, the largest long by name. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(plain);
  if (value === Infinity) return 'Infinity';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

/** The opposite of `plain`: what a caller would hand to the codec. */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value === 'Infinity') return Infinity;
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value) return Buffer.from(String(value.base64), 'base64');
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revive(field)]));
}
