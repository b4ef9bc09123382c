import { foldBlocks } from './fold-blocks.ts';

/** Takes the bytes from `start` to `end` into a checksum's register. */
export type Update = (register: number, bytes: Uint8Array, start: number, end: number) => number;

const vectors = 32;
/** Bytes are taken in blocks of so many. */
export const blockBytes = vectors * 16;
/** So many are copied over at once: with the tables they stay in the processor's first cache. */
const chunkBytes = 16 * 1024;

/**
 * A checksum by vectors of sixteen bytes, for whole blocks; undefined where there is no such thing.
 *
 * What a byte adds to the register depends on the byte and on how many follow, and all of it is added by XOR. So the sixteen lanes of the
 * vectors are sixteen registers side by side, each for every sixteenth byte. What a byte adds is looked up for its two halves, in all lanes
 * by one instruction; there are tables for each vector of a block, and for carrying the registers over to the next block. At the end the sixteen
 * registers become one.
 *
 * `table` has what a byte makes of the register, and `zeros` tells what becomes of one by sixteen zero bytes.
 */
export function wideUpdate(table: Int32Array, zeros: (register: number) => number): Update | undefined {
  const folding = foldBlocks(foldTables(table, zeros), vectors, chunkBytes);
  if (folding === undefined) return undefined;
  const { input, registers, fold } = folding;
  return (register, bytes, start, end) => {
    for (let at = start; at < end; at += chunkBytes) {
      const length = Math.min(chunkBytes, end - at);
      input.set(bytes.subarray(at, at + length));
      for (let i = 0; i < 4; i++) input[i]! ^= register >>> (8 * i);
      fold(length);
      register = 0;
      for (let lane = 0; lane < 16; lane++) {
        const own = registers[lane]! | (registers[lane + 16]! << 8) | (registers[lane + 32]! << 16) | (registers[lane + 48]! << 24);
        register = table[register & 255]! ^ (register >>> 8) ^ own;
      }
    }
    return register;
  };
}

/**
 * The tables of all vectors of a block, and of the four bytes of the registers before it: each has, for each byte of a register, what the low and what
 * the high half of a byte add to it. A vector's bytes are followed by those of the vectors behind it in their lane; and a register's first byte
 * is as far away as the byte before the block, its second one as the byte before that.
 */
function foldTables(table: Int32Array, zeros: (register: number) => number): Uint8Array {
  const halves = Array.from({ length: 16 }, (_, half) => half);
  const ofVectors = [[...halves, ...halves.map((half) => half << 4)].map((byte) => table[byte]!)];
  while (ofVectors.length < vectors) ofVectors.unshift(ofVectors[0]!.map(zeros));
  const ofRegisters: number[][] = [];
  let entries = ofVectors[0]!;
  for (let more = 1; more < 16; more++) {
    entries = entries.map((register) => table[register & 255]! ^ (register >>> 8));
    if (more >= 12) ofRegisters.unshift(entries);
  }
  return Uint8Array.from(
    [...ofVectors, ...ofRegisters].flatMap((adds) => [0, 8, 16, 24].flatMap((shift) => adds.map((all) => all >>> shift))),
  );
}
