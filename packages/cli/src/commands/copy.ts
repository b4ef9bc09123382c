import { SimpleConsumer } from '@tskafka/consumer';
import type { KafkaClient, MessageToSend } from '@tskafka/core';
import type { ConnectionFlags } from '../connect/settings.ts';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue, partitions, rate, wholeNumber } from '../frame/parse.ts';
import { type FilterFlags, filterOf } from '../messages/filter.ts';
import { sendRecords } from '../messages/send-records.ts';
import { parseRange } from '../offsets/offset-spec.ts';
import { nothingThere, type PartitionRange, resolveRange } from '../offsets/resolve-range.ts';
import { counted } from '../terminal/counted.ts';

interface Flags extends FilterFlags {
  readonly offset: string;
  readonly partition?: readonly number[];
  readonly count?: number;
  readonly toProfile?: string;
  readonly toConfig?: string;
  readonly toBrokers?: string;
  readonly rate?: number;
}

const options = [
  { flags: '-o, --offset <place>', text: 'where to start, or FROM..TO, as in consume', default: 'beginning' },
  { flags: '-p, --partition <list>', text: 'only these partitions', parse: partitions },
  { flags: '-c, --count <number>', text: 'stop after this many messages', parse: wholeNumber },
  { flags: '--rate <number>', text: 'at most this many messages a second', parse: rate },
  { flags: '--grep <regex>', text: 'only where the value matches' },
  { flags: '--key <regex>', text: 'only where the key matches' },
  { flags: '--header <name=value>', text: 'only with this header; may be repeated', parse: nameAndValue, repeat: true },
  { flags: '--where <expression>', text: 'only where the expression is true' },
  { flags: '--invert', text: 'only messages that do not match' },
];

/** `tskafka copy`: from topic to topic, also of another cluster. */
export const copy = command<Flags, [from: string, to: string]>({
  arguments: [
    ['<from>', 'the topic to read'],
    ['<to>', 'the topic to write to, which must exist'],
  ],
  options: [
    ...options,
    { flags: '--to-profile <name>', text: 'the cluster to write to: a profile' },
    { flags: '--to-config <file>', text: 'the cluster to write to: a .properties file' },
    { flags: '--to-brokers <list>', text: 'the cluster to write to: its addresses' },
  ],
  examples: ['tskafka copy orders orders-copy', 'tskafka copy orders orders --to-profile staging -o @-1h..'],
  notes:
    'Keys, values, headers and timestamps stay the same, and so do partitions if both topics have the same number. It stops where the topic ended when it started.\nLike produce, it starts at once and needs no --execute. Copying twice doubles the messages.\nOnly the --to options describe the other cluster: the environment and the default profile apply to the one that is read.',
  needs: 'read',
  endsItself: true,
  async run(context, flags, from, to) {
    const { toProfile, toConfig, toBrokers } = flags;
    if (toProfile !== undefined && toConfig !== undefined)
      throw new UsageError('--to-profile and --to-config both say where the other cluster is', 'use one of them');
    const elsewhere = toProfile ?? toConfig ?? toBrokers;
    if (elsewhere === undefined && from === to) throw new UsageError(itself(from));
    const target =
      elsewhere === undefined
        ? undefined
        : { profile: toProfile, config: toConfig, brokers: toBrokers === undefined ? undefined : [toBrokers] };
    await transfer(context, flags, from, to, (message) => message, target);
  },
});

/** `tskafka replay`: dead letters back to the topics that they came from. */
export const replay = command<Flags & { to?: string; execute?: boolean }, [from: string]>({
  arguments: [['<topic>', 'the topic of dead letters']],
  options: [...options, { flags: '--to <topic>', text: 'the topic to send them to, instead of their own' }],
  changes: true,
  examples: ['tskafka replay orders-dead', 'tskafka replay orders-dead --key "^eu-" --execute'],
  notes:
    'Each message goes to the topic in its header (tskafka.dead-letter.topic, written by run() of @tskafka/consumer, or that of Spring or Kafka Connect), without the headers\nabout its failure. Without --execute it only shows how many would go where.',
  needs: 'read',
  endsItself: true,
  async run(context, flags, from) {
    const back = (message: MessageToSend): MessageToSend | undefined => {
      const headers = message.headers as readonly (readonly [string, Buffer | null])[];
      const origin = flags.to ?? headers.findLast(([name]) => originHeaders.includes(name))?.[1]?.toString();
      if (origin === undefined) return undefined;
      return { ...message, topic: origin, partition: undefined, headers: headers.filter(([name]) => !isFailureHeader(name)) };
    };
    if (flags.execute) return transfer(context, flags, from, flags.to, back);
    const counts = new Map<string, number>();
    const client = await context.connect();
    for await (const messages of messagesOf(await reading(context, flags, from, client), context, flags, back)) {
      for (const { topic } of messages) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    await context.rows(
      [{ name: 'to', value: ([topic]) => topic }, { name: 'messages', value: ([, count]) => count }], // prettier-ignore
      counts,
      { empty: `${from} holds nothing that could be replayed` },
    );
    await context.output.flush();
    if (counts.size > 0) context.talk('plan only, nothing was sent\nadd --execute to do it');
  },
});

function itself(topic: string): string {
  return `${topic} cannot be copied into itself`;
}

/** Where a dead letter came from, in our words and in those of others. */
const originHeaders = ['tskafka.dead-letter.topic', 'x-original-topic', 'kafka_dlt-original-topic', '__connect.errors.topic'];

function isFailureHeader(name: string): boolean {
  return /^(tskafka\.dead-letter\.|x-original-|x-exception-|kafka_dlt-|__connect\.errors\.)/.test(name);
}

type Turn = (message: MessageToSend) => MessageToSend | undefined;

interface Source {
  readonly name: string;
  readonly client: KafkaClient;
  readonly ranges: readonly PartitionRange[];
  readonly partitionCount: number;
}

async function reading({ signal, talk }: Context, flags: Flags, name: string, client: KafkaClient): Promise<Source> {
  const range = parseRange(flags.offset, Date.now());
  const all = await resolveRange(client, name, range, { isolation: 'read_committed', signal, partitions: flags.partition });
  const ranges = all.filter(({ from, to }) => from < to);
  if (ranges.length === 0) talk(nothingThere(range, all));
  return { name, client, ranges, partitionCount: (await client.topic(name).partitions({ signal })).length };
}

/** What is there of the ranges, as it is to be sent. */
async function* messagesOf(source: Source, context: Context, flags: Flags, turn: Turn): AsyncGenerator<MessageToSend[]> {
  try {
    if (source.ranges.length > 0) yield* turned(source, context, flags, turn);
  } catch (error) {
    // The cluster that is written to was connected to later, and is not to blame.
    throw await context.explained(error, { client: source.client });
  }
}

async function* turned({ client, ranges }: Source, context: Context, flags: Flags, turn: Turn): AsyncGenerator<MessageToSend[]> {
  const { signal, setting } = context;
  const filter = await filterOf(flags);
  await using consumer = await SimpleConsumer.start(client, {
    partitions: ranges.map(({ topic, partition }) => ({ topic, partition })),
    until: 'latest',
    rackId: setting('client.rack') ?? '',
  });
  if (ranges.some(({ from, begin }) => from !== begin))
    await consumer.resetOffsets(ranges.map(({ topic, partition, from }) => [{ topic, partition }, from]));
  const stop = (): void => void consumer.stop();
  signal.addEventListener('abort', stop, { once: true });
  const stops = new Map(ranges.map(({ partition, to }) => [partition, to]));
  let left = flags.count ?? Infinity;
  for await (const batch of consumer.batches()) {
    const messages: MessageToSend[] = [];
    for (const message of batch) {
      if (message.offset >= stops.get(message.partition)! || left === 0) break;
      if (filter?.(message) === false) continue;
      const { topic, partition, key, value, headers, timestamp } = message;
      const turned = turn({ topic, partition, key, value, headers, timestamp });
      if (turned !== undefined) messages.push(turned);
      if (turned !== undefined) left--;
    }
    yield messages;
    if (left === 0) return;
  }
}

async function transfer(
  context: Context,
  flags: Flags,
  from: string,
  to: string | undefined,
  turn: Turn,
  target?: ConnectionFlags,
): Promise<void> {
  context.mayWrite(target);
  const source = await reading(context, flags, from, await context.connect());
  const sink = target === undefined ? source.client : await context.connect({}, target);
  if (target !== undefined && from === to && sink.clusterId === source.client.clusterId) throw new UsageError(itself(from));
  const partitionsThere = to === undefined ? undefined : (await sink.topic(to).partitions({ signal: context.signal })).length;
  const keepsPartition = partitionsThere === source.partitionCount;
  const started = performance.now();
  const batches = messagesOf(source, context, flags, (message) => {
    const turned = turn(message);
    return turned && { ...turned, topic: to ?? turned.topic, partition: keepsPartition ? turned.partition : undefined };
  });
  const total = source.ranges.reduce((sum, range) => sum + range.to - range.from, 0);
  const { sent, failed, firstError } = await sendRecords(sink, batches, { context, rate: flags.rate, total, stopAtFailure: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  context.talk(`copied ${counted(sent, 'message')} from ${from} to ${to ?? 'where they came from'} in ${seconds} s`);
  if (firstError === undefined) return;
  context.talk(`${counted(failed, 'message')} failed, the first:`);
  throw firstError;
}
