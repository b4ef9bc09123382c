import type { StartKafkaOptions } from './start-kafka.ts';
import { startKafka } from './start-kafka.ts';
import type { TestKafka } from './target.ts';

/** The hooks of the test runner. Those of vitest, jest and node:test have this shape. */
export interface Hooks {
  beforeEach(run: () => Promise<void>): void;
  afterEach(run: () => Promise<void>): void;
}

/**
 * Gives each test a fresh Kafka: `const kafka = useKafka({ beforeEach, afterEach })`, and in a test `kafka().brokers`.
 *
 * After a test on the mock, faults that never happened are an error.
 */
export function useKafka(hooks: Hooks, options: StartKafkaOptions = {}): () => TestKafka {
  let kafka: TestKafka | undefined;
  hooks.beforeEach(async () => {
    kafka = await startKafka(options);
  });
  hooks.afterEach(async () => {
    const ended = kafka;
    kafka = undefined;
    await ended?.close();
    ended?.cluster?.assertFaultsFired();
  });
  return () => {
    if (kafka === undefined) throw new Error('the Kafka of useKafka() is there only while a test runs');
    return kafka;
  };
}
