/** The same bytes in memory that nobody shares. `Buffer.from` would take short ones from a pool, and one of them kept keeps all. */
export function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
