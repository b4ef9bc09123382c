import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../errors.ts';
import { FrameReader } from './frame-reader.ts';

function frame(body: string): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function lengthOf(value: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value);
  return length;
}

describe('FrameReader', () => {
  const bodies = ['abcd', 'the second frame', 'x'.repeat(300), 'last'];
  const stream = Buffer.concat(bodies.map(frame));

  it.each([1, 2, 3, 4, 5, 7, 64, 1000])('C9: gives the same frames when the stream is cut every %i bytes', (size) => {
    const reader = new FrameReader(1024);
    const frames: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const bytes of reader.push(stream.subarray(at, at + size))) frames.push(bytes.toString());
    }
    expect(frames).toEqual(bodies);
  });

  it('does not copy a frame that lies within one chunk', () => {
    const chunk = frame('abcd');
    const [view] = new FrameReader(1024).push(chunk);
    expect(view!.buffer).toBe(chunk.buffer);
    expect(view!.byteOffset).toBe(chunk.byteOffset + 4);
  });

  it.each([1, 3, 4, 5, 64, 1000])('C9: gives the same frames when %i bytes at a time are put where it wants them', (size) => {
    const reader = new FrameReader(1024);
    const frames: Buffer[] = [];
    for (let at = 0; at < stream.length;) {
      const room = reader.room();
      const length = stream.copy(room, 0, at, at + Math.min(size, room.length));
      frames.push(...reader.push(room.subarray(0, length)));
      at += length;
    }
    // All of them, and only now: none lies where later bytes have come.
    expect(frames.map(String)).toEqual(bodies);
  });

  it('does not copy what was put where a frame is gathered', () => {
    const memory = Buffer.alloc(10);
    const reader = new FrameReader(1024, () => memory);
    expect([...reader.push(frame('0123456789').subarray(0, 6))]).toEqual([]);
    const room = reader.room();
    expect([room.buffer, room.byteOffset - memory.byteOffset, room.length]).toEqual([memory.buffer, 2, 8]);
    room.write('23456789');
    const [gathered] = reader.push(room);
    expect(gathered).toBe(memory);
    expect(memory.toString()).toBe('0123456789');
  });

  it.each([
    ['H1', 0x7fffffff],
    ['H1', 1025],
    ['H2', -1],
    ['H2', -8],
    ['H2', 0],
    ['H2', 3],
  ])('%s: refuses a frame whose length is %i before its bytes come', (_row, length) => {
    expect(() => [...new FrameReader(1024).push(lengthOf(length))]).toThrow(ProtocolError);
  });

  it('H1: refuses a length that comes byte by byte', () => {
    const reader = new FrameReader(1024);
    const bytes = lengthOf(0x7fffffff);
    for (let i = 0; i < 3; i++) expect([...reader.push(bytes.subarray(i, i + 1))]).toEqual([]);
    expect(() => [...reader.push(bytes.subarray(3))]).toThrow('2147483647 bytes is longer than maxFrameBytes (1024)');
  });
});
