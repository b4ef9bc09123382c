/** What other servers say first. Read as a Kafka length, each of these would announce hundreds of megabytes. */
const greetings: readonly (readonly [RegExp, string])[] = [
  [/^HTTP/, 'this is an HTTP port'],
  [/^SSH-/, 'this is an SSH port'],
  [/^220[ -]/, 'this is an SMTP or FTP port'],
  [/^-ERR/, 'this is a Redis port'],
  [/^RFB /, 'this is a VNC port'],
];

const longestSaneFrame = 100 * 1024 * 1024;

/**
 * What a peer is that is no Kafka broker, by the first bytes that it sent; undefined when they may be Kafka's, or are fewer than four.
 *
 * The client speaks first, so these bytes are an answer to ApiVersions, or a greeting.
 */
export function peerHint(firstBytes: Buffer): string | undefined {
  if (firstBytes.length < 4) return undefined;
  // A TLS record: its type (alert 0x15, handshake 0x16), and the major version 3 that SSL 3.0 and every TLS have.
  if ((firstBytes[0] === 0x15 || firstBytes[0] === 0x16) && firstBytes[1] === 3 && firstBytes[2]! <= 4) {
    return "the broker's port speaks TLS: set ssl";
  }
  const text = firstBytes.toString('latin1', 0, 40);
  for (const [greeting, hint] of greetings) if (greeting.test(text)) return hint;
  if (/^[\x20-\x7e]{4}/.test(text)) return `it answers with text, ${JSON.stringify(text)}`;
  const length = firstBytes.readInt32BE(0);
  if (length < 4 || length > longestSaneFrame)
    return `its first bytes are ${firstBytes.toString('hex', 0, 4)}, which is not the length of a Kafka response`;
  return undefined;
}
