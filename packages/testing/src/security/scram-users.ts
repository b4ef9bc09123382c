import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Random } from '@tskafka/core/protocol';

/** The mechanisms, with their numbers on the wire. */
export const scramMechanism = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const;
export type ScramMechanism = keyof typeof scramMechanism;

/** The fewest and the most times that a password may be hashed. */
export const iterationLimits = { least: 4096, most: 16384 } as const;

/** What a broker keeps of a password: enough to check it, and too little to log in with (RFC 5802). */
export interface ScramCredential {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

/** Those who may log in by SCRAM, each mechanism with credentials of its own. */
export class ScramUsers {
  readonly #random: Random;
  readonly #credentials = new Map<ScramMechanism, Map<string, { readonly iterations: number; get(): ScramCredential }>>();

  constructor(random: Random) {
    this.#random = random;
  }

  copyFrom(other: ScramUsers): void {
    for (const [mechanism, users] of other.#credentials) this.#credentials.set(mechanism, new Map(users));
  }

  get names(): readonly string[] {
    return [...new Set([...this.#credentials.values()].flatMap((users) => [...users.keys()]))];
  }

  has(mechanism: ScramMechanism, user: string): boolean {
    return this.#credentials.get(mechanism)?.has(user) ?? false;
  }

  credential(mechanism: ScramMechanism, user: string): ScramCredential | undefined {
    return this.#credentials.get(mechanism)?.get(user)?.get();
  }

  /** How often the user's password is hashed; undefined for no such user. */
  iterations(mechanism: ScramMechanism, user: string): number | undefined {
    return this.#credentials.get(mechanism)?.get(user)?.iterations;
  }

  /** Lets the user log in with this password. It is hashed when somebody first tries: a cluster starts in no time. */
  addPassword(mechanism: ScramMechanism, user: string, password: string, iterations: number): void {
    let credential: ScramCredential | undefined;
    const get = (): ScramCredential => (credential ??= credentialOf(mechanism, password, randomBytes(this.#random, 20), iterations));
    this.#of(mechanism).set(user, { iterations, get });
  }

  /** The same, by what the administrator has hashed. */
  addSalted(mechanism: ScramMechanism, user: string, saltedPassword: Uint8Array, salt: Uint8Array, iterations: number): void {
    const credential = fromSalted(mechanism, saltedPassword, Buffer.from(salt), iterations);
    this.#of(mechanism).set(user, { iterations, get: () => credential });
  }

  remove(mechanism: ScramMechanism, user: string): void {
    this.#credentials.get(mechanism)?.delete(user);
  }

  #of(mechanism: ScramMechanism) {
    let users = this.#credentials.get(mechanism);
    if (users === undefined) this.#credentials.set(mechanism, (users = new Map()));
    return users;
  }
}

/** Hashes a password. */
export function credentialOf(mechanism: ScramMechanism, password: string, salt: Buffer, iterations: number): ScramCredential {
  const hash = hashOf(mechanism);
  return fromSalted(mechanism, pbkdf2Sync(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash), salt, iterations);
}

function fromSalted(mechanism: ScramMechanism, saltedPassword: Uint8Array, salt: Buffer, iterations: number): ScramCredential {
  const hash = hashOf(mechanism);
  const keyFor = (text: string): Buffer => createHmac(hash, saltedPassword).update(text).digest();
  const storedKey = createHash(hash).update(keyFor('Client Key')).digest();
  return { salt, storedKey, serverKey: keyFor('Server Key'), iterations };
}

export function hashOf(mechanism: ScramMechanism): 'sha256' | 'sha512' {
  return mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}
