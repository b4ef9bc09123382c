/** What is compared: when it was written. */
interface Timed {
  readonly timestamp: number;
}

/** Several runs as one, by time; equal times in the order of the runs. The order inside a run is never broken. */
export function mergeByTime<T extends Timed>(runs: readonly (readonly T[])[]): T[] {
  const next = runs.map(() => 0);
  const merged: T[] = [];
  for (;;) {
    let from: number | undefined;
    let time = Infinity;
    for (let run = 0; run < runs.length; run++) {
      const candidate = runs[run]![next[run]!];
      if (candidate !== undefined && (from === undefined || candidate.timestamp < time)) [from, time] = [run, candidate.timestamp];
    }
    if (from === undefined) return merged;
    merged.push(runs[from]![next[from]!++]!);
  }
}

/** The newest `count` of several runs, oldest first. What is chosen of a run is its end. */
export function newestOf<T extends Timed>(runs: readonly (readonly T[])[], count: number): T[] {
  const ends = runs.map((run) => run.length);
  for (let i = 0; i < count; i++) {
    let from: number | undefined;
    let time = -Infinity;
    for (let run = 0; run < runs.length; run++) {
      const candidate = runs[run]![ends[run]! - 1];
      if (candidate !== undefined && (from === undefined || candidate.timestamp >= time)) [from, time] = [run, candidate.timestamp];
    }
    if (from === undefined) break;
    ends[from]!--;
  }
  return mergeByTime(runs.map((run, i) => run.slice(ends[i])));
}
