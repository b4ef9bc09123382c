import { deleteGroups, type ListedGroup, listGroups } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';
import { matcherOf } from '../terminal/matcher.ts';

const columns: readonly Column<ListedGroup>[] = [
  { name: 'group', value: ({ group }) => group },
  { name: 'type', value: ({ type }) => type },
  { name: 'state', value: ({ state }) => state },
];

/** `tskafka groups`: what groups there are. PyKafka: print_managed_consumer_groups. */
export const groups = command<object, [pattern?: string]>({
  arguments: [['[pattern]', 'only groups whose name matches, such as billing-*']],
  examples: ['tskafka groups -b kafka:9092', "tskafka groups 'billing-*'"],
  async run({ connect, rows, fail, signal }, _, pattern) {
    const { groups: all, errors } = await listGroups(await connect(), { signal });
    const matches = matcherOf(pattern);
    const found = all.filter(({ group }) => matches(group));
    await rows(columns, found, { empty: pattern === undefined ? 'there are no groups' : `no group matches ${pattern}` });
    for (const error of errors.values()) await fail(error);
  },
});

export const groupDelete = command<{ execute?: boolean }, [names: string[]]>({
  arguments: [['<group...>', 'the groups']],
  changes: true,
  examples: ['tskafka group delete old-group --execute'],
  async run({ connect, change }, { execute }, names) {
    const client = await connect();
    await change({
      columns: [{ name: 'group', value: (group: string) => group }],
      rows: names,
      would: names.length === 1 ? `delete ${names[0]}` : `delete ${names.length} groups`,
      execute,
      async apply(all) {
        const results = await deleteGroups(client, all);
        return all.map((group) => results.get(group));
      },
    });
  },
});
