import { bytesOf } from './lz-copy.ts';
import { fastMatcher } from './lz-match.ts';
import type { Steps } from './steps.ts';
import { maxSnappyBytes, snappyCompress, SnappyBlock, snappyLength } from './snappy.ts';

// Snappy as Java writes it ("xerial", SnappyOutputStream): a header, then blocks with their compressed length.
// Other clients (librdkafka) write one raw block without any frame; both are read.

const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const headerBytes = magic.length + 8;
/** What SnappyOutputStream takes by default, and Kafka leaves so. */
const blockBytes = 32 * 1024;

/** Compresses `records` as Java does. */
export function compressXerial(records: Buffer): Buffer {
  const blocks = Math.ceil(records.length / blockBytes);
  const to = bytesOf(Buffer.allocUnsafe(headerBytes + blocks * (4 + maxSnappyBytes(blockBytes))));
  const source = bytesOf(records);
  const match = fastMatcher();
  magic.copy(to.buffer);
  to.buffer.writeInt32BE(1, magic.length); // version
  to.buffer.writeInt32BE(1, magic.length + 4); // the oldest version that reads this
  let position = headerBytes;
  for (let start = 0; start < records.length; start += blockBytes) {
    const end = Math.min(start + blockBytes, records.length);
    const blockEnd = snappyCompress(source, start, end, match, to, position + 4);
    to.buffer.writeInt32BE(blockEnd - position - 4, position);
    position = blockEnd;
  }
  return to.buffer.subarray(0, position);
}

/** Decompresses a xerial stream, or one raw block, to at most `maxBytes`. */
export function* decompressSnappy(compressed: Buffer, maxBytes: number): Steps<Buffer> {
  // Each block states its length, so the whole is known, and refused, before any memory is taken for it.
  let total = 0;
  for (const [start, end] of blocksOf(compressed)) {
    total += snappyLength(compressed, start, end).length;
    if (total > maxBytes) throw new Error(`it states ${total} bytes or more, and ${maxBytes} are allowed`);
    yield blockCost;
  }
  const from = bytesOf(compressed);
  const to = bytesOf(Buffer.allocUnsafe(total));
  let position = 0;
  for (const [start, end] of blocksOf(compressed)) {
    const block = new SnappyBlock(from, start, end, to, position);
    while (!block.run(stepBytes)) yield stepBytes;
    yield blockCost + block.end - position;
    position = block.end;
  }
  return to.buffer;
}

/** Where the raw blocks begin and end. */
function* blocksOf(bytes: Buffer): Generator<readonly [start: number, end: number], void> {
  if (!hasMagic(bytes, 0)) return yield [0, bytes.length];
  for (let position = 0; position < bytes.length;) {
    // Streams may stand one behind the other, so a header can come instead of a block.
    if (hasMagic(bytes, position)) {
      position += headerBytes;
      continue;
    }
    const start = position + 4;
    const length = start <= bytes.length ? bytes.readInt32BE(position) : -1;
    if (length <= 0 || length > bytes.length - start) throw new Error(`a block of ${length} bytes does not fit`);
    position = start + length;
    yield [start, position];
  }
}

function hasMagic(bytes: Buffer, position: number): boolean {
  return bytes.compare(magic, 0, magic.length, position, Math.min(position + magic.length, bytes.length)) === 0;
}

const stepBytes = 1024 * 1024;
/** Finding a block takes as long as decompressing about as many bytes. */
const blockCost = 64;
