/** Where a client and a topic keep their cluster: a registered symbol, so that the ESM and the CJS copy of this file agree. */
export const clusterSymbol: unique symbol = Symbol.for('@tskafka/cluster') as never;
