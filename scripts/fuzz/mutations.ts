import fc from 'fast-check';
import type { FuzzTarget, LengthField } from './target.ts';

/** One change to some bytes. Positions are fractions, so that one mutation fits inputs of every length. */
export type Mutation =
  | { readonly kind: 'flip'; readonly where: number; readonly bit: number }
  | { readonly kind: 'set'; readonly where: number; readonly byte: number }
  | { readonly kind: 'insert'; readonly where: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete' | 'duplicate'; readonly where: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly where: number }
  | { readonly kind: 'splice'; readonly where: number; readonly other: number; readonly from: number }
  | { readonly kind: 'length'; readonly which: number; readonly change: LengthChange };

const lengthChanges = ['+1', '-1', '+2^31', '-2^31', 'null', 'zero', 'largest', 'huge'] as const;
type LengthChange = (typeof lengthChanges)[number];

const fraction = fc.nat(0xffff).map((n) => n / 0x10000);
const length = fc.integer({ min: 1, max: 16 });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), where: fraction, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('set' as const), where: fraction, byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) }),
  fc.record({ kind: fc.constant('insert' as const), where: fraction, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'duplicate' as const), where: fraction, length }),
  fc.record({ kind: fc.constant('truncate' as const), where: fraction }),
  fc.record({ kind: fc.constant('splice' as const), where: fraction, other: fc.nat(0xffff), from: fraction }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('length' as const), which: fc.nat(0xffff), change: fc.constantFrom(...lengthChanges) }),
  },
);

/** A hostile input: a target, one of its seeds or of its siblings', and what is done to it. */
export interface Recipe {
  readonly target: number;
  readonly seed: number;
  /** Start from a sibling's bytes instead: a swapped version. */
  readonly swapped: boolean;
  readonly mutations: readonly Mutation[];
}

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  target: fc.nat(0xffff),
  seed: fc.nat(0xffff),
  swapped: fc.nat(7).map((n) => n === 0),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
});

/** The bytes that a recipe gives for a target. */
export function cook(target: FuzzTarget, { seed, swapped, mutations }: Recipe): Buffer {
  const pool = swapped && target.strangers?.length ? target.strangers : target.seeds;
  const original = pool[seed % pool.length]!;
  const lengths = swapped ? [] : (target.lengths?.(original) ?? []);
  // Lengths first: their places are known in the original only. All of them keep the bytes' count but for varints, so the last goes first.
  const aimed = mutations.flatMap((m) =>
    m.kind === 'length' && lengths.length > 0 ? [{ field: lengths[m.which % lengths.length]!, change: m.change }] : [],
  );
  let bytes: Buffer = Buffer.from(original);
  for (const { field, change } of aimed.sort((a, b) => b.field.at - a.field.at)) bytes = changeLength(bytes, field, change);
  for (const m of mutations) bytes = mutate(bytes, m, target);
  return target.repair ? target.repair(bytes) : bytes;
}

function mutate(bytes: Buffer, m: Mutation, target: FuzzTarget): Buffer {
  if (m.kind === 'length') return bytes;
  const at = Math.floor(m.where * bytes.length);
  switch (m.kind) {
    case 'flip':
      if (at < bytes.length) bytes[at]! ^= 1 << m.bit;
      return bytes;
    case 'set':
      if (at < bytes.length) bytes[at] = m.byte;
      return bytes;
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), m.bytes, bytes.subarray(at)]);
    case 'delete':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + m.length)]);
    case 'duplicate':
      return Buffer.concat([bytes.subarray(0, at + m.length), bytes.subarray(at)]);
    case 'truncate':
      return bytes.subarray(0, at);
    case 'splice': {
      const other = target.seeds[m.other % target.seeds.length]!;
      return Buffer.concat([bytes.subarray(0, at), other.subarray(Math.floor(m.from * other.length))]);
    }
  }
}

const sizes = { int16: 2, int32: 4 } as const;

function changeLength(bytes: Buffer, { at, kind }: LengthField, change: LengthChange): Buffer {
  const end = kind === 'varint' ? varintEnd(bytes, at) : at + sizes[kind];
  const old = kind === 'varint' ? readVarint(bytes, at) : kind === 'int16' ? bytes.readInt16BE(at) : bytes.readInt32BE(at);
  const value = changed(old, kind === 'varint', change);
  return Buffer.concat([bytes.subarray(0, at), encode(value, kind), bytes.subarray(end)]);
}

function changed(old: number, compact: boolean, change: LengthChange): number {
  switch (change) {
    case '+1':
      return old + 1;
    case '-1':
      return old - 1;
    case '+2^31':
      return old + 2 ** 31;
    case '-2^31':
      return old - 2 ** 31;
    case 'null':
      return compact ? 0 : -1;
    case 'zero':
      return compact ? 1 : 0;
    case 'largest':
      return compact ? 2 ** 32 - 1 : 2 ** 31 - 1;
    case 'huge':
      return 2 ** 24;
  }
}

/** The value's low bits in the given form. */
function encode(value: number, kind: LengthField['kind']): Buffer {
  if (kind !== 'varint') {
    const int32 = Buffer.alloc(4);
    int32.writeInt32BE(value | 0);
    return kind === 'int32' ? int32 : int32.subarray(2);
  }
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function varintEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes[end]! >= 0x80) end++;
  return end + 1;
}

function readVarint(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = varintEnd(bytes, at) - 1; i >= at; i--) value = value * 128 + (bytes[i]! & 0x7f);
  return value;
}
