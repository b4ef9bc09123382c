/** How copiers share the input: `none` of them is a member, or all are, by one of the two protocols. */
export const memberships = ['none', 'classic', 'consumer'] as const;

export type Membership = (typeof memberships)[number];

/** Of the input, and of the output. */
export const partitions = 4;

/** After so long the coordinator aborts the transaction of a copier that says nothing. */
export const transactionTimeoutMs = 10_000;

/** What one copier is told when it is started. */
export interface CopierPlan {
  readonly brokers: readonly string[];
  readonly input: string;
  readonly output: string;
  readonly group: string;
  readonly membership: Membership;
  /** The same each time that this copier is started again. */
  readonly transactionalId: string;
}
