import { type Api, apis, type Decoded } from '@tskafka/core/protocol';

/** Kafka's name of an API, such as `Produce`. */
export type ApiName = Capitalize<Exclude<keyof typeof apis, 'all'>>;

/** The request of an API as it was read. */
export type RequestOf<Name extends ApiName> =
  (typeof apis)[Uncapitalize<Name>] extends Api<infer Request, infer _Response> ? Decoded<Request> : never;

/** The response of an API, open for changes. */
export type ResponseOf<Name extends ApiName> =
  (typeof apis)[Uncapitalize<Name>] extends Api<infer _Request, infer Response> ? Draft<Response> : never;

/** The same, with everything in it open for changes. */
export type Draft<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer Element)[]
    ? Draft<Element>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : T;
