import { describe, expect, it } from 'vitest';
import { PartitionLedger, sequenceOf, valueOf } from './ledger.ts';
import { flawless, judge, type Verdict } from './verdict.ts';

type Fate = number | 'pending' | 'not persisted' | 'possibly persisted' | 'unclear';

function verdict(fates: readonly Fate[], log: readonly (number | undefined)[]): Verdict {
  const ledger = new PartitionLedger('orders', 0);
  for (const fate of fates) {
    const sequence = ledger.begin();
    if (typeof fate === 'number') ledger.acknowledged(sequence, fate);
    else if (fate !== 'pending') ledger.rejected(sequence, fate === 'unclear' ? undefined : fate);
  }
  return judge(
    ledger,
    log.map((sequence, offset) => ({ offset, sequence })),
  );
}

describe('the verdict on a log', () => {
  it.each<[rule: string, fates: Fate[], log: (number | undefined)[], wrong: Partial<Verdict>]>([
    ['nothing is wrong where each stands once, in order, where it was said to be', [0, 1, 2], [0, 1, 2], {}],
    ['lost: acknowledged and not there', [0, 1, 2], [0, 1], { lost: 1 }],
    ['doubled: there twice', [0, 1, 3], [0, 1, 1, 2], { doubled: 1 }],
    ['swapped: behind one that was sent later', [0, 2, 1], [0, 2, 1], { swapped: 1 }],
    ['misnumbered: acknowledged at the offset of another', [0, 0, 2], [0, 1, 2], { misnumbered: 1 }],
    ['denied: rejected as not persisted, and there', [0, 'not persisted', 2], [0, 1, 2], { denied: 1 }],
    ['rejected as not persisted, and not there: right', [0, 'not persisted', 1], [0, 2], {}],
    ['rejected as possibly persisted: right either way', [0, 'possibly persisted', 'possibly persisted', 2], [0, 1, 3], {}],
    ['foreign: nobody sent it there', [0], [0, undefined, 7], { foreign: 2 }],
    ['unsettled: no word on it', [0, 'pending'], [0, 1], { unsettled: 1 }],
    ['unclear: rejected without a word on what became of it', [0, 'unclear'], [0, 1], { unclear: 1 }],
    ['a sequence number that was given to another record: one doubled, one lost', [0, 1, 1], [0, 1, 1], { doubled: 1, lost: 1 }],
  ])('%s', (_, fates, log, wrong) => {
    expect(verdict(fates, log)).toEqual({ ...flawless, ...wrong });
  });

  it('refuses a second settlement', () => {
    const ledger = new PartitionLedger('orders', 0);
    ledger.acknowledged(ledger.begin(), 0);
    expect(() => ledger.rejected(0, 'not persisted')).toThrow('settled twice');
  });

  it('knows a value that went astray', () => {
    const value = valueOf(new PartitionLedger('orders', 3), 12);
    expect(sequenceOf('orders', 3, value)).toBe(12);
    expect(sequenceOf('orders', 2, value)).toBeUndefined();
    expect(sequenceOf('other', 3, value)).toBeUndefined();
  });
});
