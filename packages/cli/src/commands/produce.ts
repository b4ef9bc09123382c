import { createReadStream } from 'node:fs';
import { KafkaClient, Producer, type ProducerOptions } from '@tskafka/producer';
import { type Command, Option } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import { UsageError } from '../offset-spec.ts';
import type { Output } from '../output.ts';
import { delimiterOf, recordsFrom } from '../records-from.ts';

interface Flags extends ConnectionFlags {
  readonly key?: string;
  readonly keyDelimiter?: string;
  readonly header: readonly string[];
  readonly partition?: string;
  readonly delimiter: string;
  readonly nulls?: boolean;
  readonly compression: ProducerOptions['compression'];
}

/** Sends that may wait for their answer. */
const maxPending = 10_000;

/** `tskafka produce`: a message for each line. */
export function produceCommand(program: Command, output: Output): void {
  addConnectionOptions(program.command('produce'))
    .description('send a message for each line of standard input, or of the files')
    .argument('<topic>')
    .argument('[file...]')
    .option('-k, --key <key>', 'the key of every message')
    .option('-K, --key-delimiter <characters>', 'what stands between key and value in a line')
    .option(
      '-H, --header <name=value>',
      'a header of every message; may be given again',
      (entry: string, all: string[]) => [...all, entry],
      [],
    )
    .option('-p, --partition <number>', 'where every message goes')
    .option('-D, --delimiter <characters>', 'what stands between messages', '\\n')
    .option('-Z, --nulls', 'an empty value or key is null')
    .addOption(new Option('-z, --compression <codec>').choices(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'))
    .addHelpText('after', "\nExamples:\n  echo hello | tskafka produce greetings\n  tskafka produce orders orders.txt -K ':' -z zstd")
    .action(async (topic: string, files: string[], flags: Flags) => {
      if (flags.key !== undefined && flags.keyDelimiter !== undefined) throw new UsageError('-k and -K both give the key: use one of them');
      const partition = flags.partition === undefined ? undefined : Number(flags.partition);
      if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0))
        throw new UsageError(`-p ${flags.partition} is not a partition`);
      const headers = flags.header.map(headerOf);
      const split = splitter(flags);

      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      await using producer = await Producer.start(client, { compression: flags.compression });
      const started = performance.now();
      const outcome = await sendAll(
        producer,
        topic,
        { partition, headers },
        recordsFrom(input(files), delimiterOf(flags.delimiter)),
        split,
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      output.talk(`produced ${outcome.sent.toLocaleString('en-US')} messages to ${topic} in ${seconds} s`);
      if (outcome.firstError !== undefined) {
        output.talk(`${outcome.failed.toLocaleString('en-US')} messages failed; the first:`);
        throw outcome.firstError as Error;
      }
    });
}

interface Split {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
}

/** Sends the records as they come, so many at a time that the pipe is kept full. */
async function sendAll(
  producer: Producer,
  topic: string,
  fixed: { readonly partition: number | undefined; readonly headers: readonly (readonly [string, string | null])[] },
  records: AsyncIterable<Buffer>,
  split: (record: Buffer) => Split,
): Promise<{ sent: number; failed: number; firstError: unknown }> {
  const outcome = { sent: 0, failed: 0, firstError: undefined as unknown };
  const pending: Promise<void>[] = [];
  for await (const record of records) {
    const sent = producer.send({ topic, ...fixed, ...split(record) });
    const settled = sent.then(
      () => void outcome.sent++,
      (error: unknown) => {
        outcome.failed++;
        outcome.firstError ??= error;
      },
    );
    if (pending.push(settled) >= maxPending) await pending.shift();
  }
  await Promise.all(pending);
  return outcome;
}

async function* input(files: readonly string[]): AsyncGenerator<Buffer, void> {
  if (files.length === 0) return yield* process.stdin as AsyncIterable<Buffer>;
  for (const file of files) yield* createReadStream(file) as AsyncIterable<Buffer>;
}

/** `name=value`; a name alone has no value. */
function headerOf(entry: string): readonly [string, string | null] {
  const at = entry.indexOf('=');
  return at === -1 ? [entry, null] : [entry.slice(0, at), entry.slice(at + 1)];
}

function splitter({
  key = null,
  keyDelimiter,
  nulls,
}: {
  key?: string | null;
  keyDelimiter?: string;
  nulls?: boolean;
}): (record: Buffer) => Split {
  const delimiter = keyDelimiter === undefined ? undefined : delimiterOf(keyDelimiter);
  const orNull = <T extends Buffer | string>(part: T): T | null => (nulls === true && part.length === 0 ? null : part);
  return (record) => {
    const at = delimiter === undefined ? -1 : record.indexOf(delimiter);
    if (at === -1) return { key: key === null ? null : orNull(key), value: orNull(record) };
    return { key: orNull(record.subarray(0, at)), value: orNull(record.subarray(at + delimiter!.length)) };
  };
}
