/**
 * Where a transactional producer stands. `abortable`: something of the transaction failed, and it cannot be committed any more. `fatal`: another
 * producer has taken the transactional id over.
 */
export type TransactionState = 'idle' | 'open' | 'abortable' | 'committing' | 'aborting' | 'fatal';

export type TransactionEvent = 'begin' | 'commit' | 'abort' | 'fail' | 'end' | 'die';

const table: Readonly<Record<TransactionState, Partial<Record<TransactionEvent, TransactionState>>>> = {
  idle: { begin: 'open', fail: 'idle', die: 'fatal' },
  open: { commit: 'committing', abort: 'aborting', fail: 'abortable', die: 'fatal' },
  abortable: { abort: 'aborting', fail: 'abortable', die: 'fatal' },
  committing: { fail: 'abortable', end: 'idle', die: 'fatal' },
  // What fails while it is aborted was to be thrown away.
  aborting: { fail: 'aborting', end: 'idle', die: 'fatal' },
  fatal: { fail: 'fatal', end: 'fatal', die: 'fatal' },
};

/** The state behind the event; undefined where the event is not allowed. */
export function afterEvent(state: TransactionState, event: TransactionEvent): TransactionState | undefined {
  return table[state][event];
}

/** Why a call is not allowed now. */
export function refusalOf(state: TransactionState, event: 'begin' | 'commit' | 'abort' | 'write'): string | undefined {
  switch (state) {
    case 'open':
      return event === 'begin' ? 'a transaction is open already: a producer has one at a time' : undefined;
    case 'abortable':
      return event === 'abort' ? undefined : 'the transaction has failed and can only be aborted';
    case 'committing':
    case 'aborting':
      return `the transaction is ${state}`;
    case 'idle':
      return event === 'begin' ? undefined : 'the transaction has ended';
    case 'fatal':
      return 'the producer is fenced: another one uses its transactionalId';
  }
}
