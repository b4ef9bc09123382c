import { AuthenticationError, BrokerError, KafkaError, NoBrokersAvailableError } from '@tskafka/core';
import { UsageError } from './offset-spec.ts';
import { printable } from './printable.ts';

/** What the process ends with. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 4, interrupted: 130 } as const;

/** An error for a person: one line with what and why, and one with what to do, where that is known. */
export function explain(error: unknown): { lines: string[]; exitCode: number } {
  const { message, hint, exitCode } = classify(error);
  return { lines: [`error: ${printable(message)}`, ...(hint === undefined ? [] : [`hint:  ${hint}`])], exitCode };
}

function classify(error: unknown): { message: string; hint?: string | undefined; exitCode: number } {
  if (error instanceof UsageError) return { message: error.message, hint: error.hint, exitCode: exitCodes.usage };
  if (error instanceof TypeError || error instanceof RangeError) return { message: error.message, exitCode: exitCodes.usage };
  if (error instanceof AuthenticationError)
    return { message: error.message, hint: 'check --user and the password', exitCode: exitCodes.unreachable };
  if (error instanceof NoBrokersAvailableError) {
    return {
      message: error.message,
      hint: 'is the broker running, and is this its address? set it with -b HOST:PORT',
      exitCode: exitCodes.unreachable,
    };
  }
  if (error instanceof BrokerError && error.errorName === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return { message: error.message, hint: 'tskafka topics lists those that exist', exitCode: exitCodes.refused };
  }
  if (error instanceof KafkaError) return { message: error.message, exitCode: exitCodes.refused };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: exitCodes.refused };
}
