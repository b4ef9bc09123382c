import { once } from 'node:events';
import { connect } from 'node:net';
import { crc32c } from '../../packages/core/src/protocol.ts';
import type { MeasuredProducer, Measurement } from './measurement.ts';

// The physical limit: a bare socket, a loop that writes records without looking, and requests that nobody routes. A probe, not a client:
// Produce version 7, one partition after the other, no sequence numbers, an error ends it.

const batchBytes = 256 * 1024;
const inFlight = 5;
const partitions = 3;

/** What this process can write to this broker at the most. */
export async function startLimit({ broker, topic }: Measurement): Promise<MeasuredProducer> {
  const [host, port] = broker.split(':');
  const socket = connect(Number(port), host);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const answers: (() => void)[] = [];
  let input: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    input = input.length === 0 ? chunk : Buffer.concat([input, chunk]);
    while (input.length >= 4 && input.length >= 4 + input.readInt32BE(0)) {
      const code = input.readInt16BE(8 + 4 + 2 + topic.length + 4 + 4);
      if (code !== 0) throw new Error(`the broker answers with the error code ${code}`);
      input = input.subarray(4 + input.readInt32BE(0));
      answers.shift()!();
    }
  });
  let requests = 0;
  const send = (batch: Buffer): Promise<void> => {
    const head = header(topic, requests++ % partitions, batch.length);
    socket.cork();
    socket.write(head);
    socket.write(batch);
    socket.uncork();
    return new Promise((resolve) => answers.push(resolve));
  };
  return {
    send: (value) => send(encode([value], 0, 1).batch),
    async sendAll(count, values) {
      const pending = new Set<Promise<void>>();
      for (let sent = 0; sent < count;) {
        const { batch, next } = encode(values, sent, count);
        sent = next;
        const answered: Promise<void> = send(batch).then(() => void pending.delete(answered));
        pending.add(answered);
        if (pending.size >= inFlight) await Promise.race(pending);
      }
      await Promise.all(pending);
    },
    close: async () => socket.end(),
  };
}

function header(topic: string, partition: number, batchLength: number): Buffer {
  const head = Buffer.alloc(4 + 10 + 5 + 12 + 2 + topic.length + 12);
  let at = head.writeInt32BE(head.length - 4 + batchLength);
  at = head.writeInt16BE(0, at); // Produce
  at = head.writeInt16BE(7, at);
  at = head.writeInt32BE(0, at); // one broker answers one socket in order: no need to tell the answers apart
  at = head.writeInt16BE(5, at);
  at += head.write('limit', at);
  at = head.writeInt16BE(-1, at); // no transaction
  at = head.writeInt16BE(-1, at); // all replicas
  at = head.writeInt32BE(30_000, at);
  at = head.writeInt32BE(1, at);
  at = head.writeInt16BE(topic.length, at);
  at += head.write(topic, at);
  at = head.writeInt32BE(1, at);
  at = head.writeInt32BE(partition, at);
  head.writeInt32BE(batchLength, at);
  return head;
}

function encode(values: readonly Buffer[], from: number, end: number): { batch: Buffer; next: number } {
  const largest = values[0]!.length + 64;
  const bytes = Buffer.allocUnsafeSlow(Math.min(batchBytes, 61 + largest * (end - from)) + largest);
  let at = 61;
  let i = from;
  for (; i < end && at < batchBytes; i++) {
    const value = values[i % values.length]!;
    const delta = i - from;
    at = varint(bytes, at, 5 + varintLength(delta) + varintLength(value.length) - 1 + value.length);
    bytes[at++] = 0; // attributes
    bytes[at++] = 0; // the same time as the first
    at = varint(bytes, at, delta);
    bytes[at++] = 1; // no key
    at = varint(bytes, at, value.length);
    bytes.set(value, at);
    at += value.length;
    bytes[at++] = 0; // no headers
  }
  const now = BigInt(Date.now());
  bytes.fill(0, 0, 61);
  bytes.writeInt32BE(at - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes[16] = 2;
  bytes.writeInt32BE(i - from - 1, 23);
  bytes.writeBigInt64BE(now, 27);
  bytes.writeBigInt64BE(now, 35);
  bytes.fill(255, 43, 57); // no producer id
  bytes.writeInt32BE(i - from, 57);
  bytes.writeUInt32BE(crc32c(bytes, 21, at), 17);
  return { batch: bytes.subarray(0, at), next: i };
}

function varint(bytes: Buffer, at: number, value: number): number {
  let rest = value << 1;
  while (rest > 127) {
    bytes[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

const varintLength = (value: number): number => (value < 64 ? 1 : value < 8192 ? 2 : 3);
