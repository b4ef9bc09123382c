import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';

/** Why this broker cannot speak for the transactional id; 0 when it can. */
export function transactionCoordinatorError(transactionalId: string, { state, brokerId }: HandlerContext): number {
  return state.coordinators.error('transaction', transactionalId, brokerId);
}

/** The code of PRODUCER_FENCED, for clients that are too old for it. */
export function fencedCode(error: keyof typeof errorCodes, knowsIt: boolean): number {
  return error === 'PRODUCER_FENCED' && !knowsIt ? errorCodes.INVALID_PRODUCER_EPOCH : errorCodes[error];
}
