import type { Transport } from '@tskafka/core/protocol';
import type { MockCluster } from '../mock-cluster.ts';
import type { MockRecord, RecordsToWaitFor } from '../mock-topic.ts';
import type { TopicSpec } from '../options.ts';

/** The topic that a test needs, on the mock or on a real Kafka. */
export interface TargetTopicSpec extends Pick<TopicSpec, 'partitions' | 'configs'> {
  /** The start of its name. Default `test`. */
  readonly prefix?: string;
}

/** The Kafka of a test: the mock, or a real one. Everything here works on both. `KafkaClient.connect` accepts it as options. */
export interface TestKafka extends AsyncDisposable {
  /** The addresses for clients. */
  readonly brokers: string[];
  /** The transport for `KafkaClient.connect(kafka)`; undefined means TCP. */
  readonly transport?: Transport;
  /** The mock with its faults; undefined on a real Kafka. */
  readonly cluster: MockCluster | undefined;
  /** Creates a topic with a fresh name, and returns the name. On a real Kafka it is deleted at the end. */
  createTopic(spec?: TargetTopicSpec): Promise<string>;
  /** The records that a read_committed consumer would get, by partition and offset. */
  records(topic: string): Promise<MockRecord[]>;
  /** The same, once `count` of them match. After `timeoutMs` (real Kafka: 10,000) it rejects with an Error that shows the existing records. */
  waitForRecords(topic: string, count: number, options?: RecordsToWaitFor): Promise<MockRecord[]>;
  /** The next offset to read that the group has committed; undefined if there is none. */
  committed(group: string, topic: string, partition: number): Promise<number | undefined>;
  /** Calls `end` when this is closed, before anything else: for clients that would go on looking for the Kafka. */
  onClose(end: () => unknown): void;
  /** Ends what was registered by `onClose`, then closes the mock, or deletes the topics that were created on a real Kafka. */
  close(): Promise<void>;
}
