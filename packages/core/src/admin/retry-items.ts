import type { Cluster } from '../cluster/cluster.ts';
import { finalWhenMissing, isMissing } from '../cluster/missing.ts';
import type { RetryOptions } from '../cluster/retry.ts';
import { BrokerError, KafkaError } from '../errors.ts';
import { ofItem, type Results } from './results.ts';

/**
 * Asks for the items that are still open; each gets an entry. One that asks several brokers may `tell` the entries of each as they come, so that
 * they stand when the time is over before the last has answered.
 */
export type AttemptItems<Item, Value> = (
  open: readonly Item[],
  signal: AbortSignal,
  tell: (entries: Results<Item, Value>) => void,
) => Promise<Results<Item, Value>>;

/**
 * Repeats an attempt for those of its items whose retriable error `isRetriedHere` (default: any), until the time is over: they keep the
 * last error then. What does not exist is asked for again for topicTimeoutMs only. Rejects when the whole fails before the first answer.
 */
export async function retryItems<Item, Value>(
  cluster: Cluster,
  items: readonly Item[],
  attempt: AttemptItems<Item, Value>,
  { isRetriedHere = () => true, ...options }: RetryOptions & { readonly isRetriedHere?: (error: BrokerError) => boolean },
): Promise<Results<Item, Value>> {
  const results: Results<Item, Value> = new Map();
  const open = new Set(items);
  const isOpen = (result: unknown): result is KafkaError =>
    result instanceof KafkaError && result.retriable && !(result instanceof BrokerError && !isRetriedHere(result));

  const attemptOpen = async (signal: AbortSignal): Promise<void> => {
    let again: KafkaError | undefined;
    const tell = (entries: Results<Item, Value>): void => entries.forEach((result, item) => results.set(item, result));
    const all = await attempt([...open], signal, tell);
    tell(all);
    for (const [item, result] of all) {
      if (!isOpen(result)) open.delete(item);
      else if (again === undefined || isMissing(again)) again = result;
    }
    if (again !== undefined) throw again;
  };

  if (open.size === 0) return results;
  try {
    await cluster.retry(attemptOpen, { finalAt: finalWhenMissing(cluster.options), ...options });
  } catch (error) {
    const reason = ofItem(error, options.signal);
    if (results.size === 0) throw reason;
    for (const item of items) if (!results.has(item)) results.set(item, reason);
  }
  return results;
}

/** The entry of each item: what `read` makes of the answer that has its name, or the error that there is none. */
export function matchAnswers<Item, Answer, Value>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  answers: Iterable<readonly [name: string, answer: Answer]>,
  read: (answer: Answer, item: Item) => Value | Error,
): Results<Item, Value> {
  const byName = new Map(answers);
  return new Map(
    items.map((item) => {
      const name = nameOf(item);
      const answer = byName.get(name);
      return [item, answer === undefined ? new KafkaError(`${name}: the broker's answer does not mention it`) : read(answer, item)];
    }),
  );
}
