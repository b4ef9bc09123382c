/** The values of one partition, in the order of its log. */
export type Values = readonly string[];

/** How an output differs from its input. All are 0 when it is the same, in the same order. */
export interface Verdict {
  /** In the input, and not in the output. */
  readonly missing: number;
  /** In the output once more than once. */
  readonly doubled: number;
  /** Behind one that comes later in the input. */
  readonly swapped: number;
  /** In the output, and not in the input. */
  readonly foreign: number;
}

export const flawless: Verdict = { missing: 0, doubled: 0, swapped: 0, foreign: 0 };

/** Compares the copy of a partition with the partition. */
export function judge(input: Values, output: Values): Verdict {
  const verdict = { ...flawless };
  const places = new Map(input.map((value, i) => [value, i]));
  const seen = new Set<string>();
  let highest = -1;
  for (const value of output) {
    const place = places.get(value);
    if (place === undefined) verdict.foreign++;
    else if (seen.has(value)) verdict.doubled++;
    else {
      if (place < highest) verdict.swapped++;
      highest = Math.max(highest, place);
      seen.add(value);
    }
  }
  verdict.missing = places.size - seen.size;
  return verdict;
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce(
    (total, each) => ({
      missing: total.missing + each.missing,
      doubled: total.doubled + each.doubled,
      swapped: total.swapped + each.swapped,
      foreign: total.foreign + each.foreign,
    }),
    flawless,
  );
}
