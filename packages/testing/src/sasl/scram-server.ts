import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Random } from '@tskafka/core/protocol';
import type { MechanismServer, MechanismStep } from './mechanism.ts';

export interface ScramOptions {
  readonly hash: 'sha256' | 'sha512';
  readonly iterations: number;
  readonly random: Random;
  readonly passwordOf: (user: string) => string | undefined;
}

interface Exchange {
  readonly user: string;
  readonly password: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly nonce: string;
}

const refused: MechanismStep = { kind: 'refused' };

/** SCRAM (RFC 5802): the password never crosses the network, and the client can check the broker as well. */
export class ScramServer implements MechanismServer {
  readonly #options: ScramOptions;
  #exchange: Exchange | undefined;
  readonly #salt: Buffer;

  constructor(options: ScramOptions) {
    this.#options = options;
    this.#salt = randomBytes(options.random, 20);
  }

  step(token: Buffer): MechanismStep {
    const message = token.toString('utf8');
    return this.#exchange === undefined ? this.#first(message) : this.#final(message, this.#exchange);
  }

  #first(message: string): MechanismStep {
    const match = /^n,(?:a=([^,]*))?,(n=([^,]*),r=([^,]+)(?:,.*)?)$/.exec(message);
    if (match === null) return refused;
    const [, authorizationId, clientFirst, name, clientNonce] = match;
    const user = name!.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const password = this.#options.passwordOf(user);
    if (password === undefined) return refused;
    if (authorizationId && authorizationId !== user) {
      return { kind: 'refused', message: 'Authentication failed: Client requested an authorization id that is different from username' };
    }
    const nonce = `${clientNonce}${randomBytes(this.#options.random, 18).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${this.#salt.toString('base64')},i=${this.#options.iterations}`;
    this.#exchange = { user, password, clientFirst: clientFirst!, serverFirst, nonce };
    return { kind: 'challenge', token: Buffer.from(serverFirst) };
  }

  #final(message: string, exchange: Exchange): MechanismStep {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/.exec(message);
    if (match === null || match[3] !== exchange.nonce) return refused;
    const { hash, iterations } = this.#options;
    const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
    const salted = pbkdf2Sync(exchange.password, this.#salt, iterations, hash === 'sha256' ? 32 : 64, hash);
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash(hash).update(clientKey).digest();
    const authMessage = `${exchange.clientFirst},${exchange.serverFirst},${match[1]}`;
    const signature = hmac(storedKey, authMessage);
    const proof = Buffer.from(match[4]!, 'base64');
    const expected = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!));
    if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) return refused;
    const serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return { kind: 'accepted', token: Buffer.from(`v=${serverSignature.toString('base64')}`), user: exchange.user };
  }
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}
