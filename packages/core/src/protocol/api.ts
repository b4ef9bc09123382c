import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * One Kafka request and response and their bytes, in every version, both ways.
 *
 * A field that some version cannot carry, or that has a default, may be left out when writing; reading fills it in (`Decoded`).
 */
export interface Api<Request = unknown, Response = unknown> {
  /** Kafka's number of this request. */
  readonly key: number;
  /** Kafka's name of it, such as `Produce`. */
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version with compact lengths and tagged fields; Infinity when there is none. */
  readonly flexibleVersion: number;
  writeRequest(w: Writer, version: number, request: Request): void;
  readRequest(r: Reader, version: number): Decoded<Request>;
  writeResponse(w: Writer, version: number, response: Response): void;
  readResponse(r: Reader, version: number): Decoded<Response>;
}

/** A message that is no request: it lies inside a record, or inside the bytes of a request. Its version is known from elsewhere. */
export interface Message<T = unknown> {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version with compact lengths and tagged fields; Infinity when there is none. */
  readonly flexibleVersion: number;
  write(w: Writer, version: number, message: T): void;
  read(r: Reader, version: number): Decoded<T>;
}

/** What reading gives: every field is there, and bytes are views. */
export type Decoded<T> = T extends Uint8Array
  ? Buffer
  : T extends readonly (infer Element)[]
    ? Decoded<Element>[]
    : T extends object
      ? { [Key in keyof T]-?: Decoded<Exclude<T[Key], undefined>> }
      : T;
