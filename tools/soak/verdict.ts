import { fates, type PartitionLedger } from './ledger.ts';

/** One record of a partition's log: its offset, and the sequence of its value (undefined: it is nobody's). */
export interface LoggedRecord {
  readonly offset: number;
  readonly sequence: number | undefined;
}

/** What is wrong with a log. All are 0 when nothing is. */
export interface Verdict {
  /** Acknowledged, and not in the log. */
  lost: number;
  /** In the log once more than once. */
  doubled: number;
  /** Behind one that was sent later. */
  swapped: number;
  /** Acknowledged with another offset than its own. */
  misnumbered: number;
  /** Rejected as not persisted, and in the log. */
  denied: number;
  /** In the log of a partition that it was not sent to. */
  foreign: number;
  /** Neither acknowledged nor rejected. */
  unsettled: number;
  /** Rejected without a word on what became of it. */
  unclear: number;
}

export const flawless: Verdict = { lost: 0, doubled: 0, swapped: 0, misnumbered: 0, denied: 0, foreign: 0, unsettled: 0, unclear: 0 };

/** Compares what a partition was sent with its log. `describe` is told of the first anomalies, each with its neighbours. */
export function judge(ledger: PartitionLedger, log: readonly LoggedRecord[], describe: (anomaly: string) => void = () => {}): Verdict {
  const verdict = { ...flawless };
  const offsets = new Map<number, number[]>();
  let highest = -1;
  const anomaly = (kind: keyof Verdict, at: number, sequence: number | undefined): void => {
    if (++verdict[kind] > 3) return;
    const neighbours = log.slice(Math.max(0, at - 5), at + 6).map((record) => `${record.offset}:${record.sequence}`);
    describe(`${ledger.name}: ${kind}: send ${sequence} (fate ${ledger.fates[sequence ?? -1]}); the log there: ${neighbours.join(' ')}`);
  };
  log.forEach(({ offset, sequence }, at) => {
    if (sequence === undefined || sequence >= ledger.fates.length) return anomaly('foreign', at, sequence);
    const before = offsets.get(sequence);
    if (before === undefined) offsets.set(sequence, [offset]);
    else {
      before.push(offset);
      return anomaly('doubled', at, sequence);
    }
    if (sequence < highest) anomaly('swapped', at, sequence);
    highest = Math.max(highest, sequence);
  });
  const placeOf = (offset: number): number => log.findIndex((record) => record.offset >= offset);
  ledger.fates.forEach((fate, sequence) => {
    const found = offsets.get(sequence);
    if (fate >= 0 && found === undefined) anomaly('lost', placeOf(fate), sequence);
    else if (fate >= 0 && !found!.includes(fate)) anomaly('misnumbered', placeOf(fate), sequence);
    else if (fate === fates.notPersisted && found !== undefined) anomaly('denied', placeOf(found[0]!), sequence);
    else if (fate === fates.pending) verdict.unsettled++;
    else if (fate === fates.silent || fate === fates.persistedAndRejected) verdict.unclear++;
  });
  return verdict;
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...flawless };
  for (const verdict of verdicts) for (const kind of Object.keys(total) as (keyof Verdict)[]) total[kind] += verdict[kind];
  return total;
}
