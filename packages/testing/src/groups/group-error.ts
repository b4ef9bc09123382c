/** Why a group refuses a request: Kafka's code, and what it says. Whoever answers the request catches it. */
export class GroupError extends Error {
  readonly code: number;
  /** What the client is told; null for nothing. */
  readonly told: string | null;

  constructor(code: number, told: string | null) {
    super(told ?? `error ${code}`);
    this.code = code;
    this.told = told;
  }
}
