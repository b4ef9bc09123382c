/** The text of SCRAM's messages (RFC 5802), as data and without any secret. What is wrong with one is a `ScramRefusal`. */

export class ScramRefusal extends Error {}

export interface ScramLimits {
  /** More iterations would keep this machine's thread pool busy at the broker's will. */
  readonly maxIterations: number;
}

export interface ServerFirst {
  /** As it came: it is signed to the letter. */
  readonly text: string;
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

/** Kafka's own least (ScramMechanism): fewer would make a stolen message cheap to crack. */
const minIterations = 4096;
const minSaltBytes = 8;
const maxSaltBytes = 1024;
const maxMessageBytes = 64 * 1024;

/** A name as the message holds it: `=` and `,` have a meaning there. Kafka prepares neither name nor password (SASLprep). */
export function escapeUserName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** Reads `r=nonce,s=salt,i=iterations` and whatever optional extensions follow. */
export function readServerFirst(message: Buffer, clientNonce: string, { maxIterations }: ScramLimits): ServerFirst {
  const text = textOf(message);
  const [r, s, i] = text.split(',', 3);
  const nonce = attribute('r', r);
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw new ScramRefusal("the broker's nonce does not continue ours: the answer belongs to another login");
  }
  if (!/^[\x21-\x7e]+$/.test(nonce)) throw new ScramRefusal("the broker's nonce has characters that it must not have");
  const salt = base64(attribute('s', s), 'salt');
  if (salt.length < minSaltBytes || salt.length > maxSaltBytes) {
    throw new ScramRefusal(`the salt has ${salt.length} bytes, and ${minSaltBytes} to ${maxSaltBytes} are accepted`);
  }
  const count = attribute('i', i);
  const iterations = /^\d{1,15}$/.test(count) ? Number(count) : NaN;
  if (!(iterations >= minIterations && iterations <= maxIterations)) {
    throw new ScramRefusal(`the broker asks for ${quote(count)} iterations, and ${minIterations} to ${maxIterations} are accepted`);
  }
  return { text, nonce, salt, iterations };
}

/** Reads `v=signature`; `e=` says why the broker refuses. */
export function readServerFinal(message: Buffer): Buffer {
  return base64(attribute('v', textOf(message).split(',', 1)[0]), 'signature');
}

function textOf(message: Buffer): string {
  if (message.length > maxMessageBytes) throw new ScramRefusal(`the broker's message has ${message.length} bytes`);
  const text = message.toString('utf8');
  if (!Buffer.from(text).equals(message)) throw new ScramRefusal("the broker's message is not UTF-8");
  if (text.startsWith('e=')) throw new ScramRefusal(`the broker says ${quote(text.slice(2).split(',', 1)[0]!)}`);
  if (text.startsWith('m=')) throw new ScramRefusal('the broker asks for an extension that this client does not know');
  return text;
}

function attribute(name: string, item: string | undefined): string {
  if (item?.startsWith(`${name}=`)) return item.slice(2);
  throw new ScramRefusal(`the broker's message has no ${name}= where it belongs`);
}

function base64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes; // Buffer skips over what is not base64
  throw new ScramRefusal(`the ${what} is not base64`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
