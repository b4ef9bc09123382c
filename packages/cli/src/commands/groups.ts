import { deleteGroups, type ListedGroup, listGroups } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';

const columns: readonly Column<ListedGroup>[] = [
  { name: 'group', value: ({ group }) => group },
  { name: 'type', value: ({ type }) => type },
  { name: 'state', value: ({ state }) => state },
];

/** `tskafka groups`: what groups there are. PyKafka: print_managed_consumer_groups. */
export const groups = command({
  examples: ['tskafka groups -b kafka:9092'],
  async run({ connect, rows, fail }) {
    const { groups: found, errors } = await listGroups(await connect());
    await rows(columns, found, { empty: 'there are no groups' });
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
