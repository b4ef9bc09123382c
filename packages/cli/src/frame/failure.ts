/** What the process ends with. */
export const exitCodes = {
  done: 0,
  /** Kafka said no, or an item failed. */
  refused: 1,
  usage: 2,
  /** A condition that was asked for does not hold. */
  unmet: 3,
  /** Nothing was done: no broker was reached, or the login failed. */
  unreachable: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export interface FailureDetails {
  /** The name of the failure in JSON. */
  readonly code?: string;
  readonly cause?: string | undefined;
  /** A command to type, or a named option. */
  readonly hint?: string | undefined;
  readonly exitCode?: number;
}

/** An error as a person is told it: what and where, why, and what to do. */
export class Failure extends Error {
  readonly code: string;
  readonly why: string | undefined;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, { code = 'FAILED', cause, hint, exitCode = exitCodes.refused }: FailureDetails = {}) {
    super(message);
    this.code = code;
    this.why = cause;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** What the user typed cannot be meant; nothing was done. */
export class UsageError extends Failure {
  constructor(message: string, hint?: string) {
    super(message, { code: 'USAGE', hint, exitCode: exitCodes.usage });
  }
}

/** The lines of it for a person, or the one line of JSON. */
export function failureText({ code, message, why, hint }: Failure, asJson: boolean): string {
  if (asJson) return JSON.stringify({ error: { code, message, cause: why, hint } });
  return [`error: ${message}`, ...(why === undefined ? [] : [`cause: ${why}`]), ...(hint === undefined ? [] : [`hint:  ${hint}`])].join(
    '\n',
  );
}
