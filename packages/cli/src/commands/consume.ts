import { groupOffsets, type KafkaClient } from '@tskafka/core';
import { BalancedConsumer, type Consumer, SimpleConsumer } from '@tskafka/consumer';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue, partitions, wholeNumber } from '../frame/parse.ts';
import { type Filter, type FilterFlags, filterOf } from '../messages/filter.ts';
import { Printer, type PrintFlags, printOptions } from '../messages/printer.ts';
import { readMessages } from '../messages/read-messages.ts';
import { type Place, parseRange, type Range } from '../offsets/offset-spec.ts';
import { nothingThere, type PartitionRange, resolveRange } from '../offsets/resolve-range.ts';
import { partitionName } from '../topics/topic-partitions.ts';

interface Flags extends PrintFlags, FilterFlags {
  readonly offset?: string;
  readonly partition?: readonly number[];
  readonly count?: number;
  readonly follow?: boolean;
  readonly group?: string;
  readonly commit?: boolean;
  readonly regex?: boolean;
  readonly order?: 'partition' | 'time';
  readonly readUncommitted?: boolean;
}

/** `tskafka consume`: what topics hold, and with `--follow` what comes. PyKafka: consume_topic. */
export const consume = command<Flags, [topics: string[]]>({
  arguments: [['<topic...>', 'the topics']],
  options: [
    {
      flags: '-o, --offset <place>',
      text: 'where to start, or FROM..TO: beginning, end, 42, -100, +100, @TIME, committed',
      defaultText: 'beginning',
    },
    { flags: '-p, --partition <list>', text: 'only these partitions, such as 0,2 or 0-3', parse: partitions },
    { flags: '-c, --count <number>', text: 'stop after this many messages', parse: wholeNumber },
    { flags: '--follow', text: 'keep printing new messages' },
    { flags: '-G, --group <name>', text: 'start at the commits of this group; with --follow, join it' },
    { flags: '--commit', text: 'commit the printed messages for the group' },
    { flags: '--regex', text: 'the topics are regular expressions for whole names' },
    { flags: '--grep <regex>', text: 'only where the value matches' },
    { flags: '--key <regex>', text: 'only where the key matches' },
    { flags: '--header <name=value>', text: 'only with this header; may be repeated', parse: nameAndValue, repeat: true },
    {
      flags: '--where <expression>',
      text: "only where the expression is true: JavaScript's operators and =~ /regex/ on topic, partition, offset, time, timestamp, key, value, headers",
    },
    { flags: '--invert', text: 'only messages that do not match' },
    {
      flags: '--order <how>',
      text: 'the order of each partition, or by time, for which all messages are held in memory',
      choices: ['partition', 'time'],
      defaultText: 'partition',
    },
    { flags: '--read-uncommitted', text: 'also messages of open and aborted transactions' },
    ...printOptions.map((option) => (option.flags.startsWith('--format') ? { ...option, flags: '-f, --format <format>' } : option)),
  ],
  examples: [
    'tskafka consume orders -o -100',
    'tskafka consume orders -o @-15m.. --json',
    'tskafka consume orders -p 0 -o 40..50',
    'tskafka consume orders --where \'value.total > 100 && headers.type == "sale"\'',
    "tskafka consume orders -f '%p/%o %k: %s\\n'",
    'tskafka consume orders --follow -G billing --commit',
  ],
  notes:
    'Without -G it joins no group and commits nothing. Reading never creates a topic. Without --follow it stops where the partitions\nended when it started. The messages of a partition stay in order; partitions are mixed as they arrive, or by --order time.',
  needs: 'read',
  endsItself: true,
  async run(context, flags, given) {
    if (flags.commit && flags.group === undefined) throw new UsageError('--commit needs -G GROUP, to commit for');
    if (flags.order === 'time' && flags.follow) throw new UsageError('--order time needs an end: it cannot be used with --follow');
    const range = parseRange(flags.offset ?? (flags.group === undefined ? 'beginning' : 'committed'), Date.now());
    if (flags.follow && range.to !== undefined) throw new UsageError('--follow has no end: give -o FROM alone');
    const filter = await filterOf(flags);
    const printer = new Printer(context, flags);
    const client = await context.connect();
    const topics = flags.regex ? await matching(client, given, context) : given;
    const printed =
      flags.follow && flags.group !== undefined && !flags.partition
        ? await followAsMember(client, topics, range.from, flags, { context, filter, printer })
        : await read(client, topics, range, flags, { context, filter, printer });
    await printer.end();
    if (flags.count !== undefined && printed < flags.count && flags.follow && !context.signal.aborted) context.unmet();
  },
});

interface Printing {
  readonly context: Context;
  readonly filter: Filter | undefined;
  readonly printer: Printer;
}

function wholeName(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new UsageError(`--regex: ${(error as Error).message}`);
  }
}

async function matching(client: KafkaClient, patterns: readonly string[], { signal }: Context): Promise<string[]> {
  const whole = patterns.map((pattern) => wholeName(pattern));
  const all = await client.topics({ signal });
  const found = all.filter((name) => whole.some((regex) => regex.test(name)));
  if (found.length === 0) throw new UsageError(`no topic matches ${patterns.join(' or ')}`, 'tskafka topics lists the topics');
  return found;
}

/** Partitions of our own choice, in a range. A group only says where to begin. */
async function read(client: KafkaClient, topics: readonly string[], range: Range, flags: Flags, printing: Printing): Promise<number> {
  const { context } = printing;
  const { signal, talk } = context;
  const isolation = flags.readUncommitted ? ('read_uncommitted' as const) : ('read_committed' as const);
  const { group } = flags;
  const committed =
    group === undefined
      ? undefined
      : new Map((await groupOffsets(client, group, { signal })).map((place) => [partitionName(place), place.offset]));
  const all = (
    await Promise.all(
      topics.map((topic) => resolveRange(client, topic, range, { isolation, signal, committed, partitions: flags.partition })),
    )
  ).flat();
  const ranges = flags.follow ? all : all.filter(({ from, to }) => from < to);
  if (ranges.length === 0) {
    talk(nothingThere(range, all));
    return 0;
  }
  await using consumer = new SimpleConsumer(client, {
    partitions: ranges.map(({ topic, partition }) => ({ topic, partition })),
    autoOffsetReset: startOf(range.from, ranges) ?? 'earliest',
    resetOffsetOnStart: true,
    consumerGroup: group,
    until: flags.follow ? undefined : 'latest',
    rackId: context.setting('client.rack') ?? '',
    isolation,
  });
  await consumer.start();
  if (startOf(range.from, ranges) === undefined)
    await consumer.resetOffsets(ranges.map(({ topic, partition, from }) => [{ topic, partition }, from]));
  const stops = flags.follow ? undefined : ranges;
  const total = flags.follow ? undefined : ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const printed = await readMessages(consumer, {
    ...printing,
    count: flags.count,
    total,
    byTime: flags.order === 'time',
    stops,
    limitMs: flags.follow ? context.timeoutMs : undefined,
  });
  if (flags.commit) await consumer.commitOffsets(committable(consumer, stops));
  if (printed === 0 && !flags.follow && flags.count !== 0)
    talk(printing.filter === undefined ? nothingThere(range, all) : 'no message matches');
  return printed;
}

/** One place that is right for all partitions, if there is one: then nothing is fetched in vain. */
function startOf(place: Place, ranges: readonly PartitionRange[]) {
  if (place.kind === 'time') return { timestamp: place.time };
  if (place.kind === 'before end') return { last: place.count };
  if (place.kind === 'end') return 'latest';
  if (ranges.every(({ from, begin }) => from === begin)) return 'earliest';
  return ranges.every(({ from }) => from === ranges[0]!.from) ? ranges[0]!.from : undefined;
}

/** Not beyond what was asked for: the consumer may stand behind it. */
function committable(consumer: Consumer, stops: readonly PartitionRange[] | undefined) {
  return consumer.assignment.map(({ topic, partition, position }) => {
    const stop = stops?.find((range) => range.topic === topic && range.partition === partition)?.to ?? Infinity;
    return [{ topic, partition }, Math.min(position, stop)] as const;
  });
}

async function followAsMember(
  client: KafkaClient,
  topics: readonly string[],
  from: Place,
  flags: Flags,
  printing: Printing,
): Promise<number> {
  const { context } = printing;
  await using consumer = await BalancedConsumer.start(client, {
    consumerGroup: flags.group!,
    topics,
    autoOffsetReset: startOf(from, []) ?? 'earliest',
    isolation: flags.readUncommitted ? 'read_uncommitted' : 'read_committed',
    autoCommitEnable: flags.commit ?? false,
    autoCommitIntervalMs: 5000,
    rackId: context.setting('client.rack') ?? '',
  });
  // Awaited here: the consumer is closed at the end of this block.
  return await readMessages(consumer, { ...printing, count: flags.count, limitMs: context.timeoutMs });
}
