import { describe, expect, it } from 'vitest';
import { FrameAssembler } from './frame-assembler.ts';

function framed(...texts: string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(text.length);
      return [length, Buffer.from(text)];
    }),
  );
}

describe('FrameAssembler', () => {
  const bytes = framed('one', '', 'three');
  it.each([1, 2, 3, 5, 7, 100])('finds the same frames in pieces of %i bytes', (size) => {
    const assembler = new FrameAssembler(1000);
    const frames: string[] = [];
    for (let at = 0; at < bytes.length; at += size) frames.push(...assembler.push(bytes.subarray(at, at + size)).map(String));
    expect(frames).toEqual(['one', '', 'three']);
  });

  it.each([-1, 1001, 0x7fffffff])('refuses a length of %i before the bytes arrive', (length) => {
    const header = Buffer.alloc(4);
    header.writeInt32BE(length);
    expect(() => new FrameAssembler(1000).push(header)).toThrow(/at most 1000/);
  });
});
