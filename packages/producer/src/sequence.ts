const sequences = 2 ** 31;

/** The sequence number `records` after `sequence`: behind 2^31-1 comes 0 (KIP-98). */
export function addToSequence(sequence: number, records: number): number {
  return (sequence + records) % sequences;
}
