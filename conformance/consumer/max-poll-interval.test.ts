import { BalancedConsumer, type BalancedConsumerOptions, type KafkaClient } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { stored, take, useClient, values, write } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe.each<[name: string, way: Partial<BalancedConsumerOptions>]>([
  ['the classic protocol', { groupProtocol: 'classic', heartbeatIntervalMs: 100 }],
  ['the protocol of KIP-848', { groupProtocol: 'consumer' }],
  ['the protocol of KIP-848, static', { groupProtocol: 'consumer', groupInstanceId: 'one' }],
])('a member that nobody asks for messages, by %s', (_name, way) => {
  it('G5, K10: leaves after maxPollIntervalMs, gives its partitions to others, and joins again when asked', async () => {
    const topic = await broker.createTopic({ partitions: 1 });
    await write(topic, values(0, 6));
    const consumerGroup = `idle-${topic.name}`;
    const told: string[] = [];
    const start = (options: Partial<BalancedConsumerOptions>) =>
      BalancedConsumer.start(client.topic(topic.name), { consumerGroup, ...options });
    await using idle = await start({
      ...{ ...way, maxPollIntervalMs: 1000 },
      onAssigned: ({ length }) => void (length > 0 && told.push(`assigned ${length}`)),
      onLost: (partitions) => void told.push(`lost ${partitions.length}`),
    });
    const [first] = await take(idle, 1);
    expect(first).toBe('0');
    await until('it has left', () => Promise.resolve(told.at(-1) === 'lost 1'));
    await expect(idle.commitOffsets()).rejects.toThrow('has left the group');
    expect(await stored(consumerGroup, topic)).toBeUndefined();

    // A static member is missed for its session; whoever comes back by its name takes over at once.
    const other = await start({ ...way, maxPollIntervalMs: Infinity });
    expect(await take(other, 2)).toEqual(['0', '1']);
    await other.commitOffsets();
    await other.close();
    expect(await take(idle, 4)).toEqual(['2', '3', '4', '5']);
    const asking = idle.consume(); // so it stays, however long the broker takes for the commit
    await idle.commitOffsets();
    expect(await stored(consumerGroup, topic)).toBe(6);
    expect(told).toEqual(['assigned 1', 'lost 1', 'assigned 1']);
    await Promise.all([expect(asking).rejects.toThrow('closed'), idle.close()]);
  });
});
