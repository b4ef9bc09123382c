import { BalancedConsumer, ClosedError, type KafkaClient, ShareConsumer, SimpleConsumer } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, useClient } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** What programs without types, and people in a hurry, write. */
const untyped = (value: unknown) => value as never;

describe('options that a consumer cannot have meant say what is wanted', () => {
  it.each<[options: object, error: new () => Error, message: string]>([
    [{ topics: 'orders' }, TypeError, "topics must be a list of names, such as ['orders'], not 'orders'"],
    [{ topics: [1] }, TypeError, "topics must be a list of names, such as ['orders'], not [1]"],
    [{ topics: [] }, TypeError, "topics must be a list of names, such as ['orders'], not []"],
    [{ topics: /orders/ }, TypeError, 'a SimpleConsumer takes no pattern; use BalancedConsumer'],
    [{ partitions: [null] }, TypeError, 'a partition is a number or { topic, partition }, not null'],
    [{ partitions: [{ topic: 'orders' }] }, RangeError, 'a partition must be a whole number of at least 0, not undefined'],
    [{ partitions: [{ topic: 'orders', partition: '0' }] }, RangeError, "a partition must be a whole number of at least 0, not '0'"],
    [{ topics: ['orders'], partitions: ['0'] }, TypeError, "a partition is a number or { topic, partition }, not '0'"],
    [{ topics: ['orders'], partitions: [-1] }, RangeError, 'a partition must be a whole number of at least 0, not -1'],
  ])('SimpleConsumer, %j', (options, Kind, message) => {
    const make = () => new SimpleConsumer(client, untyped(options));
    expect(make).toThrow(Kind);
    expect(make).toThrow(message);
  });

  it.each([
    [BalancedConsumer, { topics: 'orders' }, "topics must be a list of names, such as ['orders'], or a RegExp, not 'orders'"],
    [BalancedConsumer, { topics: [''] }, `topics must be a list of names, such as ['orders'], or a RegExp, not [""]`],
    [ShareConsumer, { topics: [undefined] }, "topics must be a list of names, such as ['orders'], not [null]"],
    [ShareConsumer, { topics: /orders/ }, 'share groups do not support patterns'],
  ])('%o, %j', (Consumer, options, message) => {
    expect(() => new Consumer(client, untyped({ consumerGroup: 'group', ...options }))).toThrow(message);
  });
});

describe('a consumer that was not started', () => {
  it('says so in every way to read, jump and commit', async () => {
    const topic = await topicWith(['0']);
    const consumer = new SimpleConsumer(client.topic(topic.name), { consumerGroup: broker.freshName('group') });
    const read = async (messages: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of messages) return;
    };
    const message = 'the consumer has not been started: await consumer.start()';
    for (const attempt of [
      () => consumer.consume(),
      () => read(consumer),
      () => read(consumer.batches()),
      () => consumer.run(() => {}),
      () => consumer.seek('latest'),
      () => consumer.resetOffsets(),
      () => consumer.commitOffsets(),
      async () => consumer.pause(),
    ])
      await expect(attempt()).rejects.toThrow(new ClosedError(message));
    expect(() => consumer.position(0)).toThrow('partition 0 is not one that this consumer reads: it reads none');
  });

  it('of a share group says so, too', async () => {
    const consumer = new ShareConsumer(client, { topics: ['orders'], consumerGroup: 'workers' });
    const read = async (): Promise<void> => {
      for await (const _ of consumer) return;
    };
    await expect(read()).rejects.toThrow('the consumer has not been started: await consumer.start()');
  });
});

describe('what a call cannot have meant', () => {
  it('is refused, and says what is wanted', async () => {
    const topic = await topicWith(['0', '1']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { consumerGroup: broker.freshName('group') });
    const calls: [() => unknown, string][] = [
      [() => consumer.consume(untyped(1000)), 'consume needs options, as an object'],
      [() => consumer.consume(untyped({ timeoutMs: 1000 })), "consume has no option 'timeoutMs'"],
      [() => consumer.consume(untyped({ signal: 1000 })), 'signal must be an AbortSignal, not 1000'],
      [() => consumer.commitOffsets(undefined, untyped({ backgrund: true })), "did you mean 'background'?"],
      [() => consumer.commitOffsets([[0, untyped({ offset: 1, metadata: 5 })]]), 'metadata must be a string, not 5'],
      [
        () => consumer.resetOffsets([[0, 1]], untyped(new AbortController().signal)),
        'resetOffsets takes { signal }, not the signal itself',
      ],
      [() => consumer.lag(untyped({ sginal: undefined })), "lag has no option 'sginal'; did you mean 'signal'?"],
      [() => consumer.position(3), 'partition 3 is not one that this consumer reads'],
    ];
    for (const [call, message] of calls) await expect((async () => call())()).rejects.toThrow(message);
    expect(String((await consumer.consume())?.value)).toBe('0');
  });

  it.each([
    ['one argument, and no pair', (value: Buffer) => String(value)],
    ['nothing', () => undefined],
    ['a promise of no pair', async (value: Buffer) => String(value)],
  ])('a deserializer with %s is told what it has to give', async (_, deserializer) => {
    const topic = await topicWith(['0']);
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { deserializer: untyped(deserializer) });
    await expect(consumer.consume()).rejects.toThrow(/deserializer must return \[value, key\], not .*\{ value: \(bytes\) => \.\.\. \}/);
  });
});
