import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { throwIfPassing } from './at-coordinators.ts';
import { fullPartitionName } from './items.ts';
import { byPartition } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

interface AnsweredPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  /** Only share groups have one. */
  readonly errorMessage?: string | null;
}

/** What became of a group's offset in each partition. Throws what passes, so that the whole is asked again. */
export function outcomesOf<Item extends TopicPartition>(
  items: readonly Item[],
  topics: readonly { readonly name: string; readonly partitions: readonly AnsweredPartition[] }[],
  what: string,
): Results<Item> {
  const answers = byPartition(topics);
  for (const [, { errorCode }] of answers) throwIfPassing(errorCode, what);
  return matchAnswers(items, fullPartitionName, answers, ({ errorCode, errorMessage }, item) => {
    if (errorCode === 0) return undefined;
    const hint = errorCode === errorCodes.UNKNOWN_MEMBER_ID ? 'the group still has members: stop them first' : null;
    return brokerError(errorCode, `${what} in ${fullPartitionName(item)}`, { detail: errorMessage ?? hint });
  });
}
