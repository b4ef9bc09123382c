import type { MockClusterOptions } from '../options.ts';
import { MockTarget } from './mock-target.ts';
import { RealTarget } from './real-target.ts';
import type { TestKafka } from './target.ts';

/** The environment variable that names a real Kafka: `host:9092`, or several with commas between. */
const variable = 'KAFKA_BOOTSTRAP';

export interface StartKafkaOptions extends Omit<MockClusterOptions, 'topics'> {
  /** A real Kafka's addresses with commas between; or `'mock'`. Default: the environment's KAFKA_BOOTSTRAP, and without it the mock. */
  readonly target?: string;
  /** Whether the mock listens on 127.0.0.1, for clients that know no other way. Default false. */
  readonly overTcp?: boolean;
}

/**
 * The Kafka of a test: the mock, or the real one that KAFKA_BOOTSTRAP names, so that one test runs on both. PyKafka: get_cluster.
 *
 * On a real Kafka the mock's options have no effect; `topics` is refused with TypeError, since names there belong to others too:
 * createTopic gives fresh ones.
 */
export async function startKafka({ target, overTcp = false, ...options }: StartKafkaOptions = {}): Promise<TestKafka> {
  const chosen = target ?? process.env[variable] ?? 'mock';
  if ('topics' in options) {
    throw new TypeError('startKafka takes no topics, because they may already exist on a real Kafka: use createTopic()');
  }
  return chosen === 'mock' ? MockTarget.start(options, overTcp) : new RealTarget(chosen);
}
