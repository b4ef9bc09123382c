import { afterEach, beforeEach, describe, expect } from 'vitest';
import { useKafka } from './target/use-kafka.ts';
import { kafkaTest } from './vitest-door.ts';

const test = kafkaTest({ target: 'mock', brokers: 1 });

describe('kafkaTest', () => {
  test('gives a test a Kafka of its own', async ({ kafka }) => {
    const topic = await kafka.createTopic({ prefix: 'orders' });
    kafka.cluster!.topic(topic).append({ key: 'k', value: 'v' });
    expect(kafka.cluster!.topic(topic)).toHaveRecord({ key: 'k' });
    expect([kafka.brokers, topic]).toEqual([['mock-1:9092'], 'orders-1']);
  });

  test('and the next one another', async ({ kafka }) => {
    expect(kafka.cluster!.topicNames).toEqual([]);
  });

  test('ends with an error when a fault never struck', { fails: true }, async ({ kafka }) => {
    kafka.cluster!.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
  });
});

describe('useKafka', () => {
  const kafka = useKafka({ beforeEach, afterEach }, { target: 'mock', overTcp: true });

  test('gives a test a Kafka of its own, over TCP where that is asked for', async () => {
    expect(kafka().brokers).toHaveLength(3);
    expect(kafka().brokers[0]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await kafka().createTopic()).toBe('test-1');
  });

  test('has none between the tests', async () => {
    const hooks: (() => Promise<void>)[] = [];
    const other = useKafka({ beforeEach: (run) => hooks.push(run), afterEach: (run) => hooks.push(run) }, { target: 'mock' });
    expect(() => other()).toThrow('the Kafka of useKafka() is there only while a test runs');
    await hooks[0]!();
    other().cluster!.dropRequest('Fetch');
    await expect(hooks[1]!()).rejects.toThrow("'drop the request Fetch' never happened.");
    expect(() => other()).toThrow('the Kafka of useKafka() is there only while a test runs');
  });
});
