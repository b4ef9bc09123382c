/** What decides where a partition starts. */
export interface StartRule<Reset> {
  /** The offset that the group has committed; undefined for a new group and where there is no group. */
  readonly committed: number | undefined;
  readonly resetOffsetOnStart: boolean;
  readonly autoOffsetReset: Reset;
}

/**
 * Where a consumer starts in a partition. It is the usage guide's rule: a new group, or resetOffsetOnStart, starts at
 * autoOffsetReset; an existing group starts at what it has committed, which is the next offset to read.
 */
export function startOf<Reset>({ committed, resetOffsetOnStart, autoOffsetReset }: StartRule<Reset>): number | Reset {
  return committed === undefined || resetOffsetOnStart ? autoOffsetReset : committed;
}
