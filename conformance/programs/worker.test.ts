import { lastMessages } from '@tskafka/consumer';
import { KafkaClient, Producer } from '@tskafka/producer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { type Finished, run } from './run.ts';

describe('a program that reads, writes and commits', () => {
  let brokers: string;
  let client: KafkaClient;

  beforeAll(async () => {
    brokers = await broker.overTcp();
    client = await KafkaClient.connect({ brokers });
  });
  afterAll(() => client?.close());

  /** A topic with the numbers from 0 on in its partition 0. */
  async function topicOf(count: number): Promise<string> {
    const { name } = await broker.createTopic({ partitions: 2 });
    await using producer = await Producer.start(client);
    await producer.sendBatch(Array.from({ length: count }, (_, i) => ({ topic: name, partition: 0, value: String(i) })));
    return name;
  }

  /** Runs the worker until it has printed this line, and ends it then. */
  function work(topic: string, group: string, last: string, signal: NodeJS.Signals): Promise<Finished> {
    return run('conformance/programs/worker.ts', [topic, group], {
      env: { BOOTSTRAP: brokers },
      onOutput: (sofar, kill) => {
        if (sofar.includes(`${last}\n`)) kill(signal);
      },
    });
  }

  const numbers = (stdout: string) => stdout.split('\n').filter((line) => /^\d+$/.test(line)).map(Number); // prettier-ignore

  it('S4: SIGTERM under load ends it with everything that it sent delivered, and what it printed committed', async () => {
    const topic = await topicOf(2000);
    const group = broker.freshName('group');
    const { stdout, stderr, code } = await work(topic, group, '20', 'SIGTERM');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const printed = numbers(stdout);
    expect(printed).toEqual(Array.from({ length: printed.length }, (_, i) => i));
    expect(stdout).toContain(`sent ${printed.length}\n`);
    const echoes = await lastMessages(client.topic(topic), 5000);
    expect(echoes.filter(({ partition }) => partition === 1)).toHaveLength(printed.length);

    const again = await work(topic, group, String(printed.length), 'SIGTERM');
    expect(numbers(again.stdout)[0]).toBe(printed.length);
  });

  it('S5: killed and started again it goes on behind its last commit, and misses nothing', async () => {
    const topic = await topicOf(200);
    const group = broker.freshName('group');
    const first = numbers((await work(topic, group, '50', 'SIGKILL')).stdout);
    const second = numbers((await work(topic, group, '199', 'SIGTERM')).stdout);
    expect(first).toEqual(Array.from({ length: first.length }, (_, i) => i));
    // The last message that it printed may not have been committed yet.
    expect([first.length - 1, first.length]).toContain(second[0]);
    expect(second).toEqual(Array.from({ length: 200 - second[0]! }, (_, i) => second[0]! + i));
  });
});
