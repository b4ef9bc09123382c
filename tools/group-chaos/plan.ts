/** By which protocol the group is one. */
export const protocols = ['classic', 'consumer'] as const;

export type Protocol = (typeof protocols)[number];

/** Who commits what is done: the member's own program, or `run`. */
export const committers = ['manual', 'run'] as const;

export type Committer = (typeof committers)[number];

/** Of each topic. */
export const partitions = 3;

/** What one member is told when it is started. */
export interface MemberPlan {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly group: string;
  readonly protocol: Protocol;
  readonly commits: Committer;
  /** The file that it writes down in what happens to it. */
  readonly ledger: string;
}

/** After so long without a word a member is expelled; the broker has the same for members by KIP-848. */
export const sessionTimeoutMs = { classic: 6000, consumer: 10_000 } as const;
