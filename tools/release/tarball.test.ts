import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { contentsHash, readTarball } from './tarball.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tarball-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A ustar archive, written here by the format's own rules. */
function tarball(files: readonly { path: string; prefix?: string; mode?: string; type?: string; content: string }[], level = 9): string {
  const blocks = files.map(({ path, prefix = '', mode = '0000644', type = '0', content }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(mode, 100);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    header.write(prefix, 345);
    return Buffer.concat([header, Buffer.from(content), Buffer.alloc(-content.length & 511)]);
  });
  const file = path.join(folder, 'package.tgz');
  writeFileSync(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level }));
  return file;
}

describe('readTarball', () => {
  it('gives paths without the leading folder, modes and contents', () => {
    const files = readTarball(
      tarball([
        { path: 'package/package.json', content: '{}' },
        { path: 'dist/main.js', prefix: 'package', mode: '0000755', content: 'x'.repeat(600) },
      ]),
    );
    expect(files.map(({ path, mode, content }) => [path, mode.toString(8), content.length])).toEqual([
      ['package.json', '644', 2],
      ['dist/main.js', '755', 600],
    ]);
  });

  it('refuses what is no plain file', () => {
    expect(() => readTarball(tarball([{ path: 'package/link', type: '2', content: '' }]))).toThrow('link has the type 2');
  });
});

describe('contentsHash', () => {
  const hash = (content: string, mode?: string, level?: number): string =>
    contentsHash(readTarball(tarball([{ path: 'package/a', content, ...(mode && { mode }) }], level)));

  it('is equal whatever the compression did', () => {
    expect(hash('same', undefined, 1)).toBe(hash('same', undefined, 9));
  });

  it.each([
    ['a byte', hash('other')],
    ['a mode', hash('same', '0000755')],
  ])('differs by %s', (_what, other) => {
    expect(other).not.toBe(hash('same'));
  });
});
