import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface TarballFile {
  /** Without the leading `package/`. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

const blockBytes = 512;

/** The files of an npm tarball, in its order. It knows what pnpm and npm write: plain files with ustar headers. */
export function readTarball(file: string): TarballFile[] {
  const tar = gunzipSync(readFileSync(file));
  const files: TarballFile[] = [];
  for (let at = 0; at + blockBytes <= tar.length;) {
    const header = tar.subarray(at, at + blockBytes);
    const name = text(header, 0, 100);
    if (name === '') break;
    const type = text(header, 156, 1);
    const path = `${text(header, 345, 155)}/${name}`.replace(/^\//, '');
    const bytes = octal(header, 124, 12);
    const content = tar.subarray(at + blockBytes, at + blockBytes + bytes);
    if (type !== '0' && type !== '') throw new Error(`${file}: ${path} has the type ${type}, which is no plain file`);
    files.push({ path: path.replace(/^package\//, ''), mode: octal(header, 100, 8), content });
    at += blockBytes + Math.ceil(bytes / blockBytes) * blockBytes;
  }
  return files;
}

/** One text for all that a tarball holds: equal for equal names, modes and contents, whatever the compression did. */
export function contentsHash(files: readonly TarballFile[]): string {
  const lines = files.map(({ path, mode, content }) => `${path} ${mode.toString(8)} ${sha256(content)}`);
  return lines.toSorted().join('\n');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function text(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

function octal(header: Buffer, start: number, length: number): number {
  return Number.parseInt(text(header, start, length).trim() || '0', 8);
}
