import { groupOffsets, KafkaClient } from '@tskafka/core';
import type { Command } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

interface Flags extends ConnectionFlags {
  readonly topic?: string;
  readonly json?: boolean;
}

/** `tskafka lag`: how far a group has come. PyKafka: print_consumer_lag. */
export function lagCommand(program: Command, output: Output): void {
  addConnectionOptions(program.command('lag'))
    .description('how far a group has come: committed, end and lag of each partition')
    .argument('<group>', 'the group')
    .option('-t, --topic <topic>', 'of this topic only')
    .option('--json', 'a line of JSON for each partition')
    .addHelpText('after', '\nExamples:\n  tskafka lag billing\n  tskafka lag billing --json | jq -s "map(.lag) | add"')
    .action(async (group: string, flags: Flags) => {
      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      const all = await groupOffsets(client, group);
      const rows = flags.topic === undefined ? all : all.filter(({ topic }) => topic === flags.topic);
      if (flags.json) {
        for (const { topic, partition, offset, end, lag } of rows) {
          await output.data(`${JSON.stringify({ topic, partition, committed: offset, end, lag })}\n`);
        }
      } else if (rows.length === 0) {
        output.talk(`'${printable(group)}' has committed nothing`);
      } else {
        const cells = rows.map(({ topic, partition, offset, end, lag }) => [printable(topic), partition, offset, end, lag]);
        await output.data(table(['TOPIC', 'PARTITION', 'COMMITTED', 'END', 'LAG'], cells));
        output.talk(`${rows.reduce((sum, { lag }) => sum + lag, 0).toLocaleString('en-US')} in all`);
      }
    });
}
