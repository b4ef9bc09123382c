import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../errors.ts';
import { readInt32, readString } from './elements.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const reader = (hex: string, flexible = false) => new Reader(Buffer.from(hex.replaceAll(' ', ''), 'hex'), flexible);

describe('Reader', () => {
  it.each([
    ['0000000000000000', 0],
    ['ffffffffffffffff', -1],
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['ffe0000000000001', Number.MIN_SAFE_INTEGER],
    ['00000000ffffffff', 0xffffffff],
    ['ffffffff00000000', -0x100000000],
    ['7fffffffffffffff', Infinity],
  ])('reads and writes the int64 %s', (hex, value) => {
    expect(reader(hex).int64()).toBe(value);
    const w = new Writer();
    w.int64(value);
    expect(w.toBuffer().toString('hex')).toBe(hex);
  });

  it.each(['0020000000000000', 'ffe0000000000000', '8000000000000000', '7ffffffffffffffe'])(
    'refuses the int64 %s: no safe integer is that',
    (hex) => {
      expect(() => reader(hex).int64()).toThrow(ProtocolError);
    },
  );

  it('gives bytes as views of what it reads', () => {
    const buffer = Buffer.from('00000002aabb', 'hex');
    const bytes = new Reader(buffer).bytes();
    buffer[4] = 0xcc;
    expect(bytes.toString('hex')).toBe('ccbb');
  });

  it('stays within its bounds, though the buffer goes on', () => {
    const r = new Reader(Buffer.from('0001610002', 'hex'), false, 0, 2);
    expect(() => r.string()).toThrow('1 bytes are wanted at byte 2, and 0 remain');
  });
});

describe('hostile lengths', () => {
  const neverRead = (): never => {
    throw new Error('an element was read');
  };

  it.each([
    ['2^31-1', '7fffffff 00', false],
    ['-2', 'fffffffe 00', false],
    ['-2^31', '80000000 00', false],
    ['2^32-2, compact', 'ffffffff 0f', true],
    ['one more than fits, compact', '03 00', true],
    ['one more than fits', '00000002 00', false],
  ])('H6: refuses an array of %s elements before it reads or allocates one', (_count, hex, flexible) => {
    expect(() => reader(hex, flexible).array(0, 1, neverRead)).toThrow(ProtocolError);
    expect(() => reader(hex, flexible).nullableArray(0, 1, neverRead)).toThrow(ProtocolError);
  });

  it('H6: counts with the least that an element takes', () => {
    expect(reader('00000002 00000001 00000002').array(0, 4, readInt32)).toEqual([1, 2]);
    expect(() => reader('00000002 00000001 000000').array(0, 4, neverRead)).toThrow('an array of 2 elements does not fit into the 7 bytes');
    // An element of no bytes at all still counts as one, else 2^31 of them would fit into nothing.
    expect(() => reader('7fffffff').array(0, 0, neverRead)).toThrow(ProtocolError);
  });

  it('H6: refuses 2^32-1 tagged fields in five bytes', () => {
    expect(() => reader('ffffffff0f', true).tags(neverRead)).toThrow('4294967295 tagged fields do not fit into 0 bytes');
  });

  it.each(['ffffffffff01', '808080808001', 'ffffffff7f', 'ffffffff1f', '8080808010'])(
    'H7: refuses the varint %s: it is longer than 32 bits',
    (hex) => {
      expect(() => reader(hex).unsignedVarint()).toThrow('longer than 32 bits');
    },
  );

  it('H7: reads a varint padded within five bytes, as Java does', () => {
    expect(reader('8180808000').unsignedVarint()).toBe(1);
  });

  it('H7: a cut varint is an error', () => {
    expect(() => reader('80').unsignedVarint()).toThrow(ProtocolError);
  });

  it.each([
    ['compact string', 'ffffffff0f 00', (r: Reader) => r.string(), true],
    ['compact bytes', 'ffffffff0f 00', (r: Reader) => r.bytes(), true],
    ['string', 'fffe 00', (r: Reader) => r.string(), false],
    ['bytes', 'fffffffe 00', (r: Reader) => r.bytes(), false],
    ['bytes', '80000000 00', (r: Reader) => r.nullableBytes(), false],
  ])('H7: a %s of negative length (%s) is an error, and the reader never moves backwards', (_type, hex, read, flexible) => {
    const r = reader(hex, flexible);
    expect(() => read(r)).toThrow(ProtocolError);
    expect(r.position).toBe(flexible ? 5 : hex.indexOf(' ') / 2);
  });

  it.each([
    ['string', '0003 6161', (r: Reader) => r.string(), false],
    ['compact string', '04 6161', (r: Reader) => r.string(), true],
    ['bytes', '00000003 6161', (r: Reader) => r.bytes(), false],
    ['compact bytes', '04 6161', (r: Reader) => r.bytes(), true],
    ['uuid', '00010203040506070809', (r: Reader) => r.uuid(), false],
    ['int64', '00010203040506', (r: Reader) => r.int64(), false],
    ['int8', '', (r: Reader) => r.int8(), false],
  ])('H8: a %s longer than what remains is an error, not a short value', (_type, hex, read, flexible) => {
    expect(() => read(reader(hex, flexible))).toThrow(/bytes are wanted at byte \d+, and \d+ remain/);
  });
});

describe('tagged fields', () => {
  const readTags = (hex: string) => {
    const r = reader(hex, true);
    const known: [number, number][] = [];
    r.tags((tag) => {
      if (tag > 1) return false;
      known.push([tag, r.int8()]);
      return true;
    });
    return { known, rest: r.remaining };
  };

  it('H11: skips the ones that are unknown', () => {
    expect(readTags('03 00 01 0a 05 03 ffffff 09 00')).toEqual({ known: [[0, 10]], rest: 0 });
  });

  it('H11: takes them unsorted, and of two equal ones the last, as Java does', () => {
    expect(readTags('04 05 01 ff 01 01 0b 00 01 0a 00 01 0c').known).toEqual([
      [1, 11],
      [0, 10],
      [0, 12],
    ]);
  });

  it.each([
    ['is longer than what remains', '01 05 7f ff'],
    ['of a known tag is longer than its value', '01 00 02 0a 0b'],
    ['of a known tag is shorter than its value', '01 00 00 0a'],
    ['is negative', '01 05 ffffffff0f ff'],
  ])('H11: refuses a tagged field whose size %s', (_what, hex) => {
    expect(() => readTags(hex)).toThrow(ProtocolError);
  });

  it('H11: a tagged value cannot reach into what follows it', () => {
    // Tag 0 is an array of two int32, but its size leaves room for one.
    const r = reader('01 00 05 03 00000001 00000002', true);
    expect(() =>
      r.tags(() => {
        r.array(0, 4, readInt32);
        return true;
      }),
    ).toThrow('an array of 2 elements does not fit into the 4 bytes that remain');
  });

  it('has none where the version has none', () => {
    const r = reader('05');
    r.tags();
    expect(r.remaining).toBe(1);
  });
});

describe('hostile values', () => {
  it.each([
    ['string', 'ffff', (r: Reader) => r.string(), false],
    ['string', '00', (r: Reader) => r.string(), true],
    ['bytes', 'ffffffff', (r: Reader) => r.bytes(), false],
    ['bytes', '00', (r: Reader) => r.bytes(), true],
    ['array', 'ffffffff', (r: Reader) => r.array(0, 2, readString), false],
    ['array', '00', (r: Reader) => r.array(0, 1, readString), true],
  ])('H12: a %s that is null (%s) where null is not allowed is an error', (type, hex, read, flexible) => {
    expect(() => read(reader(hex, flexible))).toThrow(`the ${type} that ends at byte ${hex.length / 2} is null where null is not allowed`);
  });

  it('H12: invalid UTF-8 becomes the replacement character, as in Java', () => {
    expect(reader('0004 61ff80c3').string()).toBe('a\ufffd\ufffd\ufffd');
  });

  it('H12: an over-long UTF-8 form is not taken for the character that it hides', () => {
    expect(reader('0002 c0af').string()).toBe('\ufffd\ufffd');
  });
});
