import { ClosedError, KafkaError } from '../errors.ts';

/**
 * The result of each item of a call, by the item as it was passed and in that order: its value, or the Error that explains why there is
 * none. If success has nothing to report, the value is undefined.
 */
export type Results<Item, Value = undefined> = Map<Item, Value | Error>;

/** Returns the values of all items, and throws the first error among them. Java: `all()` of its results. */
export function valuesOf<Item, Value>(results: ReadonlyMap<Item, Value | Error>): Map<Item, Value> {
  const values = new Map<Item, Value>();
  for (const [item, result] of results) {
    if (result instanceof Error) throw result;
    values.set(item, result);
  }
  return values;
}

/**
 * Does something with each item for itself, all at the same time: what Kafka or the network had against one is the entry of that one.
 * Rejects when the caller gave up, or the client was closed.
 */
export async function eachItem<Item, Value>(
  items: Iterable<Item>,
  act: (item: Item) => Promise<Value>,
  signal?: AbortSignal,
): Promise<Results<Item, Value>> {
  const settle = async (item: Item): Promise<readonly [Item, Value | Error]> => {
    try {
      return [item, await act(item)];
    } catch (error) {
      return [item, ofItem(error, signal)];
    }
  };
  return new Map(await Promise.all([...items].map(settle)));
}

/** The error as an item's own; throws it when it belongs to the whole call. */
export function ofItem(error: unknown, signal: AbortSignal | undefined): KafkaError {
  if (signal?.aborted || !(error instanceof KafkaError) || error instanceof ClosedError) throw error;
  return error;
}

/** What was asked of one alone: its value, or its error is thrown; of a list the results of all. */
export async function ofOneOrEach<Value>(
  keys: string | readonly string[],
  ask: (keys: readonly string[]) => Promise<Results<string, Value>>,
): Promise<Value | Results<string, Value>> {
  return typeof keys === 'string' ? valuesOf(await ask([keys])).get(keys)! : ask(keys);
}

/** The values that there are, beside the errors of the rest. Where every item has failed there is nothing to give: throws the first error. */
export function partial<Item, Value>(results: ReadonlyMap<Item, Value | Error>): { values: Value[]; errors: Map<Item, Error> } {
  const values: Value[] = [];
  const errors = new Map<Item, Error>();
  for (const [item, result] of results) {
    if (result instanceof Error) errors.set(item, result);
    else values.push(result);
  }
  const [first] = errors.values();
  if (values.length === 0 && first !== undefined) throw first;
  return { values, errors };
}
