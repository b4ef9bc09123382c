import { systemClock } from '@tskafka/core/protocol';
import { readFile } from 'node:fs/promises';
import { MockCluster } from '../mock-cluster.ts';
import type { TopicSpec } from '../options.ts';
import { faultOf, orderFault } from './fault-of.ts';
import { saslOf, type ServedLogin } from './sasl-of.ts';
import { seedOf, type SeededRecord } from './seed-of.ts';

/** How to serve a cluster. All options have defaults. */
export interface ServeOptions {
  /** The number of brokers. Default 3. */
  readonly brokers?: number;
  /** The address to listen on and to advertise; `0.0.0.0` means every address of this machine. Default 127.0.0.1. */
  readonly host?: string;
  /** The port of the first broker; the next ones follow. Default: free ports. */
  readonly port?: number;
  /** Topics to create: `orders`, or `orders:3` for three partitions. */
  readonly topics?: readonly string[];
  /** The Kafka release whose API versions the brokers offer. Default: 4.3. */
  readonly kafkaVersion?: string;
  /** Files of messages to load, in the format of `tskafka consume --json`. Their topics need not be in `topics`. */
  readonly seeds?: readonly string[];
  /** Logins: `plain:alice:secret`, or `oauthbearer` for any token. Default: no login. */
  readonly sasl?: readonly string[];
  /** Faults to inject: `Produce NOT_LEADER_OR_FOLLOWER 5%`, `Fetch drop 1%`, `Metadata delay 200ms`. */
  readonly faults?: readonly string[];
  /** Whether it has the delays of a real cluster. Default false. */
  readonly realism?: boolean;
}

/** A cluster that listens. */
export interface ServedCluster extends AsyncDisposable {
  readonly cluster: MockCluster;
  /** The addresses for clients: `127.0.0.1:9092`, one for each broker. */
  readonly brokers: string[];
  /** The users that may log in with a password. */
  readonly logins: readonly ServedLogin[];
  /** Closes it. */
  close(): Promise<void>;
}

/**
 * Serves an in-memory cluster for clients in other processes, as `npx @tskafka/testing` does.
 *
 * Throws RangeError or TypeError for invalid options, and Node's own error if a port is taken or a file cannot be read.
 */
export async function serve(options: ServeOptions = {}): Promise<ServedCluster> {
  const { brokers = 3, host, port, topics = [], seeds = [], sasl = [], faults = [], kafkaVersion, realism = false } = options;
  const records = (await Promise.all(seeds.map(async (file) => seedOf(await readFile(file, 'utf8'), file)))).flat();
  const ordered = faults.map(faultOf);
  const access = saslOf(sasl);
  const cluster = await MockCluster.start({
    ...{ brokers, realism, topics: withSeeded(topicsOf(topics), records) },
    ...(sasl.length > 0 && { sasl: access.sasl }),
    ...(kafkaVersion !== undefined && { kafkaVersion }),
  });
  const close = (): Promise<void> => cluster.close();
  try {
    for (const { topic, ...record } of records) cluster.topic(topic).append(record);
    // eslint-disable-next-line no-restricted-properties -- for a person who looks on
    for (const fault of ordered) orderFault(cluster, fault, { clock: systemClock, random: Math.random });
    const listening = await cluster.listen({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) });
    return { cluster, brokers: listening.brokers, logins: access.logins, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A topic that is only in the seed has as many partitions as its messages need; so has one that is named with fewer. */
function withSeeded(topics: Record<string, { partitions: number }>, records: readonly SeededRecord[]): Record<string, TopicSpec> {
  for (const { topic, partition } of records) {
    topics[topic] = { partitions: Math.max(topics[topic]?.partitions ?? 1, partition + 1) };
  }
  return topics;
}

/** `orders:3` is a name and a number of partitions. No name of a topic has a colon. */
function topicsOf(texts: readonly string[]): Record<string, { partitions: number }> {
  return Object.fromEntries(
    texts.map((text) => {
      const match = /^([^:]+)(?::([1-9]\d*))?$/.exec(text);
      if (match === null) throw new RangeError(`'${text}' is not a topic: write it like orders, or orders:3 with the number of partitions`);
      return [match[1]!, { partitions: Number(match[2] ?? 1) }];
    }),
  );
}
