import { randomBytes } from 'node:crypto';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { createTopics, deleteTopics, type KafkaClient } from '@tskafka/core';
import { SimpleConsumer } from '@tskafka/consumer';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { largeNumber, rate, size, wholeNumber } from '../frame/parse.ts';
import { counted } from '../terminal/counted.ts';
import { Pace } from '../messages/pace.ts';
import { Progress } from '../terminal/progress.ts';
import { histogramText } from '../terminal/histogram.ts';

interface Flags {
  readonly number: number;
  readonly size: number;
  readonly rate?: number;
  readonly compression: ProducerOptions['compression'];
  readonly partitions: number;
  readonly keep?: boolean;
}

const options = [
  { flags: '-n, --number <count>', text: 'the number of messages, such as 1M', parse: largeNumber, default: 100_000, defaultText: '100k' },
  { flags: '--size <bytes>', text: 'the size of each message', parse: size, default: 1024, defaultText: '1k' },
  { flags: '--rate <number>', text: 'at most this many a second', parse: rate },
  {
    flags: '-z, --compression <codec>',
    text: 'the compression of batches',
    choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
  },
  { flags: '--partitions <number>', text: 'the number of partitions of the topic that it creates', parse: wholeNumber, default: 3 },
  { flags: '--keep', text: 'do not delete the topic that it created' },
];
const topicArgument = [['[topic]', 'an existing topic; without it, one is created, and deleted at the end']] as const;

/** `tskafka bench produce`: a run as Kafka's ProducerPerformance makes it. */
export const benchProduce = command<Flags, [topic: string | undefined]>({
  arguments: topicArgument,
  options,
  needs: 'write',
  examples: ['tskafka bench produce -n 1M --size 100', 'tskafka bench produce orders -z lz4 --rate 50k/s'],
  endsItself: true,
  async run(context, flags, given) {
    context.mayWrite();
    await withTopic(context, flags, given, async (client, topic) =>
      report(context, flags, 'produced', await write(context, client, topic, flags)),
    );
  },
});

/** `tskafka bench consume`: from the beginning of the topic, or of one that it fills first. */
export const benchConsume = command<Flags, [topic: string | undefined]>({
  arguments: topicArgument,
  options,
  needs: 'read',
  examples: ['tskafka bench consume -n 1M --size 100', 'tskafka bench consume orders'],
  endsItself: true,
  async run(context, flags, given) {
    if (given === undefined) context.mayWrite();
    await withTopic(context, flags, given, async (client, topic) => {
      if (given === undefined) await write(context, client, topic, flags);
      const started = performance.now();
      let [count, bytes] = [0, 0];
      const progress = new Progress(context, 'read', { total: given === undefined ? flags.number : undefined, besideData: false });
      await using consumer = await SimpleConsumer.start(client.topic(topic), { until: 'latest' });
      const enough = given === undefined ? Infinity : flags.number;
      for await (const batch of consumer.batches()) {
        for (const message of batch) {
          count++;
          bytes += message.value?.length ?? 0;
          if (count >= enough) break;
        }
        progress.at(count);
        if (context.signal.aborted || count >= enough) break;
      }
      progress.end();
      await report(context, flags, 'consumed', { count, bytes, seconds: (performance.now() - started) / 1000, latency: undefined });
    });
  },
});

/** `tskafka bench latency`: from `send` until the consumer has it, one message at a time. */
export const benchLatency = command<Flags, [topic: string | undefined]>({
  arguments: topicArgument,
  options: options.map((option) => (option.flags.startsWith('-n') ? { ...option, default: 1000, defaultText: '1,000' } : option)),
  needs: 'read',
  examples: ['tskafka bench latency -n 1000 --size 100'],
  endsItself: true,
  async run(context, flags, given) {
    context.mayWrite();
    await withTopic(context, flags, given, async (client, topic) => {
      const latency = createHistogram();
      await using producer = await Producer.start(client, { compression: flags.compression });
      await using consumer = await SimpleConsumer.start(client.topic(topic), { autoOffsetReset: 'latest', fetchWaitMaxMs: 100 });
      const value = randomBytes(flags.size);
      const id = randomBytes(8);
      const started = performance.now();
      const progress = new Progress(context, 'sent', { total: flags.number, besideData: false });
      let count = 0;
      while (count < flags.number && !context.signal.aborted) {
        const sentAt = process.hrtime.bigint();
        await producer.send({ topic, key: id, value });
        if (!(await hasCome(consumer, id, context.signal))) break;
        latency.record(process.hrtime.bigint() - sentAt);
        progress.at(++count);
      }
      progress.end();
      await report(context, flags, 'sent and received', {
        count,
        bytes: count * flags.size,
        seconds: (performance.now() - started) / 1000,
        latency,
      });
    });
  },
});

/** Whether the message with this key has come, among what others send to the topic; false where somebody interrupts. */
async function hasCome(consumer: SimpleConsumer, key: Buffer, signal: AbortSignal): Promise<boolean> {
  try {
    for (;;) {
      const message = await consumer.consume({ signal });
      if (message === undefined || message.key?.equals(key)) return message !== undefined;
    }
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

interface Measured {
  readonly count: number;
  readonly bytes: number;
  readonly seconds: number;
  /** In nanoseconds. */
  readonly latency: RecordableHistogram | undefined;
}

async function withTopic(
  context: Context,
  flags: Flags,
  given: string | undefined,
  work: (client: KafkaClient, topic: string) => Promise<void>,
): Promise<void> {
  const client = await context.connect();
  if (given !== undefined) return await work(client, given);
  const topic = `tskafka-bench-${randomBytes(4).toString('hex')}`;
  const error = (await createTopics(client, [{ name: topic, partitions: flags.partitions }])).get(topic);
  if (error !== undefined) throw error;
  try {
    await client.topic(topic).partitions();
    await work(client, topic);
  } finally {
    if (!flags.keep) await deleteTopics(client, [topic]).catch((error: unknown) => context.fail(error));
  }
}

async function write(context: Context, client: KafkaClient, topic: string, flags: Flags): Promise<Measured> {
  const latency = createHistogram();
  const value = randomBytes(flags.size);
  const progress = new Progress(context, 'sent', { total: flags.number, besideData: false });
  let [delivered, failed] = [0, undefined as Error | undefined];
  const sentAt = new Map<object, number>();
  const pace = flags.rate === undefined ? undefined : new Pace(flags.rate);
  await using producer = await Producer.start(client, {
    compression: flags.compression,
    onDelivery: ({ message, error }) => {
      if (error === undefined) delivered++;
      else failed ??= error;
      const at = sentAt.get(message);
      if (at === undefined) return;
      sentAt.delete(message);
      latency.record(Math.max(1, Math.round((performance.now() - at) * 1e6)));
    },
  });
  const started = performance.now();
  for (let i = 0; i < flags.number && !context.signal.aborted && failed === undefined; i++) {
    if (pace !== undefined) await pace.next(context.signal);
    const message = { topic, value };
    // To look at the clock for each would be a good part of what is measured.
    if (i % 16 === 0) sentAt.set(message, performance.now());
    const full = producer.produce(message);
    if (full !== undefined) await full;
    if (i % 1024 === 0) progress.at(delivered);
  }
  await producer.flush().catch(() => {});
  progress.end();
  if (failed !== undefined) throw failed;
  return { count: delivered, bytes: delivered * flags.size, seconds: (performance.now() - started) / 1000, latency };
}

async function report(
  { show, flags: { quiet } }: Context,
  flags: Flags,
  what: string,
  { count, bytes, seconds, latency }: Measured,
): Promise<void> {
  const ms = (percentile: number): number => Math.round((latency?.percentile(percentile) ?? 0) / 1e4) / 100;
  const percentiles =
    latency === undefined || latency.count === 0
      ? undefined
      : { p50: ms(50), p95: ms(95), p99: ms(99), p999: ms(99.9), max: Math.round(latency.max / 1e4) / 100 };
  const megabytes = bytes / 1024 / 1024 / seconds;
  const memoryBytes = process.memoryUsage.rss();
  const { size, compression, rate } = flags;
  await show(
    { what, messages: count, bytes, seconds, perSecond: count / seconds, latencyMs: percentiles, memoryBytes, size, compression, rate },
    () => {
      const plot = percentiles === undefined || quiet ? '' : histogramText(latency!);
      const times =
        percentiles === undefined
          ? ''
          : `; p50 ${percentiles.p50} ms, p95 ${percentiles.p95}, p99 ${percentiles.p99}, p99.9 ${percentiles.p999}, max ${percentiles.max}`;
      return `${plot}${what} ${counted(count, 'message')} in ${seconds.toFixed(2)} s: ${Math.round(count / seconds).toLocaleString('en-US')}/s, ${megabytes.toFixed(1)} MB/s${times}; ${Math.round(memoryBytes / 1024 / 1024)} MB of memory\n`;
    },
  );
}
