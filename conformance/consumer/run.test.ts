import type { MessageToSend } from '@tskafka/core';
import { type KafkaClient, type Message, SimpleConsumer, type SimpleConsumerOptions } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { append, batchOf, type RecordToWrite } from '../requests.ts';
import { drain, stored, take, topicWith, useClient, values } from './fixture.ts';
import { gate } from './gate.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** A topic with these records in each partition, in one batch. */
async function topicOf(...partitions: RecordToWrite[][]): Promise<TestTopic> {
  const topic = await broker.createTopic({ partitions: partitions.length });
  for (const [partition, records] of partitions.entries()) {
    const wire = await broker.leaderWire(topic, partition);
    await append(wire, topic, batchOf(records), { partition });
    wire.close();
  }
  return topic;
}

const valued = (...all: string[]): RecordToWrite[] => all.map((value) => ({ value }));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function reader(topic: TestTopic, options: SimpleConsumerOptions = {}): Promise<SimpleConsumer> {
  return SimpleConsumer.start(client.topic(topic.name), { until: 'latest', ...options });
}

describe('run', () => {
  it('handles every message in order, and commits behind the last', async () => {
    const topic = await topicOf(valued(...values(0, 20)));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const seen: string[] = [];
    await consumer.run(async ({ value }) => {
      await turn();
      seen.push(String(value));
    });
    expect(seen).toEqual(values(0, 20));
    expect(await stored(consumerGroup, topic)).toBe(20);
  });

  it('takes a handler that does not wait', async () => {
    const topic = await topicOf(valued('a', 'b'), valued('x'));
    await using consumer = await reader(topic);
    const seen: string[] = [];
    await consumer.run(({ value }) => void seen.push(String(value)));
    expect(seen.sort()).toEqual(['a', 'b', 'x']);
  });

  it('handles partitions at the same time, and a partition’s messages one after the other', async () => {
    const topic = await topicOf(valued('a', 'b', 'c'), valued('x', 'y', 'z'));
    await using consumer = await reader(topic);
    const busy = new Set<number>();
    const met = gate();
    await consumer.run(async ({ partition }) => {
      expect(busy.has(partition)).toBe(false);
      busy.add(partition);
      if (busy.size === 2) met.open();
      await met.passed; // which it never would be, were they handled one after the other
      await turn();
      busy.delete(partition);
    });
  });

  it('handles no more messages at once than concurrency says', async () => {
    const topic = await topicOf(valued('a', 'b'), valued('x', 'y'), valued('1', '2'));
    await using consumer = await reader(topic);
    const met = gate();
    let [now, most] = [0, 0];
    const handler = async (): Promise<void> => {
      most = Math.max(most, ++now);
      if (most === 2) met.open();
      await met.passed;
      await turn();
      now--;
    };
    await consumer.run(handler, { concurrency: 2 });
    expect(most).toBe(2);
  });

  it('ordered by key handles the messages of a partition at the same time, and those of a key in order', async () => {
    const records = values(0, 12).map((value, i) => ({ key: `k${i % 3}`, value }));
    const topic = await topicOf(records);
    await using consumer = await reader(topic);
    const seen: Record<string, string[]> = { k0: [], k1: [], k2: [] };
    let [now, most] = [0, 0];
    const handler = async ({ key, value }: Message): Promise<void> => {
      most = Math.max(most, ++now);
      for (let i = Number(value) % 5; i >= 0; i--) await turn();
      seen[String(key)]!.push(String(value));
      now--;
    };
    await consumer.run(handler, { ordered: 'key' });
    expect(most).toBe(3);
    for (const [key, all] of Object.entries(seen)) {
      expect([key, all]).toEqual([key, [...all].sort((a, b) => Number(a) - Number(b))]);
      expect(all).toHaveLength(4);
    }
  });

  it('commits no further than the first message that is not done', async () => {
    const topic = await topicOf(values(0, 6).map((value) => ({ key: value, value })));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const [slow, others] = [gate(), gate()];
    let done = 0;
    const running = consumer.run(
      async ({ value }) => {
        if (String(value) === '2') await slow.passed;
        else if (++done === 5) others.open();
      },
      { ordered: 'key' },
    );
    await others.passed;
    await turn();
    await consumer.commitOffsets();
    expect(await stored(consumerGroup, topic)).toBe(2);
    slow.open();
    await running;
    expect(await stored(consumerGroup, topic)).toBe(6);
  });

  it('F14: rejects with what the handler threw, commits what is done before, and the message is read again', async () => {
    const topic = await topicOf(valued(...values(0, 5)));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const failing = consumer.run(({ value }) => {
      if (String(value) === '3') throw new Error('no threes');
    });
    await expect(failing).rejects.toThrow('no threes');
    expect([await stored(consumerGroup, topic), consumer.position(0)]).toEqual([3, 3]);
    expect(await drain(consumer)).toEqual(['3', '4']);
  });

  it('F14: handles a message again, as often as retry says, before the next of its partition', async () => {
    const topic = await topicOf(valued(...values(0, 3)));
    await using consumer = await reader(topic);
    const seen: string[] = [];
    const handler = async ({ value }: Message, { attempt }: { attempt: number }): Promise<void> => {
      seen.push(`${value} ${attempt}`);
      await turn();
      if (String(value) === '1' && attempt < 3) throw new Error('not yet');
    };
    await consumer.run(handler, { retry: { attempts: 2, initialMs: 1 } });
    expect(seen).toEqual(['0 1', '1 1', '1 2', '1 3', '2 1']);
  });

  it('F14: writes what keeps failing to the topic of dead letters, with its history, and goes on', async () => {
    const topic = await topicOf([{ value: 'good' }, { key: 'k', value: 'bad', headers: [['h', '1']] }, { value: 'also good' }]);
    const letters = await broker.createTopic();
    const consumerGroup = broker.freshName('group');
    await using producer = await Producer.start(client);
    await using consumer = await reader(topic, { consumerGroup });
    const seen: string[] = [];
    const handler = ({ value }: Message): void => {
      if (String(value) === 'bad') throw new TypeError('cannot read it');
      seen.push(String(value));
    };
    await consumer.run(handler, { retry: { attempts: 1, initialMs: 1 }, deadLetter: { sink: producer, topic: letters.name } });
    expect([seen, await stored(consumerGroup, topic)]).toEqual([['good', 'also good'], 3]);
    await using dead = await SimpleConsumer.start(client.topic(letters.name), { until: 'latest' });
    const letter = await dead.consume();
    expect([String(letter?.key), String(letter?.value)]).toEqual(['k', 'bad']);
    const headers = letter!.headers.map(([name, value]) => [name.replace('tskafka.dead-letter.', ''), String(value)]);
    expect(Object.fromEntries(headers)).toMatchObject({
      ...{ h: '1', topic: topic.name, partition: '0', offset: '1', group: consumerGroup },
      ...{ error: 'TypeError', message: 'cannot read it', attempts: '2' },
    });
  });

  it('F14: writes the bytes as they came, whatever a deserializer has made of them', async () => {
    const topic = await topicOf([{ key: 'k', value: '{"a":1}' }]);
    const sent: MessageToSend[] = [];
    const sink = { send: (message: MessageToSend) => Promise.resolve(sent.push(message)) };
    const deserializer = (value: Buffer | null) => [JSON.parse(String(value)) as { a: number }, null] as const;
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { until: 'latest', deserializer });
    const handler = ({ value }: Message<{ a: number }, null>): never => {
      throw new Error(`cannot handle ${value.a}`);
    };
    await consumer.run(handler, { deadLetter: { sink, topic: 'letters' } });
    expect(sent.map(({ key, value }) => [String(key), String(value)])).toEqual([['k', '{"a":1}']]);
  });

  it('F14: does not pass a message whose dead letter could not be written', async () => {
    const topic = await topicOf(valued('a'));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const sink = { send: () => Promise.reject(new Error('the sink is full')) };
    const handler = (): never => {
      throw new Error('never');
    };
    await expect(consumer.run(handler, { deadLetter: { sink, topic: 'letters' } })).rejects.toThrow('the sink is full');
    expect([await stored(consumerGroup, topic), consumer.position(0)]).toEqual([undefined, 0]);
  });

  it('R7: a handler that never ends holds up its partition only, and close() does not wait for it for ever', async () => {
    const topic = await topicOf(valued('a', 'b'), valued('x', 'y'));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup, closeTimeoutMs: 100 });
    const seen: string[] = [];
    const [stuck, others] = [gate(), gate()];
    let wasTold = false;
    const handler = ({ value }: Message, { signal }: { signal: AbortSignal }): Promise<void> | undefined => {
      seen.push(String(value));
      if (String(value) === 'y') others.open();
      if (String(value) !== 'a') return undefined;
      stuck.open();
      signal.addEventListener('abort', () => (wasTold = true));
      return new Promise(() => {});
    };
    const running = consumer.run(handler, { commitIntervalMs: 20 });
    await Promise.all([stuck.passed, others.passed]);
    expect(seen.sort()).toEqual(['a', 'x', 'y']);
    // Of so short an end the last commit has 10 ms: the broker may need more.
    await expect.poll(() => stored(consumerGroup, topic, 1)).toBe(2);
    await consumer.close();
    await running;
    expect(wasTold).toBe(true);
    expect([await stored(consumerGroup, topic, 0), await stored(consumerGroup, topic, 1)]).toEqual([undefined, 2]);
  });

  it('stop() waits for handlers that have begun, and commits them', async () => {
    const topic = await topicOf(valued('a', 'b'));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const [begun, finish] = [gate(), gate()];
    const running = consumer.run(async () => {
      begun.open();
      await finish.passed;
    });
    await begun.passed;
    const stopping = consumer.stop();
    finish.open();
    await stopping;
    await running;
    expect(await stored(consumerGroup, topic)).toBe(1);
    await consumer.start();
    expect(await take(consumer, 1)).toEqual(['b']);
  });

  it('F12: what was in hand before a jump changes nothing behind it', async () => {
    const topic = await topicOf(valued(...values(0, 5)));
    const consumerGroup = broker.freshName('group');
    await using consumer = await reader(topic, { consumerGroup });
    const seen: string[] = [];
    await consumer.run(async ({ value, offset }) => {
      seen.push(String(value));
      if (offset === 1) await consumer.resetOffsets([[0, 4]]);
      await turn();
    });
    expect(seen).toEqual(['0', '1', '4']);
    expect(await stored(consumerGroup, topic)).toBe(5);
  });

  it('refuses a second handler, bad options and a consumer that does not run', async () => {
    const topic = await topicWith([]);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name));
    const running = consumer.run(() => {});
    await expect(consumer.run(() => {})).rejects.toThrow('already hands its messages to a handler');
    await expect(consumer.run(() => {}, { concurrency: 0 })).rejects.toThrow(RangeError);
    await expect(consumer.run(() => {}, { retries: 3 } as never)).rejects.toThrow("run has no option 'retries'");
    await consumer.close();
    await running;
    await expect(consumer.run(() => {})).rejects.toThrow('the consumer is closed');
  });
});
