/** How the replicas of a partition become others (KIP-455): pure rules. */

export interface Assignment {
  /** All that hold the partition, the preferred leader first. */
  readonly replicas: readonly number[];
  /** Those that are to come, and are not in sync yet. */
  readonly adding: readonly number[];
  /** Those that are to go once the others are in sync. */
  readonly removing: readonly number[];
}

const without = (ids: readonly number[], others: readonly number[]): number[] => ids.filter((id) => !others.includes(id));

export function isReassigning({ adding, removing }: Assignment): boolean {
  return adding.length > 0 || removing.length > 0;
}

/** On the way to other replicas: the new ones come first, and the old ones stay until they are needed no more. */
export function towards(current: Assignment, target: readonly number[]): Assignment {
  const removing = without(current.replicas, target).sort((a, b) => a - b);
  const adding = without(target, current.replicas).sort((a, b) => a - b);
  return {
    replicas: [...target, ...removing],
    // What was on its way before stays so, unless there is something new of its kind.
    adding: adding.length > 0 ? adding : current.adding,
    removing: removing.length > 0 ? removing : current.removing,
  };
}

/** The replicas and those in sync at the end, once nothing stands in the way; undefined until then. */
export function completed(
  assignment: Assignment,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | undefined {
  if (!isReassigning(assignment)) return undefined;
  const { adding, removing } = assignment;
  const newIsr = without(isr, removing);
  const replicas = without(assignment.replicas, removing);
  const includesAll = (ids: readonly number[]): boolean => ids.every((id) => newIsr.includes(id));
  if (removing.length > 0 && (newIsr.length === 0 || replicas.length === 0)) return undefined;
  if (!includesAll(adding)) return undefined;
  // With fewer replicas than before, all of them have to be in sync, lest the partition be worse off.
  return adding.length < removing.length && !includesAll(replicas) ? undefined : { replicas, isr: newIsr };
}

/** As it was before. It is unclean where none of the old replicas is in sync any more. */
export function reverted(
  { replicas, adding }: Assignment,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[]; readonly unclean: boolean } {
  const original = without(replicas, adding);
  const remaining = without(isr, adding);
  return remaining.length > 0
    ? { replicas: original, isr: remaining, unclean: false }
    : { replicas: original, isr: original.slice(0, 1), unclean: true };
}

/** How many replicas the partition has, or will have. */
export function replicationFactorOf({ replicas, removing }: Assignment): number {
  return without(replicas, removing).length;
}
