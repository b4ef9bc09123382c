import type { ConfigDefinitions } from './config-definition.ts';

/** What IncrementalAlterConfigs can do with a configuration, by Kafka's numbers. */
export const alterOperation = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

const names = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const;

export interface Alteration {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

export function operationName(operation: number): (typeof names)[number] | undefined {
  return names[operation];
}

/** What a resource's configuration would be afterwards, or why the operation is impossible. */
export function altered(
  before: ReadonlyMap<string, string>,
  alterations: readonly Alteration[],
  lists: ConfigDefinitions,
  refusal: (alteration: Alteration) => string,
): Map<string, string> | string {
  const after = new Map(before);
  for (const alteration of alterations) {
    const { name, operation, value } = alteration;
    if (operation === alterOperation.set) after.set(name, value!);
    else if (operation === alterOperation.delete) after.delete(name);
    else {
      const definition = lists.get(name);
      if (definition?.type !== 'list') return refusal(alteration);
      const entries = (after.get(name) ?? definition.default ?? '').split(',').filter((entry) => entry !== '');
      const given = value!.split(',');
      const changed =
        operation === alterOperation.append ? [...new Set([...entries, ...given])] : entries.filter((entry) => !given.includes(entry));
      after.set(name, changed.join(','));
    }
  }
  return after;
}
