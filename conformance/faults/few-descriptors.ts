import { KafkaClient, type KafkaError } from '@tskafka/core';
import { closeSync, openSync } from 'node:fs';
import { inspect } from 'node:util';

/** Takes every file descriptor that it may have, connects in vain, gives them back while it connects again, and prints what came of both. */
const [, , brokers] = process.argv;

const held: number[] = [];
try {
  for (;;) held.push(openSync('/dev/null', 'r'));
} catch {
  // No more are to be had.
}

const first = await KafkaClient.connect({ brokers: brokers!, unavailableTimeoutMs: 300 }).catch((error: KafkaError) => error);
setTimeout(() => held.forEach((descriptor) => closeSync(descriptor)), 300);
const client = await KafkaClient.connect({ brokers: brokers!, unavailableTimeoutMs: 10_000 });
await client.close();
const { name, retriable } = first as KafkaError;
const says = /EMFILE/.exec(inspect(first))?.[0];
process.stdout.write(JSON.stringify({ first: { name, retriable, says }, second: 'connected' }));
