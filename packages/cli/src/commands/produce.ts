import { createReadStream } from 'node:fs';
import { Producer, type ProducerOptions } from '@tskafka/producer';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue, wholeNumber } from '../frame/parse.ts';
import { delimiterOf, recordsFrom } from '../messages/records-from.ts';

interface Flags {
  readonly key?: string;
  readonly keyDelimiter?: string;
  readonly header?: readonly (readonly [string, string | null])[];
  readonly partition?: number;
  readonly delimiter: string;
  readonly nulls?: boolean;
  readonly compression: ProducerOptions['compression'];
}

/** Sends that may wait for their answer. */
const maxPending = 10_000;

/** `tskafka produce`: a message for each line. */
export const produce = command<Flags, [topic: string, files: string[]]>({
  arguments: [
    ['<topic>', 'where to'],
    ['[file...]', 'instead of standard input'],
  ],
  options: [
    { flags: '-k, --key <key>', text: 'the key of every message' },
    { flags: '-K, --key-delimiter <characters>', text: 'what stands between key and value in a line' },
    { flags: '-H, --header <name=value>', text: 'a header of every message; may be given again', parse: nameAndValue, repeat: true },
    { flags: '-p, --partition <number>', text: 'where every message goes', parse: wholeNumber },
    { flags: '-D, --delimiter <characters>', text: 'what stands between messages', default: '\\n' },
    { flags: '-Z, --nulls', text: 'an empty value or key is null' },
    {
      flags: '-z, --compression <codec>',
      text: 'how batches are compressed',
      choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
      default: 'none',
    },
  ],
  examples: ['echo hello | tskafka produce greetings', "tskafka produce orders orders.txt -K ':' -z zstd"],
  async run({ connect, talk, mayWrite }, flags, topic, files) {
    if (flags.key !== undefined && flags.keyDelimiter !== undefined) throw new UsageError('-k and -K both give the key: use one of them');
    mayWrite();
    const { partition, header: headers = [] } = flags;
    const split = splitter(flags);
    const client = await connect();
    await using producer = await Producer.start(client, { compression: flags.compression });
    const started = performance.now();
    const outcome = await sendAll(producer, topic, { partition, headers }, recordsFrom(input(files), delimiterOf(flags.delimiter)), split);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    talk(`produced ${outcome.sent.toLocaleString('en-US')} messages to ${topic} in ${seconds} s`);
    if (outcome.firstError !== undefined) {
      talk(`${outcome.failed.toLocaleString('en-US')} messages failed; the first:`);
      throw outcome.firstError as Error;
    }
  },
});

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
