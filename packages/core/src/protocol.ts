export type { Api, Decoded } from './protocol/api.ts';
export * from './errors.ts';
export { type Clock, type Random, type Timer, delay, systemClock } from './clock.ts';
export { type BrokerAddress, formatAddress, type Transport, type TransportEvents, type TransportStream } from './transport.ts';
export { Reader } from './protocol/reader.ts';
export { Writer } from './protocol/writer.ts';
