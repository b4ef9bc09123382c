/** Who a connection is, before and after it has said so. One for each connection of a cluster that asks for SASL. */
export interface SaslServer {
  readonly mechanisms: readonly string[];
  /** Whether requests other than those of the handshake are taken. */
  readonly authenticated: boolean;
  /** True after a handshake of version 0: what follows are the mechanism's bytes alone, without a request around them. */
  readonly expectsRawTokens: boolean;
  /** Chooses the mechanism; false when it is not offered. */
  begin(mechanism: string, rawTokens: boolean): boolean;
  /** Takes the client's next token, and gives ours. */
  step(token: Buffer): SaslStep | Promise<SaslStep>;
}

export type SaslStep =
  | { readonly kind: 'token'; readonly token: Buffer; /** 0: for ever. */ readonly sessionLifetimeMs: number }
  | { readonly kind: 'refused'; readonly message: string };
