import type { MockClusterOptions } from '../options.ts';
import { MockTarget } from './mock-target.ts';
import { RealTarget } from './real-target.ts';
import type { TestKafka } from './target.ts';

/** The environment variable with the addresses of a real Kafka: `host:9092`, or several separated by commas. */
const variable = 'KAFKA_BOOTSTRAP';

export interface StartKafkaOptions extends Omit<MockClusterOptions, 'topics'> {
  /** The addresses of a real Kafka, separated by commas, or `'mock'`. Default: KAFKA_BOOTSTRAP from the environment, or else the mock. */
  readonly target?: string;
  /** Whether the mock listens on 127.0.0.1, for clients that need TCP. Default false. */
  readonly overTcp?: boolean;
}

/**
 * Starts the Kafka of a test: the mock, or the real one that KAFKA_BOOTSTRAP names, so that the same test runs on both. PyKafka:
 * get_cluster.
 *
 * On a real Kafka, the options of the mock have no effect. `topics` throws TypeError, because the names may exist there: use createTopic,
 * which creates fresh ones.
 */
export async function startKafka({ target, overTcp = false, ...options }: StartKafkaOptions = {}): Promise<TestKafka> {
  const chosen = target ?? process.env[variable] ?? 'mock';
  if ('topics' in options) {
    throw new TypeError('startKafka takes no topics, because they may already exist on a real Kafka: use createTopic()');
  }
  return chosen === 'mock' ? MockTarget.start(options, overTcp) : new RealTarget(chosen);
}
