import type { Random } from '@tskafka/core/protocol';

/** A new member's id as the broker makes it up: the instance's or the client's name, and a UUID in Java's form. */
export function newMemberId(random: Random, clientId: string | null, groupInstanceId: string | null): string {
  return `${groupInstanceId ?? clientId}-${javaUuid(random)}`;
}

/** A random UUID as Java writes it. */
export function javaUuid(random: Random): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
