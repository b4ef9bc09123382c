import { MockCluster } from '@tskafka/testing';
import { createKafka } from '@tskafka/testing/kafkajs';
import { extendExpect } from '@tskafka/testing/vitest';
import { logLevel } from 'kafkajs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startInvoicing } from './invoicing.ts';

extendExpect();

let cluster: MockCluster;
beforeEach(async () => {
  cluster = await MockCluster.start({ topics: { orders: 4, invoices: 2 } });
  // After the services have stopped: what was registered last ends first.
  onTestFinished(() => cluster.close());
});

/** The service on the mock. It tries again after 10 ms instead of 300, and does not log the faults that are meant. */
async function start(): Promise<void> {
  const service = await startInvoicing(createKafka(cluster, { retry: { initialRetryTime: 10 }, logLevel: logLevel.NOTHING }));
  onTestFinished(() => service.stop());
}

function order(id: number): void {
  const value = JSON.stringify({ id: `o${id}`, items: [{ price: id }, { price: 10 }] });
  cluster.topic('orders').append({ partition: id % 4, key: `o${id}`, value });
}

function invoiced(): string[] {
  return cluster
    .topic('invoices')
    .records()
    .map(({ key }) => String(key))
    .sort();
}

describe('invoicing', () => {
  it('writes an invoice for each order', async () => {
    await start();
    for (let id = 1; id <= 3; id++) order(id);
    await cluster.topic('invoices').waitForRecords(3);
    expect(cluster.topic('invoices')).toHaveRecord({ key: 'o3', value: { order: 'o3', total: 13 } });
    await cluster.group('invoicing').waitForLag(0);
  });

  it('tries again while the brokers refuse, and invoices once', async () => {
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS', 'NOT_LEADER_OR_FOLLOWER'], { topic: 'invoices' });
    cluster.dropResponse('Fetch');
    await start();
    order(1);
    await cluster.topic('invoices').waitForRecords(1);
    await cluster.group('invoicing').waitForLag(0);
    expect(invoiced()).toEqual(['o1']);
    cluster.assertFaultsFired();
  });

  it('shares the partitions with a second instance, and misses nothing', async () => {
    await start();
    await cluster.group('invoicing').waitForStable({ members: 1 });
    order(1);
    await start();
    const members = await cluster.group('invoicing').waitForStable({ members: 2 });
    expect(members.map(({ assignment }) => assignment.length)).toEqual([2, 2]);
    for (let id = 2; id <= 8; id++) order(id);
    await cluster.group('invoicing').waitForLag(0);
    expect(new Set(invoiced())).toEqual(new Set(['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8']));
  });

  it('goes on when a broker dies', async () => {
    await start();
    order(1);
    await cluster.topic('invoices').waitForRecords(1);
    await cluster.broker(cluster.topic('invoices').partition(0).leader).down();
    for (let id = 2; id <= 5; id++) order(id);
    await cluster.group('invoicing').waitForLag(0);
    expect(new Set(invoiced())).toEqual(new Set(['o1', 'o2', 'o3', 'o4', 'o5']));
  });
});
