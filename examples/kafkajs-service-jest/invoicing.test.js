'use strict';

const { kafkaMatchers, MockCluster } = require('@tskafka/testing');
const { logLevel } = require('kafkajs');
const { createKafka } = require('@tskafka/testing/kafkajs');
const { startInvoicing } = require('./invoicing.js');

expect.extend(kafkaMatchers);

let cluster;
let services;
beforeEach(async () => {
  cluster = await MockCluster.start({ topics: { orders: 4, invoices: 2 } });
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await cluster.close();
});

const start = async () =>
  services.push(await startInvoicing(createKafka(cluster, { retry: { initialRetryTime: 10 }, logLevel: logLevel.NOTHING })));

const order = (id) =>
  cluster.topic('orders').append({ partition: id % 4, value: JSON.stringify({ id: `o${id}`, items: [{ price: id }, { price: 10 }] }) });

const invoiced = () =>
  [
    ...new Set(
      cluster
        .topic('invoices')
        .records()
        .map(({ key }) => String(key)),
    ),
  ].sort();

test('writes an invoice for each order', async () => {
  await start();
  order(1);
  order(2);
  await cluster.topic('invoices').waitForRecords(2);
  expect(cluster.topic('invoices')).toHaveRecord({ key: 'o2', value: { order: 'o2', total: 12 } });
});

test('tries again while the brokers refuse, and invoices once', async () => {
  cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS'], { topic: 'invoices' });
  await start();
  order(1);
  await cluster.group('invoicing').waitForLag(0);
  expect(cluster.topic('invoices').records()).toHaveLength(1);
  cluster.assertFaultsFired();
});

test('shares the partitions with a second instance, and misses nothing', async () => {
  await start();
  await start();
  await cluster.group('invoicing').waitForStable({ members: 2 });
  for (let id = 1; id <= 8; id++) order(id);
  await cluster.group('invoicing').waitForLag(0);
  expect(invoiced()).toEqual(['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8']);
});

test('goes on when a broker dies', async () => {
  await start();
  order(1);
  await cluster.topic('invoices').waitForRecords(1);
  await cluster.broker(cluster.topic('invoices').partition(0).leader).down();
  order(2);
  order(3);
  await cluster.group('invoicing').waitForLag(0);
  expect(invoiced()).toEqual(['o1', 'o2', 'o3']);
});
