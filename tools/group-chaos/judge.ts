import { type GroupEvent, witnessName } from './events.ts';

/** What is wrong with how a group has read a partition. All are 0 when nothing is. */
export interface Verdict {
  /** In the log, and handled by nobody. */
  missed: number;
  /** Passed over: a member was given one that is not behind the last, or began behind one that nobody had handled. */
  skipped: number;
  /** Given again to a member that has kept the partition. */
  repeated: number;
  /** Covered by a commit before they were handled. */
  unhandled: number;
  /** Given to the next owner although they were committed before it became that. */
  recommitted: number;
  /** Commits behind which the group has fallen back. */
  movedBack: number;
  /** Given to a member while another one had the partition already, beyond the one that was on its way. */
  shared: number;
  /** Not what stands in the log at this offset. */
  foreign: number;
}

export const flawless: Verdict = {
  ...{ missed: 0, skipped: 0, repeated: 0, unhandled: 0 },
  ...{ recommitted: 0, movedBack: 0, shared: 0, foreign: 0 },
};

interface Owner {
  /** The commit that was known when it began. */
  readonly committed: number;
  /** The next to be given to it; undefined: it has been given nothing yet. */
  next: number | undefined;
  /** How many it was given after another one had taken over. */
  late: number;
}

/**
 * Compares what happened to one partition, in the order of time, with its log: the sequences of its values, by offset. `describe` is told of
 * the first anomalies.
 */
export function judge(
  events: readonly GroupEvent[],
  log: readonly (number | undefined)[],
  describe: (anomaly: string) => void = () => {},
): Verdict {
  const verdict = { ...flawless };
  const handled = new Set<number>();
  /** All below are handled. */
  let frontier = 0;
  let committed = 0;
  let witnessed = 0;
  const owners = new Map<string, Owner>();
  /** Who has begun last. */
  let reader: Owner | undefined;
  const count = (kind: keyof Verdict, times: number, { at, member, partition, offset }: GroupEvent): void => {
    if (times <= 0) return;
    if (verdict[kind] === 0) describe(`${partition}: ${times} ${kind} at ${offset} by ${member}, ${at}; frontier ${frontier}, committed ${committed}`); // prettier-ignore
    verdict[kind] += times;
  };
  const unhandledBelow = (offset: number): number => {
    let missing = 0;
    for (let each = frontier; each < offset; each++) if (!handled.has(each)) missing++;
    return missing;
  };

  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const { kind, member, offset = 0 } = event;
    if (kind === 'assigned') {
      owners.set(member, { committed, next: undefined, late: 0 });
    } else if (kind === 'delivered') {
      const its = owners.get(member);
      if (log[offset] === undefined || log[offset] !== event.sequence) count('foreign', 1, event);
      if (its === undefined) count('shared', 1, event);
      else {
        if (its.next !== undefined && its !== reader && ++its.late > 1) count('shared', 1, event);
        if (its.next === undefined) {
          reader = its;
          count('skipped', unhandledBelow(offset), event);
          count('recommitted', its.committed - offset, event);
        } else if (offset > its.next) count('skipped', offset - its.next, event);
        else if (offset < its.next) count('repeated', 1, event);
        its.next = offset + 1;
      }
    } else if (kind === 'handled') {
      handled.add(offset);
      while (handled.has(frontier)) frontier++;
    } else if (kind === 'committed') {
      count('unhandled', unhandledBelow(offset), event);
      if (member === witnessName) {
        if (offset < witnessed) count('movedBack', 1, event);
        witnessed = offset;
      }
      committed = Math.max(committed, offset);
    } else owners.delete(member);
  }
  log.forEach((sequence, offset) => {
    if (sequence !== undefined && !handled.has(offset)) verdict.missed++;
  });
  return verdict;
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...flawless };
  for (const verdict of verdicts) for (const kind of Object.keys(total) as (keyof Verdict)[]) total[kind] += verdict[kind];
  return total;
}
