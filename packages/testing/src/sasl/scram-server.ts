import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@tskafka/core/protocol';
import { hashOf, randomBytes, type ScramCredential, type ScramMechanism } from '../security/scram-users.ts';
import type { MechanismServer, MechanismStep } from './mechanism.ts';

/** Whom a name stands for, and how that is checked. */
export interface ScramIdentity {
  readonly user: string;
  readonly credential: ScramCredential;
  /** How long the credential is good. Default: for ever. */
  readonly lifetimeMs?: number;
}

export interface ScramOptions {
  readonly mechanism: ScramMechanism;
  readonly random: Random;
  /** undefined for nobody. */
  readonly userOf: (name: string) => ScramIdentity | undefined;
  /** The same by the id of a delegation token (KIP-48). */
  readonly ownerOf: (tokenId: string) => ScramIdentity | undefined;
}

interface Exchange extends ScramIdentity {
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly byToken: boolean;
}

const refused: MechanismStep = { kind: 'refused' };

/** SCRAM (RFC 5802): the password never crosses the network, and the client can check the broker as well. */
export class ScramServer implements MechanismServer {
  readonly #options: ScramOptions;
  #exchange: Exchange | undefined;

  constructor(options: ScramOptions) {
    this.#options = options;
  }

  step(token: Buffer): MechanismStep {
    const message = token.toString('utf8');
    return this.#exchange === undefined ? this.#first(message) : this.#final(message, this.#exchange);
  }

  #first(message: string): MechanismStep {
    const match = /^n,(?:a=([^,]*))?,(n=([^,]*),r=([^,]+)(?:,(.*))?)$/.exec(message);
    if (match === null) return refused;
    const [, authorizationId, clientFirst, saslName, clientNonce, extensions = ''] = match;
    const name = saslName!.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const byToken = /(?:^|,)tokenauth=true(?:,|$)/i.test(extensions);
    const identity = byToken ? this.#options.ownerOf(name) : this.#options.userOf(name);
    if (identity === undefined) return refused;
    if (authorizationId && authorizationId !== name) {
      return { kind: 'refused', message: 'Authentication failed: Client requested an authorization id that is different from username' };
    }
    const { salt, iterations } = identity.credential;
    const nonce = `${clientNonce}${randomBytes(this.#options.random, 18).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
    this.#exchange = { ...identity, byToken, clientFirst: clientFirst!, serverFirst, nonce };
    return { kind: 'challenge', token: Buffer.from(serverFirst) };
  }

  #final(message: string, exchange: Exchange): MechanismStep {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/.exec(message);
    if (match === null || match[3] !== exchange.nonce) return refused;
    const hash = hashOf(this.#options.mechanism);
    const { storedKey, serverKey } = exchange.credential;
    const authMessage = `${exchange.clientFirst},${exchange.serverFirst},${match[1]}`;
    const signature = createHmac(hash, storedKey).update(authMessage).digest();
    const proof = Buffer.from(match[4]!, 'base64');
    // The proof is the client's key, covered by the signature.
    const clientKey = Buffer.from(signature.map((byte, i) => byte ^ (proof[i] ?? 0)));
    const shownKey = createHash(hash).update(clientKey).digest();
    if (proof.length !== signature.length || !timingSafeEqual(shownKey, storedKey)) return refused;
    const serverSignature = createHmac(hash, serverKey).update(authMessage).digest();
    const { user, byToken, lifetimeMs } = exchange;
    const token = Buffer.from(`v=${serverSignature.toString('base64')}`);
    return { kind: 'accepted', token, user, byToken, ...(lifetimeMs !== undefined && { lifetimeMs }) };
  }
}
