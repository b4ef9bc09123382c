import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AuthenticationError } from '../../errors.ts';
import { formatAddress } from '../../transport.ts';
import { currentSecret } from './ask-provider.ts';
import type { SaslMechanism, SecretSource } from './mechanism.ts';
import { clientProof, ScramKeyring, serverSignature, type ScramHash } from './scram-keys.ts';
import { escapeUserName, readServerFinal, readServerFirst, ScramRefusal } from './scram-messages.ts';

const names = { sha1: 'SCRAM-SHA-1', sha256: 'SCRAM-SHA-256', sha512: 'SCRAM-SHA-512' } as const;

export interface ScramSettings {
  readonly hash: ScramHash;
  readonly username: string;
  readonly password: SecretSource;
  readonly maxIterations: number;
  /** Whether the name is a delegation token's (KIP-48). Default false. */
  readonly delegationToken?: boolean;
  /** For tests with published messages. */
  readonly nonce?: () => string;
}

/**
 * SASL/SCRAM (RFC 5802, RFC 7677, KIP-84): neither side shows the password, and both prove that they know it.
 *
 * A broker that cannot sign the exchange is refused, also when it would let us in.
 */
export function scram({
  hash,
  username,
  password,
  maxIterations,
  delegationToken = false,
  nonce = randomNonce,
}: ScramSettings): SaslMechanism {
  const keyring = new ScramKeyring(hash);
  return {
    name: names[hash],
    async authenticate(context) {
      const secret = await currentSecret('sasl.password', password, context);
      const ours = nonce();
      const clientFirst = `n=${escapeUserName(username)},r=${ours}${delegationToken ? ',tokenauth=true' : ''}`;
      try {
        const first = readServerFirst(await context.exchange(Buffer.from(`n,,${clientFirst}`)), ours, { maxIterations });
        const keys = await keyring.keysOf(secret, first.salt, first.iterations, context.signal);
        // With the broker's nonce, not ours (CVE-2024-56128); biws is `n,,`: no channel binding.
        const clientFinal = `c=biws,r=${first.nonce}`;
        const authMessage = `${clientFirst},${first.text},${clientFinal}`;
        const proof = clientProof(hash, keys, authMessage).toString('base64');
        const signature = readServerFinal(await context.exchange(Buffer.from(`${clientFinal},p=${proof}`)));
        const expected = serverSignature(hash, keys, authMessage);
        if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
          throw new ScramRefusal(
            "the broker's signature is wrong: it does not know the password, so it is not the broker that it claims to be",
          );
        }
      } catch (error) {
        if (!(error instanceof ScramRefusal)) throw error;
        throw new AuthenticationError(`${formatAddress(context)}: ${names[hash]} failed: ${error.message}`);
      }
    },
  };
}

function randomNonce(): string {
  return randomBytes(24).toString('base64url');
}
