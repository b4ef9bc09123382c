import { describe, expect, it } from 'vitest';
import { readInt32, writeInt32 } from './elements.ts';
import { Reader } from './reader.ts';
import { Writer, zeroUuid } from './writer.ts';

const written = (write: (w: Writer) => void, flexible = false): string => {
  const w = new Writer(flexible);
  write(w);
  return w.toBuffer().toString('hex');
};

describe('Writer', () => {
  it.each<[string, string, boolean, (w: Writer) => void]>([
    ['string', '000161', false, (w) => w.string('a')],
    ['compact string', '0261', true, (w) => w.string('a')],
    ['null string', 'ffff', false, (w) => w.nullableString(null)],
    ['compact null string', '00', true, (w) => w.nullableString(null)],
    ['bytes', '0000000261ff', false, (w) => w.bytes(new Uint8Array([0x61, 0xff]))],
    ['compact null bytes', '00', true, (w) => w.nullableBytes(null)],
    ['array', '0000000100000007', false, (w) => w.array(0, [7], writeInt32)],
    ['compact array', '0200000007', true, (w) => w.array(0, [7], writeInt32)],
    ['null array', 'ffffffff', false, (w) => w.nullableArray(0, null, writeInt32)],
    ['struct that is null', 'ff', true, (w) => w.nullableStruct<number>(0, null, writeInt32)],
    ['struct that may be null', '0100000007', true, (w) => w.nullableStruct(0, 7, writeInt32)],
    ['zero uuid', '00'.repeat(16), false, (w) => w.uuid(zeroUuid)],
    ['varint', 'ac02', false, (w) => w.unsignedVarint(300)],
    ['largest varint', 'ffffffff0f', false, (w) => w.unsignedVarint(0xffffffff)],
  ])('writes a %s', (_type, hex, flexible, write) => {
    expect(written(write, flexible)).toBe(hex);
  });

  it('writes the tagged fields that are present, with their sizes', () => {
    expect(written((w) => w.tags([false, [1, (t) => t.string('a')], false, [300, (t) => t.int8(5)]]), true)).toBe(
      '020102 0261 ac02 01 05'.replaceAll(' ', ''),
    );
    expect(written((w) => w.tags(), true)).toBe('00');
    expect(written((w) => w.tags(), false)).toBe('');
  });

  it.each<[string, (w: Writer) => void]>([
    ['int8 128', (w) => w.int8(128)],
    ['int16 -32,769', (w) => w.int16(-32769)],
    ['uint16 -1', (w) => w.uint16(-1)],
    ['int32 2^31', (w) => w.int32(2 ** 31)],
    ['uint32 2^32', (w) => w.uint32(2 ** 32)],
    ['int64 2^53', (w) => w.int64(2 ** 53)],
    ['int64 0.5', (w) => w.int64(0.5)],
    ['int64 NaN', (w) => w.int64(NaN)],
    ['varint -1', (w) => w.unsignedVarint(-1)],
    ['varint 2^32', (w) => w.unsignedVarint(2 ** 32)],
  ])('refuses the %s', (_value, write) => {
    expect(() => written(write)).toThrow(RangeError);
  });

  it.each([false, true])('refuses a string that Java would not read (flexible: %s)', (flexible) => {
    expect(() => written((w) => w.string('x'.repeat(0x8000)), flexible)).toThrow('32,767');
    expect(() => written((w) => w.string('x'.repeat(0x7fff)), flexible)).not.toThrow();
    // Bytes count, not characters.
    expect(() => written((w) => w.string('é'.repeat(0x4000)), flexible)).toThrow('32,767');
  });

  it.each(['', 'AAAA', 'not a topic id', `${zeroUuid}AAAA`])("refuses '%s' as a uuid", (value) => {
    expect(() => written((w) => w.uuid(value))).toThrow(TypeError);
  });

  it('keeps large bytes as they are, between the pieces that it fills', () => {
    const w = new Writer(false, 8);
    const large = Buffer.alloc(5000, 7);
    w.int32(1);
    w.bytes(large);
    w.int32(2);
    const size = w.size;
    const chunks = w.finish();
    expect(chunks.find((chunk) => chunk.length === 5000)!.buffer).toBe(large.buffer);
    const whole = Buffer.concat(chunks);
    expect(whole).toHaveLength(size);
    const r = new Reader(whole);
    expect([r.int32(), r.bytes().length, r.int32(), r.remaining]).toEqual([1, 5000, 2, 0]);
  });

  it('grows over any number of small writes', () => {
    const w = new Writer(true, 1);
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    w.array(0, numbers, writeInt32);
    expect(new Reader(w.toBuffer(), true).array(0, 4, readInt32)).toEqual(numbers);
  });
});
