import { shown } from './check-options.ts';

/** Where a client and a topic keep their cluster: a registered symbol, so that the ESM and the CJS copy of this file agree. */
export const clusterSymbol: unique symbol = Symbol.for('@tskafka/cluster') as never;

/** The cluster of a client or a topic. Throws TypeError for what is neither, such as the promise of a client that nobody has awaited. */
export function clusterOf<Cluster>(of: string, source: { readonly [clusterSymbol]: Cluster }): Cluster {
  const cluster = (source as Partial<typeof source> | null | undefined)?.[clusterSymbol];
  if (cluster !== undefined) return cluster;
  const isPromise = source instanceof Promise;
  throw new TypeError(
    `${of} needs a KafkaClient or one of its topics, not ${isPromise ? 'a promise: await it' : `${shown(source)}: await KafkaClient.connect({ brokers })`}`,
  );
}
