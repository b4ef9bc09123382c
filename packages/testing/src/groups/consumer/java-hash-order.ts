import { javaHash } from '../coordinator-key.ts';

/**
 * The order in which Java's hash maps give their keys. Kafka's assignors walk through such maps, and so who gets which partition
 * depends on it.
 */

/** The order of a `HashMap` with these keys; keys that share a bucket come in the order given. */
export function hashOrder<Key>(keys: Iterable<Key>, hashOf: (key: Key) => number, capacity = 16): Key[] {
  const ordered = [...keys];
  let size = tableSize(Math.max(1, capacity));
  while (ordered.length > 0.75 * size) size *= 2;
  const bucket = (key: Key): number => {
    const hash = hashOf(key);
    return (hash ^ (hash >>> 16)) & (size - 1);
  };
  return ordered.sort((a, b) => bucket(a) - bucket(b));
}

/** The order of a `HashSet` that was made of another collection. */
export function copiedHashOrder<Key>(keys: readonly Key[], hashOf: (key: Key) => number): Key[] {
  return hashOrder(keys, hashOf, Math.max(Math.trunc(keys.length / 0.75) + 1, 16));
}

/** The order in which Kafka's own `TimelineHashMap` gives the members of a group. */
export function timelineOrder(memberIds: Iterable<string>): string[] {
  const ordered = [...memberIds].reverse();
  let bits = 1;
  while (0.75 * ordered.length > 2 ** bits) bits++; // it fills up more than other tables do
  const slot = (id: string): bigint => BigInt.asUintN(64, BigInt(javaHash(id)) * -7046029254386353131n) >> BigInt(64 - bits);
  return ordered.sort((a, b) => Number(slot(a) - slot(b)));
}

/** Kafka's `Uuid.hashCode` of a topic id. */
export function uuidHash(id: string): number {
  const bytes = Buffer.from(id, 'base64url');
  return bytes.readInt32BE(0) ^ bytes.readInt32BE(4) ^ bytes.readInt32BE(8) ^ bytes.readInt32BE(12);
}

/** Kafka's `Uuid.compareTo`: two signed longs. */
export function compareUuids(a: string, b: string): number {
  const [left, right] = [Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url')];
  const most = left.readBigInt64BE(0) - right.readBigInt64BE(0);
  const difference = most === 0n ? left.readBigInt64BE(8) - right.readBigInt64BE(8) : most;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function tableSize(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(capacity));
}
