import { type Bytes, bytesOf } from './lz-copy.ts';
import { fastMatcher, thoroughMatcher } from './lz-match.ts';
import { lz4Compress, lz4Decompress, maxLz4Bytes } from './lz4.ts';
import type { Steps } from './steps.ts';
import { xxhash32 } from './xxhash32.ts';

// LZ4's frame format: a header, blocks, an end mark, and checksums where the header says so (lz4/lz4, lz4_Frame_format.md).

const magic = 0x184d2204;
/** The lowest of sixteen magics of frames that hold something else, and are skipped. */
const skippableMagic = 0x184d2a50;
const storedBit = 0x80000000;

/** What Kafka's Lz4BlockOutputStream writes: version 1, independent blocks of 64 KiB, no checksums but the header's own. */
const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const blockBytes = 64 * 1024;

/** Finding a block takes as long as decompressing about as many bytes. */
const blockCost = 64;

/** Compresses `records` as Java does. `level` is from 1 to 17. */
export function compressLz4(records: Buffer, level?: number): Buffer {
  const blocks = Math.ceil(records.length / blockBytes);
  const to = bytesOf(Buffer.allocUnsafe(header.length + blocks * (4 + maxLz4Bytes(blockBytes)) + 4));
  const source = bytesOf(records);
  // As lz4-java: without a level its fast compressor, with one its thorough one, where each level doubles the candidates.
  const match = level === undefined ? fastMatcher() : thoroughMatcher(2 ** (level - 1));
  header.copy(to.buffer);
  let position = header.length;
  for (let start = 0; start < records.length; start += blockBytes) {
    const end = Math.min(start + blockBytes, records.length);
    const blockEnd = lz4Compress(source, start, end, match, to, position + 4);
    position = finishBlock(records, start, end, to.buffer, position, blockEnd);
  }
  to.buffer.writeUInt32LE(0, position);
  return to.buffer.subarray(0, position + 4);
}

/** Writes a block's size before it; one that did not become smaller is stored as it is. */
function finishBlock(records: Buffer, start: number, end: number, to: Buffer, position: number, blockEnd: number): number {
  const size = blockEnd - position - 4;
  if (size < end - start) {
    to.writeUInt32LE(size, position);
    return blockEnd;
  }
  to.writeUInt32LE(end - start + storedBit, position);
  records.copy(to, position + 4, start, end);
  return position + 4 + end - start;
}

/** Decompresses frames, one behind the other, to at most `maxBytes`. */
export function* decompressLz4(compressed: Buffer, maxBytes: number): Steps<Buffer> {
  // First over the sizes alone: memory is taken once, and no more than the blocks can fill.
  let bound = 0;
  for (const block of blocksOf(compressed, maxBytes)) {
    bound += mostBytes(block);
    yield blockCost;
  }
  const from = bytesOf(compressed);
  const to = bytesOf(Buffer.allocUnsafe(Math.min(bound, maxBytes)));
  let position = 0;
  let frameStart = 0;
  for (const block of blocksOf(compressed, maxBytes)) {
    const start = position;
    if (block.kind === 'end') {
      checkContent(block, from.buffer, to.buffer, frameStart, position);
      frameStart = position;
    } else {
      position = readBlock(block, from, to, position, frameStart);
    }
    yield blockCost + position - start;
  }
  // The bound may be far above the truth: what is kept should not hold much more memory than it needs.
  const records = to.buffer.subarray(0, position);
  return position * 2 < bound ? Buffer.from(records) : records;
}

interface Frame {
  readonly hasIndependentBlocks: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly contentBytes: number | undefined;
  readonly maxBlockBytes: number;
  /** Where its first block is. */
  readonly blocksStart: number;
}

/** A block, and where its bytes are. The kind `end` stands for the end mark; its bytes are the content's checksum. */
interface Block {
  readonly frame: Frame;
  readonly kind: 'compressed' | 'stored' | 'end';
  readonly start: number;
  readonly end: number;
}

function* blocksOf(bytes: Buffer, maxBytes: number): Generator<Block, void> {
  for (let position = 0; position < bytes.length;) {
    need(bytes, position, 4);
    const found = bytes.readUInt32LE(position);
    if (found >= skippableMagic && found < skippableMagic + 16) {
      need(bytes, position + 4, 4);
      position += 8 + bytes.readUInt32LE(position + 4);
      need(bytes, position, 0);
      continue;
    }
    if (found !== magic) throw new Error(`a frame begins with ${found.toString(16)}`);
    const frame = readFrame(bytes, position, maxBytes);
    position = frame.blocksStart;
    for (let isLast = false; !isLast;) {
      need(bytes, position, 4);
      const size = bytes.readUInt32LE(position);
      const start = position + 4;
      isLast = size === 0;
      const end = start + (isLast ? (frame.hasContentChecksum ? 4 : 0) : size % storedBit);
      position = end + (frame.hasBlockChecksums && !isLast ? 4 : 0);
      need(bytes, position, 0);
      if (end - start > frame.maxBlockBytes) throw new Error(`a block of ${end - start} bytes is larger than its frame allows`);
      yield { frame, kind: isLast ? 'end' : size >= storedBit ? 'stored' : 'compressed', start, end };
    }
  }
}

function readFrame(bytes: Buffer, start: number, maxBytes: number): Frame {
  need(bytes, start, 7);
  const flags = bytes[start + 4]!;
  const blockSize = bytes[start + 5]! >>> 4;
  if (flags >>> 6 !== 1) throw new Error(`the frame has the version ${flags >>> 6}`);
  if (flags & 0x01) throw new Error('the frame needs a dictionary');
  if (blockSize < 4 || blockSize > 7) throw new Error(`the frame has the block size ${blockSize}`);
  const hasContentBytes = (flags & 0x08) !== 0;
  const headerEnd = start + (hasContentBytes ? 14 : 6);
  need(bytes, headerEnd, 1);
  const contentBytes = hasContentBytes ? Number(bytes.readBigUInt64LE(start + 6)) : undefined;
  if (((xxhash32(bytes, start + 4, headerEnd) >>> 8) & 0xff) !== bytes[headerEnd]) throw new Error('the checksum of the header is wrong');
  if (contentBytes !== undefined && contentBytes > maxBytes) throw tooLarge(maxBytes);
  return {
    hasIndependentBlocks: (flags & 0x20) !== 0,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 0x04) !== 0,
    contentBytes,
    maxBlockBytes: 1 << (2 * blockSize + 8),
    blocksStart: headerEnd + 1,
  };
}

/** A byte of a compressed block becomes 255 bytes at most. */
function mostBytes({ frame, kind, start, end }: Block): number {
  if (kind === 'end') return 0;
  return kind === 'stored' ? end - start : Math.min((end - start) * 255, frame.maxBlockBytes);
}

/** Decompresses one block to `position` of `to`, and returns the position behind it. */
function readBlock(block: Block, from: Bytes, to: Bytes, position: number, frameStart: number): number {
  const { frame, kind, start, end } = block;
  if (frame.hasBlockChecksums && xxhash32(from.buffer, start, end) !== from.buffer.readUInt32LE(end)) {
    throw new Error('the checksum of a block is wrong');
  }
  if (kind === 'stored') {
    if (end - start > to.buffer.length - position) throw tooLarge(to.buffer.length);
    return position + from.buffer.copy(to.buffer, position, start, end);
  }
  const limit = Math.min(to.buffer.length, position + frame.maxBlockBytes);
  return lz4Decompress(from, start, end, to, position, limit, frame.hasIndependentBlocks ? position : frameStart);
}

function checkContent({ frame, start }: Block, from: Buffer, to: Buffer, contentStart: number, contentEnd: number): void {
  const length = contentEnd - contentStart;
  if (frame.contentBytes !== undefined && frame.contentBytes !== length) {
    throw new Error(`the frame states ${frame.contentBytes} bytes and has ${length}`);
  }
  if (frame.hasContentChecksum && xxhash32(to, contentStart, contentEnd) !== from.readUInt32LE(start)) {
    throw new Error('the checksum of the content is wrong');
  }
}

function need(bytes: Buffer, position: number, length: number): void {
  if (position + length > bytes.length) throw new Error('it is cut off');
}

function tooLarge(maxBytes: number): Error {
  return new Error(`it becomes more than the ${maxBytes} bytes that are allowed`);
}
