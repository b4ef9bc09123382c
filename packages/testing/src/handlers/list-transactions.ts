import { apis, type Decoded, errorCodes, type ListTransactionsRequest } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { type Transaction, transactionStates } from '../transactions/transaction.ts';

/** The transactional ids that this broker coordinates (KIP-664), by producer id, state, age (version 1) and name (version 2). */
export const listTransactionsHandler = defineHandler(apis.listTransactions, (request, { state, brokerId, failureOf }) => {
  const pattern = patternOf(request.transactionalIdPattern);
  const loading = state.coordinators.isLoading('transaction', brokerId) ? errorCodes.COORDINATOR_LOAD_IN_PROGRESS : 0;
  const errorCode = failureOf() || loading || (pattern === 'invalid' ? errorCodes.INVALID_REGULAR_EXPRESSION : errorCodes.NONE);
  if (errorCode !== 0 || pattern === 'invalid') return { throttleTimeMs: 0, errorCode, unknownStateFilters: [], transactionStates: [] };
  const coordinated = state.transactions
    .list()
    .filter(({ transactionalId }) => state.coordinatorOf('transaction', transactionalId) === brokerId);
  const now = Math.trunc(state.clock.wallTime());
  return {
    throttleTimeMs: 0,
    errorCode,
    unknownStateFilters: request.stateFilters.filter((name) => !(transactionStates as readonly string[]).includes(name)),
    transactionStates: coordinated
      .filter((transaction) => isAskedFor(transaction, request, pattern, now))
      .map(({ transactionalId, producerId, state: transactionState }) => ({ transactionalId, producerId, transactionState })),
  };
});

function isAskedFor(
  { transactionalId, producerId, state, startedAt }: Transaction,
  { producerIdFilters, stateFilters, durationFilter }: Decoded<ListTransactionsRequest>,
  pattern: RegExp | undefined,
  now: number,
): boolean {
  if (producerIdFilters.length > 0 && !producerIdFilters.includes(producerId)) return false;
  if (stateFilters.length > 0 && !stateFilters.includes(state)) return false;
  if (durationFilter >= 0 && now - startedAt <= durationFilter) return false;
  return pattern?.test(transactionalId) ?? true;
}

/** The whole name is to match. JavaScript's expressions stand in for Java's. */
function patternOf(source: string | null): RegExp | 'invalid' | undefined {
  if (source === null || source === '') return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'su');
  } catch {
    return 'invalid';
  }
}
