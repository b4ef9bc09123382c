// One process with both copies of core: a client of the one serves the producer of the other, and errors are told apart either way.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from '@tskafka/core';
import { SimpleConsumer } from '@tskafka/consumer';

const require = createRequire(import.meta.url);
const cjs = require('@tskafka/core');
const { Producer } = require('@tskafka/producer');
const brokers = process.env.BOOTSTRAP;
const topic = process.env.TOPIC;

assert.notEqual(esm.KafkaClient, cjs.KafkaClient);
// As stack traces and console.log() show them.
assert.deepEqual(
  [esm.KafkaClient.name, cjs.KafkaClient.name, Producer.name, SimpleConsumer.name],
  ['KafkaClient', 'KafkaClient', 'Producer', 'SimpleConsumer'],
);
const imported = await esm.KafkaClient.connect({ brokers });
const producer = await Producer.start(imported);
await producer.send({ topic, key: 'greeting', value: 'hello' });

const required = await cjs.KafkaClient.connect({ brokers });
const consumer = await SimpleConsumer.start(required.topic(topic));
for await (const message of consumer) {
  assert.equal(String(message.value), 'hello');
  break;
}

await imported.close();
const closed = await producer.send({ topic, value: 'too late' }).catch((error) => error);
for (const { ClosedError, KafkaError, TimeoutError } of [esm, cjs]) {
  for (const error of [closed, new esm.ClosedError('x'), new cjs.ClosedError('x')]) {
    assert.ok(error instanceof ClosedError, `${error}`);
    assert.ok(error instanceof KafkaError);
    assert.ok(!(error instanceof TimeoutError));
  }
}

await producer.close();
await consumer.close();
await required.close();
console.log('ok');
