import { KafkaClient, lastMessages } from '@tskafka/consumer';
import type { Command } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import { UsageError } from '../offset-spec.ts';
import type { Output } from '../output.ts';
import { printMessage, type PrintFlags } from '../print-message.ts';

interface Flags extends ConnectionFlags, PrintFlags {
  readonly lines: string;
}

/** `tskafka tail`: the newest messages of a topic, over all its partitions. */
export function tailCommand(program: Command, output: Output): void {
  addConnectionOptions(program.command('tail'))
    .description('print the last messages of a topic, in the order of their time')
    .argument('<topic>')
    .option('-n, --lines <number>', 'how many', '10')
    .option('-k, --keys', 'with the key before each value')
    .option('--json', 'a line of JSON for each message')
    .addHelpText('after', '\nExample:\n  tskafka tail -n 50 orders')
    .action(async (name: string, flags: Flags) => {
      const lines = Number(flags.lines);
      if (!Number.isInteger(lines) || lines < 0) throw new UsageError(`-n ${flags.lines} is not a number of messages`);
      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      for (const message of await lastMessages(client.topic(name), lines)) await printMessage(output, message, flags);
    });
}
