import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { raceWithSignal } from '../../signal.ts';

/** The hash of a SCRAM mechanism; Kafka has SHA-256 and SHA-512. */
export type ScramHash = 'sha1' | 'sha256' | 'sha512';

/** What a password becomes under one salt. */
export interface ScramKeys {
  readonly clientKey: Buffer;
  readonly serverKey: Buffer;
}

const derive = promisify(pbkdf2);

/** `p=`: proves that we know the client key, without showing it. */
export function clientProof(hash: ScramHash, { clientKey }: ScramKeys, authMessage: string): Buffer {
  const storedKey = createHash(hash).update(clientKey).digest();
  const proof = hmac(hash, storedKey, authMessage);
  for (let i = 0; i < proof.length; i++) proof[i]! ^= clientKey[i]!;
  return proof;
}

/** `v=`: what only a broker that knows the password's keys can say. */
export function serverSignature(hash: ScramHash, { serverKey }: ScramKeys, authMessage: string): Buffer {
  return hmac(hash, serverKey, authMessage);
}

/**
 * Derives keys from passwords, which is slow on purpose: one derivation at a time, and the last one is remembered.
 *
 * A client logs in to all brokers of a cluster with the same salt, so it derives once. One at a time, since each occupies a thread
 * of the four that file access and name lookup share; a derivation cannot be stopped.
 */
export class ScramKeyring {
  readonly #hash: ScramHash;
  #turn: Promise<unknown> = Promise.resolve();
  #last: { password: string; salt: Buffer; iterations: number; keys: ScramKeys } | undefined;

  constructor(hash: ScramHash) {
    this.#hash = hash;
  }

  keysOf(password: string, salt: Buffer, iterations: number, signal: AbortSignal): Promise<ScramKeys> {
    const keys = this.#turn.then(() => {
      signal.throwIfAborted(); // given up while it waited for its turn
      return this.#derive(password, salt, iterations);
    });
    this.#turn = keys.catch(() => {});
    return raceWithSignal(keys, signal);
  }

  async #derive(password: string, salt: Buffer, iterations: number): Promise<ScramKeys> {
    const last = this.#last;
    if (last?.password === password && last.iterations === iterations && last.salt.equals(salt)) return last.keys;
    const hash = this.#hash;
    const salted = await derive(password, salt, iterations, createHash(hash).digest().length, hash);
    const keys = { clientKey: hmac(hash, salted, 'Client Key'), serverKey: hmac(hash, salted, 'Server Key') };
    this.#last = { password, salt: Buffer.from(salt), iterations, keys };
    return keys;
  }
}

function hmac(hash: ScramHash, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}
