import { KafkaClient, Producer } from '@tskafka/producer';
import { expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { run } from './run.ts';

it('a program that keeps one message of every fetch holds the batches of those messages, and not what came with them', async () => {
  const brokers = await broker.overTcp();
  const { name } = await broker.createTopic({ partitions: 1 });
  const batchBytes = 16 * 1024;
  {
    await using client = await KafkaClient.connect({ brokers });
    await using producer = await Producer.start(client, { batchBytes });
    for (let i = 0; i < 40_000; i++) await producer.produce({ topic: name, value: `${i}`.padEnd(1000) });
    await producer.flush();
  }
  const { stdout, stderr } = await run('conformance/programs/keep-messages.ts', [name], { env: { BOOTSTRAP: brokers } });
  expect(stderr).toBe('');
  const { kept, intact, fetchedBytes, heldBytes } = JSON.parse(stdout) as Record<'kept' | 'intact' | 'fetchedBytes' | 'heldBytes', number>;
  expect(fetchedBytes).toBeGreaterThan(40_000_000);
  expect(kept).toBeGreaterThan(40);
  expect(intact).toBe(kept);
  // Beside them: the memory of answers, which is used again.
  expect(heldBytes).toBeLessThan(kept * batchBytes * 1.1 + 4 * 1024 * 1024);
}, 600_000);
