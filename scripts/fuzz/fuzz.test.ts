import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../packages/core/src/errors.ts';
import { flipEveryBit, fuzz } from './run.ts';
import type { FuzzTarget } from './target.ts';
import { allTargets } from './targets.ts';

describe('fuzz', { timeout: 600_000 }, () => {
  it('H17: mutated golden frames are decoded, or refused with a ProtocolError (a small run; npm run fuzz is the large one)', () => {
    const result = fuzz(allTargets(), 20_000, 20260722);
    // Both happen often, else the mutations do not reach the decoders.
    expect(result.values).toBeGreaterThan(result.frames / 20);
    expect(result.refused).toBeGreaterThan(result.frames / 20);
  });

  const target = (decode: FuzzTarget['decode']): FuzzTarget => ({ name: 'a decoder', seeds: [Buffer.alloc(8)], decode });

  it('reports an error of any other kind, with the bytes that cause it', () => {
    const buggy = target((bytes) => bytes.readInt8(1000));
    const finding = expect.objectContaining({
      message: expect.stringMatching(/^a decoder: neither a value nor a ProtocolError for [0-9a-f]+$/),
    });
    // fast-check tells how it came there; ours is the cause.
    expect(() => fuzz([buggy], 100, 1)).toThrow(expect.objectContaining({ cause: finding }));
  });

  it('reports what takes longer than 50 ms', () => {
    const slow = target((bytes) => {
      for (const end = performance.now() + 60; bytes.includes(1) && performance.now() < end;);
    });
    expect(() => flipEveryBit([slow])).toThrow(/a decoder: \d+ ms for 01/);
  });

  it('counts values and refusals', () => {
    const picky = target((bytes) => {
      if (bytes[0] !== 0) throw new ProtocolError('no');
    });
    expect(flipEveryBit([picky])).toMatchObject({ frames: 64, values: 56, refused: 8 });
  });
});
