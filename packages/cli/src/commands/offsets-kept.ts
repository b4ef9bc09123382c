import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { offsetsOfGroup, type PlaceOfGroup } from '../groups/offsets-of-group.ts';
import { counted } from '../terminal/counted.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { isNamed, parseTopicPartitions } from '../topics/topic-partitions.ts';

/** `tskafka offsets export`: what a group has committed, in the form that `reset --to file:` reads. */
export const offsetsExport = command<object, [group: string]>({
  arguments: [['<group>', 'the group']],
  examples: ['tskafka offsets export billing --json > billing.json', 'tskafka offsets reset billing --to file:billing.json'],
  async run({ connect, rows, signal }, _, group) {
    const client = await connect();
    const columns: readonly Column<PlaceOfGroup>[] = [...partitionColumns, { name: 'offset', value: ({ offset }) => offset }];
    await rows(columns, await (await offsetsOfGroup(client, group, signal)).read(), { empty: `${group} has committed nothing` });
  },
});

/** `tskafka offsets delete`. Java: kafka-consumer-groups.sh and kafka-share-groups.sh --delete-offsets. */
export const offsetsDelete = command<{ topic?: string[]; execute?: boolean }, [group: string]>({
  arguments: [['<group>', 'the group']],
  options: [{ flags: '-t, --topic <topic[:partitions]>', text: 'only these: orders, orders:0,2', repeat: true }],
  changes: true,
  needsToChange: { group: 'delete', topic: 'read' },
  examples: ['tskafka offsets delete billing -t old-orders --execute'],
  async run({ connect, change, signal }, { topic: specs = [], execute }, group) {
    if (specs.length === 0) throw new UsageError('-t TOPIC is missing: of which topic?', `tskafka group delete ${group} deletes all`);
    const named = specs.map(parseTopicPartitions);
    const client = await connect();
    const offsets = await offsetsOfGroup(client, group, signal);
    if (offsets.isShare && named.some(({ partitions }) => partitions !== undefined))
      throw new UsageError(`${group} is a share group, which forgets whole topics`, '-t TOPIC');
    const rows = (await offsets.read()).filter((place) => isNamed(named, place));
    await change<PlaceOfGroup>({
      columns: [...partitionColumns, { name: 'committed', value: ({ offset }) => offset }],
      rows,
      empty: `${group} has committed nothing there`,
      would: `have ${group} forget what it has committed in ${counted(rows.length, 'partition')}`,
      execute,
      confirm: group,
      apply: (all) => offsets.forget(all),
    });
  },
});
