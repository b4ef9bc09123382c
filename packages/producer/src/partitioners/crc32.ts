import type { MessageBytes } from '@tskafka/core';

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc;
});

/** The checksum of zlib, from 0 up to 2^32. Node has it from 22.2 on. */
export function crc32(key: MessageBytes): number {
  let crc = -1;
  for (const byte of typeof key === 'string' ? Buffer.from(key) : key) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
