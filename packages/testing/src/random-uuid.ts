import type { Random } from '@tskafka/core/protocol';

/** A random UUID in Kafka's form: 22 characters of URL-safe base64. Kafka gives out none that begins with `-`. */
export function randomUuid(random: Random): string {
  for (;;) {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const text = bytes.toString('base64url');
    if (!text.startsWith('-')) return text;
  }
}
