import * as zlib from 'node:zlib';
import { KafkaError } from '../errors.ts';

// The two codecs that Node brings: gzip, and zstd from Node 22.15 on.

/** A codec of node:zlib, on the event loop and off it. */
export interface ZlibCodec {
  compressSync(bytes: Buffer, level?: number): Buffer;
  compress(bytes: Buffer, level?: number): Promise<Buffer>;
  decompressSync(bytes: Buffer, maxBytes: number): Buffer;
  decompress(bytes: Buffer, maxBytes: number): Promise<Buffer>;
}

/** The functions of node:zlib that this file uses; the declarations for Node 20 do not have zstd's yet. */
interface Zlib {
  gzipSync: Run;
  gzip: RunAsync;
  gunzipSync: Run;
  gunzip: RunAsync;
  zstdCompressSync?: Run;
  zstdCompress?: RunAsync;
  zstdDecompressSync?: Run;
  zstdDecompress?: RunAsync;
}
/** zstd's own numbers of them: ZSTD_c_compressionLevel and ZSTD_d_windowLogMax. */
const zstdParameter = { compressionLevel: 100, windowLogMax: 100 } as const;

interface Options {
  readonly level?: number;
  readonly params?: Record<number, number>;
  readonly pledgedSrcSize?: number;
  readonly chunkSize?: number;
  readonly maxOutputLength?: number;
}
type Run = (bytes: Buffer, options: Options) => Buffer;
type RunAsync = (bytes: Buffer, options: Options, done: (error: Error | null, result: Buffer) => void) => void;

const { gzipSync, gzip, gunzipSync, gunzip } = zlib as unknown as Zlib;

export const gzipCodec: ZlibCodec = {
  compressSync: (bytes, level) => gzipSync(bytes, gzipOptions(bytes, level)),
  compress: (bytes, level) => settle(gzip, bytes, gzipOptions(bytes, level)),
  decompressSync: (bytes, maxBytes) => gunzipSync(bytes, gunzipOptions(bytes, maxBytes)),
  decompress: (bytes, maxBytes) => settle(gunzip, bytes, gunzipOptions(bytes, maxBytes)),
};

export const zstdCodec = zstdCodecOf(zlib as unknown as Zlib);

/** The codec of a node:zlib that may be too old to have it. */
export function zstdCodecOf(lib: Partial<Zlib>): ZlibCodec {
  const { zstdCompressSync, zstdCompress, zstdDecompressSync, zstdDecompress } = lib;
  return {
    compressSync: (bytes, level) => (zstdCompressSync ?? noZstd())(bytes, zstdOptions(bytes, level)),
    compress: async (bytes, level) => settle(zstdCompress ?? noZstd(), bytes, zstdOptions(bytes, level)),
    decompressSync: (bytes, maxBytes) => (zstdDecompressSync ?? noZstd())(bytes, unzstdOptions(bytes, maxBytes)),
    decompress: async (bytes, maxBytes) => settle(zstdDecompress ?? noZstd(), bytes, unzstdOptions(bytes, maxBytes)),
  };
}

/** A gzip stream ends with its length, which is a hint only: it may lie, or be another stream's. */
function gunzipOptions(bytes: Buffer, maxBytes: number): Options {
  const stated = bytes.length >= 4 ? bytes.readUInt32LE(bytes.length - 4) : 0;
  return { maxOutputLength: maxBytes, chunkSize: chunkSize(stated + 1) };
}

function gzipOptions(bytes: Buffer, level: number | undefined): Options {
  return { level, chunkSize: chunkSize(bytes.length) };
}

/** Given the size, zstd writes it into the frame, where a reader can refuse it. */
function zstdOptions(bytes: Buffer, level: number | undefined): Options {
  const params: Options['params'] = level === undefined ? {} : { [zstdParameter.compressionLevel]: level };
  return { params, pledgedSrcSize: bytes.length, chunkSize: chunkSize(bytes.length) };
}

/** The window bounds what a decompressor allocates for itself, whatever the output's bound is. */
function unzstdOptions(bytes: Buffer, maxBytes: number): Options {
  const params = { [zstdParameter.windowLogMax]: 27 };
  return { maxOutputLength: maxBytes, chunkSize: chunkSize(bytes.length * 4), params };
}

/** Output comes in pieces of this size. One piece is the fastest; a small batch should not hold a large one. */
function chunkSize(expectedBytes: number): number {
  return Math.max(1024, Math.min(expectedBytes, 256 * 1024));
}

function settle(run: RunAsync, bytes: Buffer, options: Options): Promise<Buffer> {
  return new Promise((resolve, reject) => run(bytes, options, (error, result) => (error === null ? resolve(result) : reject(error))));
}

function noZstd(): never {
  throw new KafkaError(`zstd needs Node.js 22.15 or later (or 23.8), and this is ${process.version}`);
}
