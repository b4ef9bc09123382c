import { describe, expect, it } from 'vitest';
import { isOutOfOrder, type Verification, withAttempt } from './verification.ts';

const known: Verification = { epoch: 3, lowestSequence: 5, bumpsEpochs: false };

describe('withAttempt', () => {
  it.each<[string, Verification | undefined, epoch: number, sequence: number, expected: number]>([
    ['the first attempt', undefined, 0, 7, 7],
    ['a lower sequence of the epoch', known, 3, 2, 2],
    ['a higher sequence of the epoch', known, 3, 9, 5],
    ['a higher epoch begins anew', known, 4, 9, 9],
    ['a lower epoch says nothing', known, 2, 0, 5],
  ])('%s', (_what, before, epoch, lowestSequence, expected) => {
    expect(withAttempt(before, { epoch, lowestSequence, bumpsEpochs: false }).lowestSequence).toBe(expected);
  });
});

describe('isOutOfOrder', () => {
  it.each<[string, bumpsEpochs: boolean, firstSequence: number, hasBatches: boolean, boolean]>([
    ['the lowest sequence seen', false, 5, false, false],
    ['one behind it', false, 6, false, true],
    ['with protocol 2 a producer that is unknown begins at 0', true, 5, false, true],
    ['with protocol 2 a producer that is known goes on', true, 5, true, false],
  ])('%s', (_what, bumpsEpochs, firstSequence, hasBatches, expected) => {
    expect(isOutOfOrder({ ...known, bumpsEpochs }, firstSequence, hasBatches)).toBe(expected);
  });
});
