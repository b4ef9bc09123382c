import { createReadStream, fstatSync, type ReadStream, readFileSync, statSync } from 'node:fs';
import { createTopics, type KafkaClient, type MessageToSend } from '@tskafka/core';
import type { ProducerOptions } from '@tskafka/producer';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue, rate, wholeNumber } from '../frame/parse.ts';
import { delimiter, messageFrom, type RecordFlags } from '../messages/message-from.ts';
import { recordsFrom } from '../messages/records-from.ts';
import { sendRecords, type Sent } from '../messages/send-records.ts';
import { parseTime } from '../offsets/time.ts';
import { counted } from '../terminal/counted.ts';
import { partitionIds } from '../topics/partition-ids.ts';

interface Flags extends RecordFlags {
  readonly delimiter: string;
  readonly whole?: boolean;
  readonly acks: string;
  readonly compression: ProducerOptions['compression'];
  readonly rate?: number;
  readonly transaction?: boolean;
  readonly create?: boolean;
  readonly tee?: boolean;
}

/** How large a message may be, the topic says: the default of the library would say it first. */
const maxRequestBytes = 32 * 1024 * 1024;
const carriageReturn = 0x0d;
/** Of files: a read for each 64 KiB, which is Node's default, costs more than the lines in it. */
const chunkBytes = 1024 * 1024;

/** `tskafka produce`: a message for each line. */
export const produce = command<Flags, [topic: string, files: string[]]>({
  arguments: [
    ['<topic>', 'the topic'],
    ['[file...]', 'read these files instead of standard input'],
  ],
  options: [
    { flags: '-k, --key <key>', text: 'the key of every message' },
    { flags: '-K, --key-delimiter <characters>', text: 'the delimiter between key and value in a line' },
    {
      flags: '-H, --header <name=value>',
      text: 'a header of every message; may be repeated; a name alone has no value',
      parse: nameAndValue,
      repeat: true,
    },
    { flags: '--header-delimiter <characters>', text: 'the delimiter after name=value,name=value at the start of a line' },
    { flags: '-p, --partition <number>', text: 'the partition of every message', parse: wholeNumber },
    { flags: '--keep-partitions', text: 'with --json: send each line to its partition' },
    { flags: '--timestamp <time>', text: 'the timestamp of every message', parse: (text) => parseTime(text, Date.now()) },
    { flags: '-D, --delimiter <characters>', text: 'the delimiter between messages', default: '\\n' },
    { flags: '-Z, --nulls', text: 'an empty value or key is null' },
    { flags: '--whole', text: 'each file is one message' },
    {
      flags: '--acks <who>',
      text: 'acknowledgement by all replicas in sync, the leader (1), or none (0)',
      choices: ['all', '1', '0'],
      default: 'all',
    },
    {
      flags: '-z, --compression <codec>',
      text: 'the compression of batches',
      choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
      default: 'none',
    },
    { flags: '--rate <number>', text: 'at most this many messages a second, such as 500 or 50k/s', parse: rate },
    { flags: '--transaction', text: 'send everything in one transaction, which an interruption or a failure aborts' },
    { flags: '--create', text: 'create the topic if it does not exist' },
    { flags: '-T, --tee', text: 'copy the input to standard output' },
  ],
  examples: [
    'echo hello | tskafka produce greetings',
    "tskafka produce orders orders.txt -K ':' -z zstd",
    'tskafka consume orders --json | tskafka produce orders-copy --json',
    'tskafka produce images --whole -k cat cat.png',
  ],
  notes:
    'With --json each line is an object with key, value, headers and timestamp, as consume --json prints it, and produces the same bytes.\nWith --output ndjson it prints the partition and offset of each message.',
  needs: 'write',
  endsItself: true,
  async run(context, flags, topic, files) {
    const { connect, signal, mode, talk, mayWrite, data } = context;
    const isJson = context.flags.json === true && context.flags.output === undefined;
    if (flags.keyDelimiter !== undefined && flags.keyDelimiter.length > 3 && !flags.keyDelimiter.includes('\\'))
      talk(`warning: -K ${flags.keyDelimiter} is what stands between key and value; -k gives a key`);
    if (flags.whole && files.length === 0) throw new UsageError('--whole needs files');
    const make = messageFrom(topic, flags, isJson);
    const separator = delimiter(flags.delimiter, '-D')!;
    for (const file of files) statOf(file);
    mayWrite();
    const client = await connect();
    await checkTopic(client, topic, flags, context);
    if (files.length === 0 && process.stdin.isTTY) talk('each line is a message; press Ctrl-D to finish');
    const started = performance.now();
    const result = await sendRecords(client, messagesOf(), {
      context,
      options: { maxRequestBytes, compression: flags.compression, acks: flags.acks === 'all' ? 'all' : flags.acks === '1' ? 1 : 0 },
      rate: flags.rate,
      transaction: flags.transaction,
      besideData: flags.tee === true || process.stdin.isTTY,
      onSent:
        mode === 'table' || isJson
          ? undefined
          : ({ partition, offset }) =>
              void data(mode === 'tsv' ? `${partition}\t${offset ?? '-'}\n` : `${JSON.stringify({ partition, offset: offset ?? null })}\n`),
    });
    report(result, topic, (performance.now() - started) / 1000, { ...context, transaction: flags.transaction });

    async function* messagesOf(): AsyncGenerator<MessageToSend[]> {
      if (flags.whole) {
        for (const file of files) yield [make(readFileSync(file), 1)];
        return;
      }
      let number = 0;
      for await (const records of recordsFrom(input(files, signal, flags.tee ? data : undefined), separator)) {
        if (number === 0 && flags.delimiter === '\\n' && records[0]!.at(-1) === carriageReturn)
          talk(String.raw`the lines end with CR LF, and the CR is part of the values: -D '\r\n' leaves it out`);
        // To look at the clock for each line would be a tenth of the work. What is held back by --rate gets its time when it is sent.
        const readAt = flags.rate === undefined ? Date.now() : undefined;
        yield records.map((record) => make(record, ++number, readAt));
      }
    }
  },
});

/** Says how it went; throws when any message was not delivered. */
export function report(
  { sent, failed, firstError, partitions }: Sent,
  topic: string,
  seconds: number,
  { talk, signal, transaction }: Pick<Context, 'talk' | 'signal'> & { transaction?: boolean | undefined },
): void {
  if (transaction && (signal.aborted || failed > 0)) talk('the transaction was aborted: none of it takes effect');
  else
    talk(
      `produced ${counted(sent, 'message')} to ${topic}${partitions.size === 0 ? '' : ` (${counted(partitions.size, 'partition')})`} in ${seconds.toFixed(1)} s`,
    );
  if (firstError === undefined) return;
  talk(`${counted(failed, 'message')} failed, the first:`);
  throw firstError;
}

/** A misspelt topic is an error before anything was read, and not a new topic. */
async function checkTopic(client: KafkaClient, topic: string, { create, partition }: Flags, { signal }: Context): Promise<void> {
  if (create && !(await client.topics({ signal })).includes(topic)) {
    const error = (await createTopics(client, [{ name: topic }], { signal })).get(topic);
    if (error !== undefined && !error.message.includes('TOPIC_ALREADY_EXISTS')) throw error;
  }
  await partitionIds(client, topic, partition === undefined ? undefined : [partition], signal);
}

async function* input(files: readonly string[], signal: AbortSignal, tee: Context['data'] | undefined): AsyncGenerator<Buffer, void> {
  const sources = files.length === 0 ? [standardInput()] : files.map((file) => createReadStream(file, { highWaterMark: chunkBytes }));
  for (const source of sources) {
    const stop = (): void => void source.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        if (tee !== undefined) await tee(chunk);
        yield chunk;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) return;
  }
}

function standardInput(): NodeJS.ReadStream | ReadStream {
  const isFile = fstatSync(0).isFile();
  return isFile ? createReadStream('', { fd: 0, autoClose: false, highWaterMark: chunkBytes }) : process.stdin;
}

function statOf(file: string): void {
  try {
    if (!statSync(file).isDirectory()) return;
  } catch {
    throw new UsageError(`${file} cannot be read`, 'files come after the topic: tskafka produce TOPIC FILE');
  }
  throw new UsageError(`${file} is a folder`);
}
