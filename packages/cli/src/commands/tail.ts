import type { Isolation, KafkaClient } from '@tskafka/core';
import { lastMessages, type Message, SimpleConsumer } from '@tskafka/consumer';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { nameAndValue, partitions, wholeNumber } from '../frame/parse.ts';
import { type FilterFlags, filterOf } from '../messages/filter.ts';
import { newestOf } from '../messages/merge.ts';
import { Printer, type PrintFlags, printOptions } from '../messages/printer.ts';
import { readMessages } from '../messages/read-messages.ts';
import { askOffsets } from '../offsets/ask-offsets.ts';
import { partitionIds } from '../topics/partition-ids.ts';

interface Flags extends PrintFlags, FilterFlags {
  readonly lines: number;
  readonly follow?: boolean;
  readonly partition?: readonly number[];
  readonly perPartition?: boolean;
  readonly readUncommitted?: boolean;
}

/** `tskafka tail`: the newest messages of topics, over all their partitions. PyKafka's usage guide: consuming the last N messages. */
export const tail = command<Flags, [topics: string[]]>({
  arguments: [['<topic...>', 'the topics']],
  options: [
    { flags: '-n, --lines <number>', text: 'the number of messages, from all partitions together', parse: wholeNumber, default: 10 },
    { flags: '-f, --follow', text: 'keep printing new messages' },
    { flags: '-p, --partition <list>', text: 'only these partitions', parse: partitions },
    { flags: '--per-partition', text: 'this many from each partition' },
    { flags: '--grep <regex>', text: 'with --follow: only where the value matches' },
    { flags: '--key <regex>', text: 'with --follow: only where the key matches' },
    { flags: '--header <name=value>', text: 'with --follow: only with this header', parse: nameAndValue, repeat: true },
    { flags: '--where <expression>', text: 'with --follow: only where the expression is true' },
    { flags: '--read-uncommitted', text: 'also messages of open and aborted transactions' },
    ...printOptions,
  ],
  examples: ['tskafka tail orders', 'tskafka tail -n 50 -k orders payments', 'tskafka tail -f orders'],
  notes:
    'It prints the newest messages of all partitions, oldest first, and keeps the order within a partition. If there are fewer messages, it prints those and stops.',
  needs: 'read',
  endsItself: true,
  async run(context, flags, topics) {
    const filter = await filterOf(flags);
    const printer = new Printer(context, flags);
    const client = await context.connect();
    const ends = new Map(await Promise.all(topics.map(async (topic) => [topic, await endsOf(client, topic, flags, context)] as const)));
    const found = await newest(client, ends, flags, context);
    if (found.length === 0 && flags.lines > 0 && !flags.follow) context.talk(`there are no messages in ${topics.join(', ')}`);
    for (const message of found) {
      if (filter?.(message) === false) continue;
      const full = printer.print(message);
      if (full !== undefined) await full;
    }
    await context.output.flush();
    if (flags.follow && !context.signal.aborted) {
      const from = [...ends].flatMap(([topic, offsets]) =>
        [...offsets].map(([partition, offset]) => [{ topic, partition }, offset] as const),
      );
      await using consumer = await SimpleConsumer.start(client, {
        partitions: from.map(([partition]) => partition),
        autoOffsetReset: 'latest',
        isolation: isolationOf(flags),
        rackId: context.setting('client.rack') ?? '',
      });
      await consumer.resetOffsets(from);
      if (context.output.talksToTerminal) context.talk('Ctrl-C to stop');
      await readMessages(consumer, { context, filter, printer });
    }
    await printer.end();
  },
});

function isolationOf({ readUncommitted }: Flags): Isolation {
  return readUncommitted ? 'read_uncommitted' : 'read_committed';
}

/** Where each partition ends now: what is printed ends there, and what follows begins there, without gap or repeat. */
async function endsOf(client: KafkaClient, topic: string, flags: Flags, { signal }: Context): Promise<Map<number, number>> {
  const partitions = await partitionIds(client, topic, flags.partition, signal);
  const ends = await askOffsets(client, topic, partitions, 'latest', { isolation: isolationOf(flags), signal });
  return new Map(partitions.map((partition) => [partition, ends.get(partition)!]));
}

async function newest(
  client: KafkaClient,
  ends: ReadonlyMap<string, ReadonlyMap<number, number>>,
  flags: Flags,
  { signal }: Context,
): Promise<Message[]> {
  const isolation = isolationOf(flags);
  const parts = [...ends].flatMap(([topic, offsets]) =>
    flags.perPartition ? [...offsets].map((end) => ({ topic, before: [end] })) : [{ topic, before: [...offsets] }],
  );
  const reading = parts.map(async ({ topic, before }) => {
    return before.length === 0 ? [] : lastMessages(client.topic(topic), flags.lines, { before, isolation, signal });
  });
  const runs = await Promise.all(reading).catch((error: unknown) => {
    if (signal.aborted) return [];
    throw error;
  });
  return newestOf(runs, flags.perPartition ? Infinity : flags.lines);
}
