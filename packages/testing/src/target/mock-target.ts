import { MockCluster } from '../mock-cluster.ts';
import type { MockRecord, RecordsToWaitFor } from '../mock-topic.ts';
import type { MockClusterOptions } from '../options.ts';
import type { TargetTopicSpec, TestKafka } from './target.ts';

/** The mock as the Kafka of a test. */
export class MockTarget implements TestKafka {
  readonly #cluster: MockCluster;
  readonly brokers: string[];
  readonly transport: MockCluster['transport'] | undefined;
  #topics = 0;

  static async start(options: MockClusterOptions, overTcp: boolean): Promise<MockTarget> {
    const cluster = await MockCluster.start(options);
    return new MockTarget(cluster, overTcp ? (await cluster.listen()).brokers : undefined);
  }

  private constructor(cluster: MockCluster, listening: string[] | undefined) {
    this.#cluster = cluster;
    this.brokers = listening ?? cluster.brokers;
    this.transport = listening === undefined ? cluster.transport : undefined;
  }

  get cluster(): MockCluster {
    return this.#cluster;
  }

  createTopic({ prefix = 'test', ...spec }: TargetTopicSpec = {}): Promise<string> {
    const name = `${prefix}-${++this.#topics}`;
    this.#cluster.createTopic(name, spec);
    return Promise.resolve(name);
  }

  async records(topic: string): Promise<MockRecord[]> {
    return this.#cluster.topic(topic).records();
  }

  async waitForRecords(topic: string, count: number, options?: RecordsToWaitFor): Promise<MockRecord[]> {
    return this.#cluster.topic(topic).waitForRecords(count, options);
  }

  async committed(group: string, topic: string, partition: number): Promise<number | undefined> {
    return this.#cluster.group(group).committed(topic, partition);
  }

  onClose(end: () => unknown): void {
    this.#cluster.onClose(end);
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
