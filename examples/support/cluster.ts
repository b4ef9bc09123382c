import { type ClientOptions, createTopics, deleteTopics, KafkaClient, tcpTransport, type Transport } from '@tskafka/core';
import { MockCluster } from '@tskafka/testing';

/** The cluster that the examples run on: a real one at BOOTSTRAP, or one in memory. */
const bootstrap = process.env['BOOTSTRAP'];
const mock = bootstrap === undefined ? await MockCluster.start() : undefined;

/** What `KafkaClient.connect` needs to reach it. In your program this is `{ brokers: 'host:9092' }`. */
export const cluster: ClientOptions & { transport: Transport } = {
  brokers: bootstrap ?? mock!.brokers,
  transport: mock?.transport ?? tcpTransport(),
};

/** Creates topics with names that nobody else uses, and removes them when disposed. */
export async function temporaryTopics(partitions: number, ...names: string[]): Promise<AsyncDisposable & { names: string[] }> {
  const suffix = Math.random().toString(36).slice(2);
  const full = names.map((name) => `${name}-${suffix}`);
  await using client = await KafkaClient.connect(cluster);
  const created = await createTopics(
    client,
    full.map((name) => ({ name, partitions })),
  );
  for (const error of created.values()) if (error !== undefined) throw error;
  return {
    names: full,
    async [Symbol.asyncDispose]() {
      await using client = await KafkaClient.connect(cluster);
      await deleteTopics(client, full);
    },
  };
}
