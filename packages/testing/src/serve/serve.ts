import { MockCluster } from '../mock-cluster.ts';
import type { TopicSpec } from '../options.ts';

/** What a cluster is served with that stands for itself. All have defaults. */
export interface ServeOptions {
  /** How many brokers. Default 3. */
  readonly brokers?: number;
  /** The port of the first broker on 127.0.0.1; the next ones follow. Default: any that are free. */
  readonly port?: number;
  /** Topics that are there from the start: `orders`, or `orders:3` for three partitions. */
  readonly topics?: readonly string[];
  /** The Kafka release whose API versions the brokers offer. Default: 4.3. */
  readonly kafkaVersion?: string;
  /** Whether it takes its time as a real cluster does. Default false. */
  readonly realism?: boolean;
}

/** A cluster that listens. */
export interface ServedCluster extends AsyncDisposable {
  readonly cluster: MockCluster;
  /** The addresses for clients: `127.0.0.1:9092`, one for each broker. */
  readonly brokers: string[];
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * Serves a cluster in memory on 127.0.0.1, for clients in other processes, as `npx @tskafka/testing` does.
 *
 * Throws RangeError for a topic that cannot be meant, and Node's own error where a port is taken.
 */
export async function serve({ brokers = 3, port, topics = [], kafkaVersion, realism = false }: ServeOptions = {}): Promise<ServedCluster> {
  const cluster = await MockCluster.start({
    ...{ brokers, realism, topics: topicsOf(topics) },
    ...(kafkaVersion !== undefined && { kafkaVersion }),
  });
  const close = (): Promise<void> => cluster.close();
  try {
    const listening = await cluster.listen(port === undefined ? {} : { port });
    return { cluster, brokers: listening.brokers, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `orders:3` is a name and a number of partitions. No name of a topic has a colon. */
function topicsOf(texts: readonly string[]): Record<string, TopicSpec> {
  return Object.fromEntries(
    texts.map((text) => {
      const match = /^([^:]+)(?::([1-9]\d*))?$/.exec(text);
      if (match === null) throw new RangeError(`'${text}' is no topic: it reads like orders or orders:3, with a number of partitions`);
      return [match[1]!, { partitions: Number(match[2] ?? 1) }];
    }),
  );
}
