/** What is compared: when it was written. */
interface Timed {
  readonly timestamp: number;
}

/**
 * The newest `count` of several runs, oldest first. A run is a partition's messages in their order, which is never broken, so
 * what is chosen of each run is its end: again and again the newest of the last messages is taken (of several, the later run's).
 */
export function newest<T extends Timed>(runs: readonly (readonly T[])[], count: number): T[] {
  const ends = runs.map((run) => run.length);
  for (let i = 0; i < count; i++) {
    const from = best(
      runs,
      (run) => runs[run]![ends[run]! - 1],
      (a, b) => a >= b,
    );
    if (from === undefined) break;
    ends[from]!--;
  }
  return merge(runs.map((run, i) => run.slice(ends[i])));
}

/** Several runs as one, by time; equal times in the order of the runs. */
function merge<T extends Timed>(runs: readonly (readonly T[])[]): T[] {
  const next = runs.map(() => 0);
  const merged: T[] = [];
  for (;;) {
    const from = best(
      runs,
      (run) => runs[run]![next[run]!],
      (a, b) => a < b,
    );
    if (from === undefined) return merged;
    merged.push(runs[from]![next[from]!++]!);
  }
}

/** The run whose candidate is before, or after, that of all others. */
function best<T extends Timed>(
  runs: readonly unknown[],
  candidateOf: (run: number) => T | undefined,
  isBetter: (time: number, thanTime: number) => boolean,
): number | undefined {
  let found: number | undefined;
  let time = 0;
  for (let run = 0; run < runs.length; run++) {
    const candidate = candidateOf(run);
    if (candidate === undefined || (found !== undefined && !isBetter(candidate.timestamp, time))) continue;
    found = run;
    time = candidate.timestamp;
  }
  return found;
}
