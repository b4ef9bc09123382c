export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';

export type MechanismStep =
  | { readonly kind: 'challenge'; readonly token: Buffer }
  | {
      readonly kind: 'accepted';
      readonly token: Buffer;
      readonly user: string;
      /** Whether it was a delegation token that said so. */
      readonly byToken?: boolean;
      /** How long the credential is good. */ readonly lifetimeMs?: number;
    }
  /** Without a message the client is told no more than that it was refused. */
  | { readonly kind: 'refused'; readonly message?: string };

/** The broker's side of one authentication. */
export interface MechanismServer {
  step(token: Buffer): MechanismStep | Promise<MechanismStep>;
}

export const noToken: Buffer = Buffer.alloc(0);
