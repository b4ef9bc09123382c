import type { apis, Decoded } from '@tskafka/core/protocol';

/** Kafka's name of an API, such as `Produce`. */
export type ApiName = Capitalize<Exclude<keyof typeof apis, 'all'>>;

type ApiOf<Name extends ApiName> = (typeof apis)[Uncapitalize<Name>];

/** The request of an API as it was read. */
export type RequestOf<Name extends ApiName> = Decoded<Parameters<ApiOf<Name>['writeRequest']>[2]>;

/** The response of an API. */
export type AnswerOf<Name extends ApiName> = Parameters<ApiOf<Name>['writeResponse']>[2];

/** The response of an API, open for changes. */
export type ResponseOf<Name extends ApiName> = Draft<AnswerOf<Name>>;

/** The same, with everything in it open for changes. */
export type Draft<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer Element)[]
    ? Draft<Element>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : T;
