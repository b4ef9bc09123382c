import { type KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { tcpTransport, type Transport } from '@tskafka/core';
import { apis } from '@tskafka/core/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broker, type TestTopic } from '../broker.ts';
import { fetchFrom } from '../requests.ts';
import { until } from '../until.ts';
import { connect, drain, take, values, write } from './fixture.ts';

let client: KafkaClient;
/** The ports that Fetch requests went to, in their order. */
let fetchedFrom: number[];
beforeAll(async () => {
  fetchedFrom = [];
  client = await connect({ transport: witness(broker.transport ?? tcpTransport()) });
});
afterAll(async () => {
  await client?.close();
  broker.closeWires();
});

/** The transport, which tells where fetches go: the api key follows the length of a request. */
function witness(transport: Transport): Transport {
  return {
    async connect(address, events, signal) {
      const stream = await transport.connect(address, events, signal);
      return {
        write(chunks) {
          const bytes = Buffer.concat(chunks as Uint8Array[]);
          if (bytes.length > 6 && bytes.readInt16BE(4) === apis.fetch.key) fetchedFrom.push(address.port);
          return stream.write(chunks);
        },
        destroy: () => stream.destroy(),
      };
    },
  };
}

async function ledByOne(...records: string[]): Promise<TestTopic> {
  const topic = await broker.createTopic({ assignments: [[1, 2]] });
  await write(topic, records);
  const follower = await broker.wire(2);
  await until('the follower has it', async () => (await fetchFrom(follower, 12, topic, 0)).highWatermark === records.length);
  return topic;
}

const portOf = (node: number): number => client.brokers.find(({ id }) => id === node)!.port;

describe.runIf(broker.nodes > 1)('reading from a follower (KIP-392)', () => {
  it.each([
    ['r2', 'is read from', 2],
    ['r3', 'has no replica, so the leader is read from', 1],
    ['nowhere', 'is not known, so the leader is read from', 1],
  ])('the rack %s %s', async (rackId, _, node) => {
    const topic = await ledByOne(...values(0, 4));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { rackId });
    fetchedFrom = [];
    expect(await take(consumer, 4)).toEqual(values(0, 4));
    await write(topic, ['4']);
    expect(await take(consumer, 1)).toEqual(['4']);
    expect(fetchedFrom.at(-1)).toBe(portOf(node));
    expect(new Set(fetchedFrom)).toEqual(new Set([portOf(1), portOf(node)]));
  });

  it('gives a reader all up to the end: that the leader sends it on does not say that nothing is there', async () => {
    const topic = await ledByOne(...values(0, 4));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { rackId: 'r2', until: 'latest' });
    expect(await drain(consumer)).toEqual(values(0, 4));
  });

  it('F5: an offset that a follower does not have takes the reader back to the leader, and not to another place', async () => {
    const topic = await ledByOne(...values(0, 4));
    await using consumer = await SimpleConsumer.start(client.topic(topic.name), { rackId: 'r2', autoOffsetReset: 'latest' });
    const next = consumer.consume();
    await write(topic, ['4']);
    expect(String((await next)?.value)).toBe('4');
    await consumer.resetOffsets([[0, 1]]);
    expect(await take(consumer, 4)).toEqual(values(1, 5));
  });
});
