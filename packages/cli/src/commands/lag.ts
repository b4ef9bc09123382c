import { type GroupOffset, groupOffsets } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';

const columns: readonly Column<GroupOffset>[] = [
  { name: 'topic', value: ({ topic }) => topic },
  { name: 'partition', value: ({ partition }) => partition },
  { name: 'committed', value: ({ offset }) => offset },
  { name: 'end', value: ({ end }) => end },
  { name: 'lag', value: ({ lag }) => lag },
];

/** `tskafka lag`: how far a group has come. PyKafka: print_consumer_lag. */
export const lag = command<{ topic?: string }, [group: string]>({
  arguments: [['<group>', 'the group']],
  options: [{ flags: '-t, --topic <topic>', text: 'of this topic only' }],
  examples: ['tskafka lag billing', 'tskafka lag billing --json | jq -s "map(.lag) | add"'],
  async run({ connect, rows, talk, output }, { topic: only }, group) {
    const all = await groupOffsets(await connect(), group);
    const found = only === undefined ? all : all.filter(({ topic }) => topic === only);
    await rows(columns, found, { empty: `${group} has committed nothing` });
    await output.flush();
    if (found.length > 0) talk(`${found.reduce((sum, { lag }) => sum + lag, 0).toLocaleString('en-US')} in all`);
  },
});
