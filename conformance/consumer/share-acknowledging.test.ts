import { type Acknowledged, BalancedConsumer, type KafkaClient, ShareConsumer, type ShareConsumerOptions } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { configureGroup } from '../group-configs.ts';
import { connect, useClient, values, write } from './fixture.ts';
import { delivered, settledLater, shareConsumer, shared, takeMessages } from './share-fixture.ts';

/** What a member of a share group says of messages, and what the broker makes of it. */

let client: KafkaClient;
useClient((connected) => (client = connected));

const explicit: Partial<ShareConsumerOptions> = { acknowledgementMode: 'explicit' };

describe('a share consumer in the explicit mode', () => {
  it('accepts, releases and rejects message by message', async () => {
    const scene = await shared(['a', 'b', 'c', 'd']);
    {
      await using consumer = await shareConsumer(client, scene, explicit);
      const [a, b, c] = await takeMessages(consumer, 4);
      consumer.acknowledge(a!);
      consumer.acknowledge(b!, 'release');
      consumer.acknowledge(c!, 'reject');
      expect(await consumer.commit()).toEqual([{ topic: scene.topic.name, partition: 0, acknowledged: 3, failed: 0 }]);
    }
    await using next = await shareConsumer(client, scene, explicit);
    expect(delivered(await takeMessages(next, 2))).toEqual(['b x2', 'd x2']);
  });

  it('gets a message again that it has released', async () => {
    const scene = await shared(['a']);
    await using consumer = await shareConsumer(client, scene, explicit);
    for (const deliveryCount of [1, 2, 3]) {
      const [message] = await takeMessages(consumer, 1);
      expect(message!.deliveryCount).toBe(deliveryCount);
      consumer.acknowledge(message!, 'release');
    }
  });

  it('takes acknowledgements along with the next fetch', async () => {
    const scene = await shared(['a']);
    const told: Acknowledged[] = [];
    await using consumer = await shareConsumer(client, scene, {
      ...explicit,
      acknowledgeDelayMs: 60_000,
      onAcknowledged: (acknowledged) => told.push(acknowledged),
    });
    const [message] = await takeMessages(consumer, 1);
    consumer.acknowledge(message!);
    await write(scene.topic, ['b']);
    await takeMessages(consumer, 1);
    expect(told).toEqual([{ topic: scene.topic.name, partition: 0, offsets: [0], error: undefined }]);
  });

  it('sends an acknowledgement by itself when there is no fetch', async () => {
    const scene = await shared(['a']);
    const told = settledLater<Acknowledged>();
    await using consumer = await shareConsumer(client, scene, { ...explicit, acknowledgeDelayMs: 20, onAcknowledged: told.settle });
    const [message] = await takeMessages(consumer, 1);
    consumer.acknowledge(message!);
    expect(await told.promise).toMatchObject({ offsets: [0], error: undefined });
  });

  it('renews a lock, after which the message is its own still', async () => {
    const scene = await shared(['a']);
    await using consumer = await shareConsumer(client, scene, explicit);
    const [message] = await takeMessages(consumer, 1);
    consumer.acknowledge(message!, 'renew');
    expect(await consumer.commit()).toMatchObject([{ acknowledged: 1, failed: 0 }]);
    consumer.acknowledge(message!);
    expect(await consumer.commit()).toMatchObject([{ acknowledged: 1, failed: 0 }]);
  });

  it('sends at close what was said', async () => {
    const scene = await shared(['a', 'b']);
    {
      await using consumer = await shareConsumer(client, scene, explicit);
      const [a] = await takeMessages(consumer, 2);
      consumer.acknowledge(a!);
    }
    await using next = await shareConsumer(client, scene, explicit);
    expect(delivered(await takeMessages(next, 1))).toEqual(['b x2']);
  });

  it('refuses to acknowledge a message twice, and one that is not its own', async () => {
    const scene = await shared(['a']);
    await using consumer = await shareConsumer(client, scene, explicit);
    const [message] = await takeMessages(consumer, 1);
    consumer.acknowledge(message!);
    expect(() => consumer.acknowledge(message!, 'release')).toThrow(/has been acknowledged already/);
    expect(() => consumer.acknowledge({ ...message! } as never)).toThrow(/only a message that this consumer has handed out/);
    expect(() => consumer.acknowledge(message!, 'drop' as never)).toThrow(/not with 'drop'/);
    await using other = await shareConsumer(client, scene);
    expect(() => other.acknowledge(message!)).toThrow(/acknowledgementMode: 'explicit'/);
  });

  it('tells that a lock has passed, and takes what else is acknowledged', async () => {
    const scene = await shared(['a'], { configs: { 'share.record.lock.duration.ms': '1000' } });
    await using consumer = await shareConsumer(client, scene, explicit);
    const [late] = await takeMessages(consumer, 1);
    await configureGroup(scene.group, { 'share.record.lock.duration.ms': '30000' }); // for all locks to come
    const [again] = await takeMessages(consumer, 1);
    expect(again!.deliveryCount).toBe(2);
    consumer.acknowledge(again!);
    consumer.acknowledge(late!);
    const [result] = await consumer.commit();
    expect(result).toMatchObject({ acknowledged: 1, failed: 1, error: { errorName: 'INVALID_RECORD_STATE' } });
  });
});

describe('a share consumer', () => {
  it('reads a batch at a time, and accepts what was iterated of it', async () => {
    const scene = await shared(values(0, 5));
    {
      await using consumer = await shareConsumer(client, scene);
      const seen: string[] = [];
      for await (const batch of consumer.batches()) {
        for (const { value } of batch) if (seen.push(String(value)) % 2 === 0) break;
        if (seen.length >= 4) break;
      }
      expect(seen).toEqual(values(0, 4));
      expect(await consumer.commit()).toMatchObject([{ acknowledged: 4, failed: 0 }]);
    }
    await using next = await shareConsumer(client, scene);
    expect(delivered(await takeMessages(next, 1))).toEqual(['4 x2']);
  });

  it('hands over what a deserializer made, and rejects what it refuses where it is told to', async () => {
    const scene = await shared(['1', 'two', '3']);
    const options = {
      consumerGroup: scene.group,
      deserializer: (value: Buffer | null) => {
        const number = Number(value);
        if (Number.isNaN(number)) throw new Error(`'${String(value)}' is no number`);
        return [number, null] as const;
      },
    };
    await using consumer = await ShareConsumer.start<number, null>(client.topic(scene.topic.name), { ...options, unparsable: 'reject' });
    const numbers = [(await consumer.consume())!.value, (await consumer.consume())!.value];
    expect(numbers).toEqual([1, 3]);
    expect(await consumer.commit()).toMatchObject([{ acknowledged: 3, failed: 0 }]);
  });

  it('tells the reader what a deserializer threw, and releases the message', async () => {
    const scene = await shared(['two']);
    let isMended = false;
    const deserializer = (value: Buffer | null) => {
      if (!isMended) throw new Error('no number');
      return [String(value), null] as const;
    };
    await using consumer = await ShareConsumer.start<string, null>(client.topic(scene.topic.name), {
      consumerGroup: scene.group,
      deserializer,
    });
    await expect(consumer.consume()).rejects.toThrow('no number');
    isMended = true;
    expect(await consumer.consume()).toMatchObject({ value: 'two', deliveryCount: 2 });
  });

  it('locks no more records than it may, one partition after the other', async () => {
    const scene = await shared(values(0, 6), { partitions: 2 });
    await write(scene.topic, values(6, 12), 1);
    await using consumer = await shareConsumer(client, scene, { ...explicit, maxRecords: 2, acquireMode: 'record_limit' });
    await takeMessages(consumer, 1);
    expect(consumer.stats()).toMatchObject({ lockedMessages: 2, queuedMessages: 1 });
    const rest = await takeMessages(consumer, 11);
    expect(rest).toHaveLength(11);
  });

  it('reads other topics when it is told to', async () => {
    const scene = await shared(['a']);
    const other = await shared(['b']);
    await using consumer = await ShareConsumer.start(client, { consumerGroup: scene.group, topics: [scene.topic.name] });
    expect(delivered(await takeMessages(consumer, 1))).toEqual(['a x1']);
    consumer.subscribe([other.topic.name]);
    expect(delivered(await takeMessages(consumer, 1))).toEqual(['b x1']);
    expect(consumer.assignment).toEqual([{ topic: other.topic.name, partition: 0 }]);
  });

  it('is refused by a group of another kind', async () => {
    const scene = await shared(['a']);
    const consumerGroup = broker.freshName('classic');
    await using other = await BalancedConsumer.start(client.topic(scene.topic.name), { consumerGroup, groupProtocol: 'classic' });
    await other.consume();
    await expect(ShareConsumer.start(client.topic(scene.topic.name), { consumerGroup })).rejects.toMatchObject({ name: 'BrokerError' });
  });

  it('refuses options that are wrong, and a topic that does not exist', async () => {
    await using impatient = await connect({ topicTimeoutMs: 100 });
    const topic = impatient.topic('nowhere');
    const start = (options: object) => ShareConsumer.start(topic, { consumerGroup: 'g', ...options });
    await expect(start({ autoOffsetReset: 'earliest' })).rejects.toThrow(/has no option 'autoOffsetReset'/);
    await expect(start({ acquireMode: 'all' })).rejects.toThrow(/acquireMode must be 'batch_optimized' or 'record_limit'/);
    await expect(start({ topics: ['a'] })).rejects.toThrow(/started from a client/);
    await expect(start({ consumerGroup: '' })).rejects.toThrow(/consumerGroup/);
    await expect(start({})).rejects.toMatchObject({ errorName: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });
});
