import { SimpleConsumer } from '@tskafka/consumer';
import { command } from '../frame/command.ts';
import { partitions, wholeNumber } from '../frame/parse.ts';
import { printMessage } from '../messages/print-message.ts';
import { parseOffset } from '../offsets/offset-spec.ts';

interface Flags {
  readonly offset: string;
  readonly partition?: readonly number[];
  readonly count?: number;
  readonly follow?: boolean;
  readonly group?: string;
  readonly keys?: boolean;
}

/** `tskafka consume`: what a topic holds, and with `--follow` what comes. */
export const consume = command<Flags, [topic: string]>({
  arguments: [['<topic>', 'the topic']],
  options: [
    { flags: '-o, --offset <place>', text: 'where to begin: beginning, end, 42, -100 (of each partition), @TIME', default: 'beginning' },
    { flags: '-p, --partition <list>', text: 'only these partitions, such as 0,2', parse: partitions },
    { flags: '-c, --count <number>', text: 'end after so many messages', parse: wholeNumber },
    { flags: '--follow', text: 'go on with what comes' },
    { flags: '-G, --group <name>', text: 'begin behind what this group has committed, and commit what is printed' },
    { flags: '-k, --keys', text: 'with the key before each value' },
  ],
  examples: ['tskafka consume orders -o -100', 'tskafka consume orders -o @-15m --json', 'tskafka consume orders --follow'],
  endsItself: true,
  async run(context, flags, name) {
    const { connect, signal, talk } = context;
    const { count = Infinity } = flags;
    const place = parseOffset(flags.offset, Date.now());
    const client = await connect();
    await using consumer = await SimpleConsumer.start(client.topic(name), {
      autoOffsetReset: place,
      consumerGroup: flags.group,
      partitions: flags.partition,
      until: flags.follow ? undefined : 'latest',
    });
    let printed = 0;
    while (printed < count && !signal.aborted) {
      const message = await consumer.consume({ signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (message === undefined) break;
      await printMessage(context, message, flags.keys);
      printed++;
    }
    if (flags.group !== undefined) await consumer.commitOffsets();
    if (printed === 0) talk(`nothing is there from ${flags.offset} on`);
  },
});
