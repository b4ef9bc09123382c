import { KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import type { Command } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import { untilInterrupted } from '../interrupt.ts';
import { parseOffset, UsageError } from '../offset-spec.ts';
import type { Output } from '../output.ts';
import { printMessage, type PrintFlags } from '../print-message.ts';

interface Flags extends ConnectionFlags, PrintFlags {
  readonly offset: string;
  readonly partition?: string;
  readonly count?: string;
  readonly follow?: boolean;
  readonly group?: string;
}

/** `tskafka consume`: what a topic holds, and with `--follow` what comes. */
export function consumeCommand(program: Command, output: Output): void {
  addConnectionOptions(program.command('consume'))
    .description('print the messages that are there, and end; with --follow wait for more')
    .argument('<topic>')
    .option('-o, --offset <place>', 'where to begin: beginning, end, 42, -100 (of each partition), @TIME', 'beginning')
    .option('-p, --partition <list>', 'only these partitions, such as 0,2')
    .option('-c, --count <number>', 'end after so many messages')
    .option('-f, --follow', 'go on with what comes')
    .option('-G, --group <name>', 'begin behind what this group has committed, and commit what is printed')
    .option('-k, --keys', 'with the key before each value')
    .option('--json', 'a line of JSON for each message')
    .addHelpText(
      'after',
      '\nExamples:\n  tskafka consume orders -o -100\n  tskafka consume orders -o @-15m --json\n  tskafka consume orders --follow',
    )
    .action(async (name: string, flags: Flags) => {
      const count = flags.count === undefined ? Infinity : Number(flags.count);
      if (!(count >= 0)) throw new UsageError(`-c ${flags.count} is not a number of messages`);
      const place = parseOffset(flags.offset, Date.now());

      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      await using consumer = await SimpleConsumer.start(client.topic(name), {
        autoOffsetReset: place,
        consumerGroup: flags.group,
        partitions: flags.partition?.split(',').map(Number),
        until: flags.follow ? undefined : 'latest',
      });
      const printed = await untilInterrupted(async (signal) => {
        let printed = 0;
        while (printed < count) {
          const message = await consumer.consume({ signal });
          if (message === undefined) break;
          await printMessage(output, message, flags);
          printed++;
        }
        return printed;
      });
      if (flags.group !== undefined) await consumer.commitOffsets();
      if (printed === 0) output.talk(`nothing is there from ${flags.offset} on`);
    });
}
