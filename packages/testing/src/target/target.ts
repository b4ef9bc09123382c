import type { Transport } from '@tskafka/core/protocol';
import type { MockCluster } from '../mock-cluster.ts';
import type { MockRecord, RecordsToWaitFor } from '../mock-topic.ts';
import type { TopicSpec } from '../options.ts';

/** What a test says of a topic, on the mock as on a real Kafka. */
export interface TargetTopicSpec extends Pick<TopicSpec, 'partitions' | 'configs'> {
  /** The beginning of its name. Default `test`. */
  readonly prefix?: string;
}

/** The Kafka of a test: the mock, or a real one. What is here works on both. Our own client takes it for its options. */
export interface TestKafka extends AsyncDisposable {
  /** The addresses that clients are given. */
  readonly brokers: string[];
  /** How our own client reaches them: `KafkaClient.connect(kafka)`. undefined: by TCP. */
  readonly transport: Transport | undefined;
  /** The mock with its faults; undefined on a real Kafka. */
  readonly cluster: MockCluster | undefined;
  /** Creates a topic of a name that no other test uses, and gives the name. On a real Kafka it is deleted at the end. */
  createTopic(spec?: TargetTopicSpec): Promise<string>;
  /** The records that a read_committed consumer would get, by partition and offset. */
  records(topic: string): Promise<MockRecord[]>;
  /** The same, once there are `count` of them that match. Rejects with an Error that shows what is there, after `timeoutMs`. */
  waitForRecords(topic: string, count: number, options?: RecordsToWaitFor): Promise<MockRecord[]>;
  /** The next offset to read that the group has committed; undefined when it has not. */
  committed(group: string, topic: string, partition: number): Promise<number | undefined>;
  /** Ends the mock; on a real Kafka deletes the topics that were created here. */
  close(): Promise<void>;
}
