export interface AdminOptions {
  /** How long the whole may take. Default: the client's apiTimeoutMs. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
