import { apis } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { createKafka } from '../kafkajs-door.ts';
import { MockCluster } from '../mock-cluster.ts';
import { connect } from '../test-client.ts';
import { batchOf } from '../test-requests.ts';

const soon = { timeoutMs: 60 };

function produceRequest(values: readonly string[]) {
  const partitionData = [{ index: 0, records: batchOf(values) }];
  return { acks: -1, timeoutMs: 1000, topicData: [{ name: 'orders', partitionData }] };
}

describe('idle', () => {
  it('is so at once where nobody asks for anything', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    await cluster.idle(soon);
  });

  it('waits for a request that is held, and says which one it is and that another waits behind it', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const hold = cluster.hold('Produce');
    const client = await connect(cluster, cluster.topic('orders').partition(0).leader, 'shop');
    const sent = [client.send(apis.produce, 9, produceRequest(['a'])), client.send(apis.produce, 9, produceRequest(['b']))];
    await hold.held();
    await expect(cluster.idle(soon)).rejects.toThrow(
      'after 60 ms: the cluster is not idle. Still open: Produce v9 of shop to broker 1, 1 more behind it.',
    );
    const idle = cluster.idle();
    hold.release();
    await idle;
    expect(cluster.topic('orders').records()).toHaveLength(2);
    await Promise.all(sent);
  });

  it('waits until what was consumed has been handled, and does not mind the fetches and heartbeats of consumers', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1, invoices: 1 } });
    const kafka = createKafka(cluster);
    const [consumer, producer] = [kafka.consumer({ groupId: 'billing' }), kafka.producer()];
    await producer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => void (await producer.send({ topic: 'invoices', messages: [{ value: message.value }] })),
    });
    cluster.topic('orders').append('a', 'b', 'c');
    await cluster.idle();
    expect(cluster.topic('invoices').records()).toHaveLength(3);
    await consumer.disconnect();
    await producer.disconnect();
  });

  it('says that requests keep coming', async () => {
    await using cluster = await MockCluster.start();
    const client = await connect(cluster, 1, 'poller');
    let stopped = false;
    const polling = (async () => {
      while (!stopped) await client.send(apis.listGroups, 4, { statesFilter: [] });
    })();
    await expect(cluster.idle(soon)).rejects.toThrow('the cluster is not idle: requests keep coming.');
    stopped = true;
    await polling;
  });

  it('waits for bytes that are on their way', async () => {
    await using cluster = await MockCluster.start({ topics: { orders: 1 } });
    const client = await connect(cluster, cluster.topic('orders').partition(0).leader, 'shop');
    using slow = cluster.broker(cluster.topic('orders').partition(0).leader).rtt(60);
    void slow;
    const sent = client.send(apis.produce, 9, produceRequest(['a']));
    await cluster.settled();
    await cluster.idle();
    expect(cluster.topic('orders').records()).toHaveLength(1);
    await sent;
  });
});
