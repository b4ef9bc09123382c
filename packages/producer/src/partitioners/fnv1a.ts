import type { MessageBytes } from '@tskafka/core';

/** FNV-1a with 32 bits, without the sign: so do Sarama, and librdkafka after it. */
export function fnv1a(key: MessageBytes): number {
  let hash = 0x811c9dc5 | 0;
  for (const byte of typeof key === 'string' ? Buffer.from(key) : key) hash = Math.imul(hash ^ byte, 0x01000193);
  return Math.abs(hash);
}
