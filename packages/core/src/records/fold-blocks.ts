// A few instructions of WebAssembly, put together by hand: JavaScript has none for vectors.

/** Every Node.js that is served has it, but the declarations of the oldest do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; fold(end: number): void };
  };
  validate(bytes: Uint8Array): boolean;
};

export interface Folding {
  /** Where the bytes go that are to be folded. */
  readonly input: Uint8Array;
  /** What they became: the first bytes of the sixteen lanes' registers, then the second ones, and so on. */
  readonly registers: Uint8Array;
  /** Folds so many bytes of the input: whole blocks, at least one. */
  fold(length: number): void;
}

/**
 * A loop over blocks of `vectors` vectors of sixteen bytes, with the tables of crc32c-wide.ts. Undefined without WebAssembly, and on machines that have
 * no vectors, or no address space left.
 */
export function foldBlocks(tables: Uint8Array, vectors: number, inputBytes: number): Folding | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const registersAt = tables.length;
  const inputAt = registersAt + 64;
  let bytes = moduleOf(foldLoop(op.relaxedSwizzle, vectors, registersAt, inputAt));
  if (!WebAssembly.validate(bytes)) bytes = moduleOf(foldLoop(op.swizzle, vectors, registersAt, inputAt));
  try {
    const { memory, fold } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    new Uint8Array(memory.buffer).set(tables);
    const input = new Uint8Array(memory.buffer, inputAt, inputBytes);
    return { input, registers: new Uint8Array(memory.buffer, registersAt, 64), fold: (length) => fold(inputAt + length) };
  } catch {
    return undefined;
  }
}

/** Bytes of the tables for one vector, or for one byte of the registers. */
const tableBytes = 4 * 2 * 16;

const op = {
  get: 0x20, set: 0x21, tee: 0x22, i32: 0x41, less: 0x49, add: 0x6a, loop: 0x03, branchIf: 0x0d, end: 0x0b,
  load: [0xfd, 0], store: [0xfd, 11], v128: [0xfd, 12], and: [0xfd, 78], xor: [0xfd, 81], shiftRight: [0xfd, 0x8d, 0x01],
  swizzle: [0xfd, 14],
  // Since Node.js 21. It says nothing of indexes above 15, of which there are none, and so needs no guard against them.
  relaxedSwizzle: [0xfd, 0x80, 0x02],
} as const; // prettier-ignore
const type = { i32: 0x7f, v128: 0x7b, function: 0x60, none: 0x40 };

/** Where the input ends, the function's only parameter; and its variables. */
const [end, at, table, mask, low, high] = [0, 1, 2, 3, 4, 5];
/** The lanes' registers, a vector for each of their bytes; and the same before this block. */
const registers = [6, 7, 8, 9];
const before = [10, 11, 12, 13];

type Code = readonly number[];
const codeOf = (...parts: readonly (number | Code)[]): Code => parts.flat();
const get = (variable: number): Code => [op.get, variable];
const set = (variable: number): Code => [op.set, variable];
const i32 = (value: number): Code => codeOf(op.i32, signed(value));
const v128 = (byte: number): Code => codeOf(op.v128, Array<number>(16).fill(byte));
const load = (offset: number): Code => codeOf(op.load, 4, unsigned(offset));
const plus = (variable: number, by: number): Code => codeOf(get(variable), i32(by), op.add);
const repeatWhileLess = (...body: readonly Code[]): Code => codeOf(op.loop, type.none, ...body, op.less, op.branchIf, 0, op.end);

function foldLoop(lookUp: Code, vectors: number, registersAt: number, inputAt: number): Code {
  /** Adds to the registers what the bytes of a vector add, by the table at `base` and `offset`. */
  const add = (vector: Code, base: Code, offset: number): Code =>
    codeOf(
      ...[vector, get(mask), op.and, set(low)],
      ...[vector, i32(4), op.shiftRight, get(mask), op.and, set(high)],
      ...registers.flatMap((register, i) => [
        ...[base, load(offset + 32 * i), get(low), lookUp],
        ...[base, load(offset + 32 * i + 16), get(high), lookUp, op.xor],
        ...[get(register), op.xor, set(register)],
      ]),
    );
  const lastTable = vectors * tableBytes;
  return codeOf(
    ...[i32(inputAt), set(at), v128(15), set(mask)],
    repeatWhileLess(
      ...registers.flatMap((register, i) => [get(register), set(before[i]!), v128(0), set(register)]),
      ...before.map((bytes, i) => add(get(bytes), i32(0), lastTable + i * tableBytes)),
      ...[i32(0), set(table)],
      repeatWhileLess(
        add(codeOf(get(at), load(0)), get(table), 0),
        ...[plus(at, 16), set(at)],
        ...[plus(table, tableBytes), [op.tee, table], i32(lastTable)],
      ),
      ...[get(at), get(end)],
    ),
    ...registers.flatMap((register, i) => [i32(registersAt + 16 * i), get(register), op.store, [4, 0]]),
  );
}

/** A module with this function, `fold`, and a page of memory, both exported. */
function moduleOf(code: Code): Uint8Array {
  const body = codeOf([2, 2, type.i32, 11, type.v128], code, op.end);
  const name = (text: string): Code => [text.length, ...Buffer.from(text)];
  const section = (id: number, ...content: readonly (number | Code)[]): Code => {
    const bytes = content.flat();
    return codeOf(id, unsigned(bytes.length), bytes);
  };
  return Uint8Array.from(
    codeOf(
      ...[0, [...Buffer.from('asm')], [1, 0, 0, 0]],
      section(1, 1, type.function, 1, type.i32, 0),
      section(3, 1, 0),
      section(5, 1, 0, 1),
      section(7, 2, name('memory'), 2, 0, name('fold'), 0, 0),
      section(10, 1, unsigned(body.length), body),
    ),
  );
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
