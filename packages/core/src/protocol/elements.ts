import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

// The elements of arrays that are not structs, in the form that Reader.array and Writer.array take.

export const readInt8 = (r: Reader): number => r.int8();
export const readInt16 = (r: Reader): number => r.int16();
export const readInt32 = (r: Reader): number => r.int32();
export const readInt64 = (r: Reader): number => r.int64();
export const readString = (r: Reader): string => r.string();

export const writeInt8 = (w: Writer, _version: number, value: number): void => w.int8(value);
export const writeInt16 = (w: Writer, _version: number, value: number): void => w.int16(value);
export const writeInt32 = (w: Writer, _version: number, value: number): void => w.int32(value);
export const writeInt64 = (w: Writer, _version: number, value: number): void => w.int64(value);
export const writeString = (w: Writer, _version: number, value: string): void => w.string(value);
