import { describe, expect, it } from 'vitest';
import { KafkaError } from '../errors.ts';
import { zstdCodec, zstdCodecOf } from './zlib-codecs.ts';

describe('zstd', () => {
  it('says which Node.js it needs where node:zlib does not have it', async () => {
    const old = zstdCodecOf({});
    const bytes = Buffer.from('x');
    const reason = /zstd needs Node\.js 22\.15 or later/;
    expect(() => old.compressSync(bytes)).toThrow(reason);
    expect(() => old.decompressSync(bytes, 1)).toThrow(KafkaError);
    await expect(old.compress(bytes)).rejects.toThrow(reason);
    await expect(old.decompress(bytes, 1)).rejects.toThrow(KafkaError);
  });

  it('takes levels', () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => `line ${(i * 7919) % 1013}\n`).join(''));
    const [fast, usual] = [-5, undefined].map((level) => zstdCodec.compressSync(bytes, level).length);
    expect(fast).toBeGreaterThan(usual! * 1.5);
  });
});
