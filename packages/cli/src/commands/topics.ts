import { KafkaClient } from '@tskafka/core';
import type { Command } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

interface Flags extends ConnectionFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `tskafka topics`: what topics there are. */
export function topicsCommand(program: Command, output: Output): void {
  addConnectionOptions(program.command('topics'))
    .description('list the topics: partitions, replicas, messages')
    .option('-a, --all', "with Kafka's internal topics")
    .option('--json', 'a line of JSON for each')
    .addHelpText('after', '\nExamples:\n  tskafka topics -b kafka:9092\n  tskafka topics --json | jq -r .topic')
    .action(async (flags: Flags) => {
      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      const names = await client.topics({ internal: flags.all ?? false });
      const rows = await Promise.all(
        names.map(async (name) => {
          const topic = client.topic(name);
          const [partitions, first, end] = await Promise.all([topic.partitions(), topic.earliestOffsets(), topic.latestOffsets()]);
          let messages = 0;
          for (const [partition, offset] of end) messages += offset - (first.get(partition) ?? 0);
          return { topic: name, partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0, messages };
        }),
      );
      if (flags.json) {
        for (const row of rows) await output.data(`${JSON.stringify(row)}\n`);
      } else if (rows.length === 0) {
        output.talk('there are no topics');
      } else {
        const cells = rows.map(({ topic, partitions, replicas, messages }) => [printable(topic), partitions, replicas, messages]);
        await output.data(table(['TOPIC', 'PARTITIONS', 'REPLICAS', 'MESSAGES'], cells));
      }
    });
}
