import { describe, expect, it } from 'vitest';
import { afterEvent, refusalOf, type TransactionEvent, type TransactionState } from './transaction-state.ts';

describe('P28: the states of a transactional producer', () => {
  it.each<[TransactionState, TransactionEvent, TransactionState | undefined]>([
    ['idle', 'begin', 'open'],
    ['idle', 'commit', undefined],
    ['idle', 'abort', undefined],
    ['open', 'begin', undefined],
    ['open', 'commit', 'committing'],
    ['open', 'abort', 'aborting'],
    ['open', 'fail', 'abortable'],
    ['abortable', 'commit', undefined],
    ['abortable', 'abort', 'aborting'],
    ['committing', 'end', 'idle'],
    ['committing', 'fail', 'abortable'],
    ['committing', 'abort', undefined],
    ['aborting', 'end', 'idle'],
    ['aborting', 'fail', 'aborting'],
    ['fatal', 'begin', undefined],
    ['fatal', 'fail', 'fatal'],
  ])('%s, %s: %s', (state, event, expected) => {
    expect(afterEvent(state, event)).toBe(expected);
  });

  it.each<TransactionState>(['idle', 'open', 'abortable', 'committing', 'aborting', 'fatal'])(
    '%s: whatever happens, fatal is the end',
    (state) => {
      expect(afterEvent(state, 'die')).toBe('fatal');
    },
  );

  it('says why a call is not allowed, and nothing where it is', () => {
    expect(refusalOf('open', 'write')).toBeUndefined();
    expect(refusalOf('abortable', 'abort')).toBeUndefined();
    expect(refusalOf('abortable', 'write')).toMatch('can only be aborted');
    expect(refusalOf('idle', 'write')).toMatch('has ended');
    expect(refusalOf('open', 'begin')).toMatch('open already');
    expect(refusalOf('fatal', 'begin')).toMatch('another one uses its transactionalId');
  });
});
