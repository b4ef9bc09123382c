import { once } from 'node:events';
import { connect } from 'node:net';
import { crc32c } from '../../packages/core/src/protocol.ts';
import type { Read, Sink } from './reading.ts';

// The physical limit: a bare socket, a loop that reads records without looking twice, an object for each, and the next request on its way
// meanwhile. A probe, not a client: Fetch version 11, three partitions, an error ends it.

const partitions = 3;
const partitionBytes = 1024 * 1024;

/** What this process can read from this broker at the most. */
export const readLimit: Read = async ({ broker, topic, count }, sink) => {
  const [host, port] = broker.split(':');
  const socket = connect(Number(port), host);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let chunks: Buffer[] = [];
  let have = 0;
  let want = -1;
  let answer!: (frame: Buffer) => void;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    if (want < 0 && have >= 4) want = 4 + Buffer.concat(chunks).readInt32BE(0);
    if (want < 0 || have < want) return;
    const frame = Buffer.concat(chunks, have);
    [chunks, have, want] = [[], 0, -1];
    answer(frame);
  });
  const offsets = Array.from({ length: partitions }, () => 0);
  const ask = (): Promise<Buffer> => {
    socket.write(request(topic, offsets));
    return new Promise((resolve) => (answer = resolve));
  };
  sink.start();
  let next = ask();
  for (let read = 0; read < count;) {
    const frame = await next;
    const batches = batchesOf(frame, topic, offsets);
    next = ask();
    for (const at of batches) read += readBatch(frame, at, sink);
  }
  socket.destroy();
};

/** The same in plain JavaScript: without WebAssembly the checksum has no vectors. */
export const readPlainLimit: Read = (reading, sink) => {
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  return readLimit(reading, sink);
};

function request(topic: string, offsets: readonly number[]): Buffer {
  const bytes = Buffer.alloc(19 + 29 + 2 + topic.length + 4 + offsets.length * 28 + 6);
  let at = bytes.writeInt32BE(bytes.length - 4);
  at = bytes.writeInt16BE(1, at); // Fetch
  at = bytes.writeInt16BE(11, at);
  at = bytes.writeInt32BE(0, at);
  at = bytes.writeInt16BE(5, at);
  at += bytes.write('limit', at);
  at = bytes.writeInt32BE(-1, at);
  at = bytes.writeInt32BE(500, at); // longest wait
  at = bytes.writeInt32BE(1, at); // fewest bytes
  at = bytes.writeInt32BE(50 * 1024 * 1024, at);
  at = bytes.writeInt8(0, at);
  at = bytes.writeInt32BE(0, at); // no session
  at = bytes.writeInt32BE(-1, at);
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt16BE(topic.length, at);
  at += bytes.write(topic, at);
  at = bytes.writeInt32BE(offsets.length, at);
  for (const [partition, offset] of offsets.entries()) {
    at = bytes.writeInt32BE(partition, at);
    at = bytes.writeInt32BE(-1, at);
    at = bytes.writeBigInt64BE(BigInt(offset), at);
    at = bytes.writeBigInt64BE(-1n, at);
    at = bytes.writeInt32BE(partitionBytes, at);
  }
  return bytes;
}

/** Where batches begin in an answer; the offsets move behind them. */
function batchesOf(frame: Buffer, topic: string, offsets: number[]): number[] {
  const found: number[] = [];
  let at = 8 + 4 + 2 + 4 + 4 + 2 + topic.length;
  const count = frame.readInt32BE(at);
  at += 4;
  for (let i = 0; i < count; i++) {
    const partition = frame.readInt32BE(at);
    const code = frame.readInt16BE(at + 4);
    if (code !== 0) throw new Error(`the broker answers with the error code ${code}`);
    at += 6 + 24;
    at += 4 + Math.max(0, frame.readInt32BE(at)) * 16 + 4;
    const end = at + 4 + Math.max(0, frame.readInt32BE(at));
    at += 4;
    while (end - at >= 61 && at + 12 + frame.readInt32BE(at + 8) <= end) {
      found.push(at);
      offsets[partition] = Number(frame.readBigInt64BE(at)) + frame.readInt32BE(at + 23) + 1;
      at += 12 + frame.readInt32BE(at + 8);
    }
    at = end;
  }
  return found;
}

function readBatch(frame: Buffer, start: number, sink: Sink): number {
  const end = start + 12 + frame.readInt32BE(start + 8);
  if (crc32c(frame, start + 21, end) !== frame.readUInt32BE(start + 17)) throw new Error('a wrong checksum');
  const base = Number(frame.readBigInt64BE(start));
  const timestamp = Number(frame.readBigInt64BE(start + 27));
  const count = frame.readInt32BE(start + 57);
  let at = start + 61;
  let bytes = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = frame[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
  };
  for (let i = 0; i < count; i++) {
    const length = varint();
    const next = at + length;
    at++; // attributes
    varint();
    const offset = base + varint();
    const keyLength = varint();
    at += Math.max(0, keyLength);
    const valueLength = varint();
    const message = { offset, timestamp, key: null, value: frame.subarray(at, at + valueLength) };
    bytes += message.value.length;
    at = next;
  }
  sink.add(count, bytes);
  return count;
}
