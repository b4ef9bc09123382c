import { expect, test, type TestAPI } from 'vitest';
import { kafkaMatchers, type KafkaMatchers } from './matching/matchers.ts';
import { startKafka, type StartKafkaOptions } from './target/start-kafka.ts';
import type { TestKafka } from './target/target.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- vitest's own parameters
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends KafkaMatchers<R> {}
}

/** Adds toHaveRecord, toHaveRecords and toHaveCommitted to vitest's `expect`. */
export function extendExpect(): void {
  expect.extend(kafkaMatchers);
}

/**
 * vitest's `test` with a fresh Kafka for each test that asks for it: `test('…', async ({ kafka }) => …)`.
 *
 * After a test on the mock, faults that never happened are an error.
 */
export function kafkaTest(options: StartKafkaOptions = {}): TestAPI<{ kafka: TestKafka }> {
  extendExpect();
  return test.extend<{ kafka: TestKafka }>({
    // vitest reads the names of what a fixture needs from the pattern.
    kafka: async ({}, use) => {
      const kafka = await startKafka(options);
      await use(kafka);
      await kafka.close();
      kafka.cluster?.assertFaultsFired();
    },
  });
}
