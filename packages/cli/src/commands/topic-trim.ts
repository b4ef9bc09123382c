import { deleteRecords, type RecordsToDelete } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { partitions as parsePartitions } from '../frame/parse.ts';
import { parsePlace, type Range } from '../offsets/offset-spec.ts';
import { resolveRange } from '../offsets/resolve-range.ts';
import { counted } from '../terminal/counted.ts';
import { partitionColumns } from '../topics/partition-columns.ts';

interface Row extends RecordsToDelete {
  readonly before: number;
  readonly begin: number;
  readonly end: number;
}

const everything: Range = { from: { kind: 'beginning' }, to: undefined };

/** `tskafka topic trim`: delete the records before an offset or a time. Java: kafka-delete-records.sh. */
export const topicTrim = command<{ before: string; partitions?: number[]; execute?: boolean }, [name: string]>({
  arguments: [['<topic>', 'the topic']],
  options: [
    {
      flags: '--before <offset>',
      text: 'the first record to keep: end, 42, -100 (keep the last 100 of each partition), @-7d, @2026-11-23',
    },
    { flags: '-p, --partitions <list>', text: 'only these partitions: 0, 0,2, 0-3', parse: parsePartitions },
  ],
  changes: true,
  needsToChange: { topic: 'delete' },
  examples: ['tskafka topic trim orders --before @-7d', 'tskafka topic trim orders --before end -p 0 --execute'],
  async run({ connect, change, signal }, { before, partitions: only, execute }, topic) {
    if (before === undefined) throw new UsageError('--before is missing', '--before end, --before 42 or --before @-7d');
    const place = parsePlace(before, Date.now(), '--before');
    if (place.kind === 'committed') throw new UsageError('--before committed: nobody has committed here', '--before end, 42 or @-7d');
    const client = await connect();
    const limits = { partitions: only, isolation: 'read_uncommitted', signal } as const;
    const [all, past] = await Promise.all([
      resolveRange(client, topic, everything, limits),
      // A number is taken as it is, for each partition holds others: a short one is emptied.
      place.kind === 'offset' ? undefined : resolveRange(client, topic, { from: place, to: undefined }, limits),
    ]);
    const rows = all
      .map(({ partition, begin, end }, i): Row => {
        const offset = place.kind === 'offset' ? place.offset : past![i]!.from;
        return { topic, partition, begin, end, before: Math.max(begin, Math.min(offset, end)) };
      })
      .filter((row) => row.before > row.begin);
    const deleted = rows.reduce((sum, { before: to, begin }) => sum + to - begin, 0);
    await change<Row>({
      columns: [
        ...partitionColumns,
        { name: 'begin', value: ({ begin }) => begin },
        { name: 'newBegin', value: (row) => row.before },
        { name: 'end', value: (row) => row.end },
        { name: 'deleted', value: (row) => row.before - row.begin },
      ],
      rows,
      empty: 'there are no messages before that',
      would: `delete ${counted(deleted, 'message')} of ${topic}`,
      execute,
      confirm: topic,
      async apply(all) {
        const items = all.map(({ topic: name, partition, before: to }) => ({ topic: name, partition, before: to }));
        const results = await deleteRecords(client, items, { signal });
        return items.map((item) => {
          const result = results.get(item);
          return result instanceof Error ? result : undefined;
        });
      },
    });
  },
});
