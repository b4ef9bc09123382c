import { describeTopics, type KafkaClient, type ListedOffset, listOffsets, type LogPlace, type TopicPartition } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { UsageError } from '../frame/failure.ts';
import { partitions } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { parsePlace, type Place } from '../offsets/offset-spec.ts';
import { partitionColumns } from '../topics/partition-columns.ts';
import { offsetAt } from '../offsets/offset-at.ts';
import { matcherOf } from '../terminal/matcher.ts';

interface Row extends TopicPartition {
  readonly begin: number | undefined;
  readonly end: number | undefined;
  readonly at: number | undefined;
  readonly time: number | undefined;
}

type Told = ListedOffset | Error;

/** `tskafka offsets TOPIC [AT]`: where partitions begin and end. PyKafka: print_offsets. Java: kafka-get-offsets.sh. */
export const offsets = command<{ partitions?: number[] }, [topics: string, at?: string]>({
  arguments: [
    ['<topic>', 'the topic, several separated by commas, or a pattern such as orders-*'],
    ['[at]', 'also show the offset at: @-1h, @2026-11-23T07:00, -100, max-timestamp'],
  ],
  options: [{ flags: '-p, --partitions <list>', text: 'only these: 0, 0,2, 0-3', parse: partitions }],
  examples: ['tskafka offsets orders', 'tskafka offsets orders @-15m', "tskafka offsets 'orders-*' max-timestamp --json"],
  notes:
    'AT @TIME is the first message at or after that time, and max-timestamp (Kafka 3.0) the one with the latest timestamp. TIME is the timestamp of that message. Both are empty if there is none.',
  async run(context, { partitions: only }, topics, at) {
    const { connect, rows, signal } = context;
    const place = at === undefined || at === 'max-timestamp' ? undefined : parsePlace(at, Date.now(), 'AT');
    if (place?.kind === 'committed')
      throw new UsageError('committed needs a group, and offsets shows topics', 'tskafka lag GROUP, tskafka offsets export GROUP');
    const client = await connect();
    const found = await partitionsOf(client, topics, context);
    const wanted = found.filter(({ partition }) => only?.includes(partition) ?? true);
    const ask = async (where: LogPlace): Promise<Told[]> => {
      const places = wanted.map((one) => ({ ...one, at: where }));
      return [...(await listOffsets(client, places, { isolation: 'read_uncommitted', signal })).values()];
    };
    const [begins, ends, there] = await Promise.all([ask('earliest'), ask('latest'), askAt(at, place, ask)]);
    const all = wanted.map((one, i): Row => {
      const [begin, end, record] = [begins[i], ends[i], there?.[i]].map(known);
      const isKnown = begin?.offset !== undefined && end?.offset !== undefined;
      const counted = place !== undefined && isKnown ? offsetAt(place, begin.offset!, end.offset!) : undefined;
      return { ...one, begin: begin?.offset, end: end?.offset, at: record?.offset ?? counted, time: record?.timestamp };
    });
    const columns: Column<Row>[] = [
      ...partitionColumns,
      { name: 'begin', value: ({ begin }) => begin },
      { name: 'end', value: ({ end }) => end },
      { name: 'count', value: ({ begin, end }) => (begin === undefined || end === undefined ? undefined : end - begin) },
    ];
    if (at !== undefined) columns.push({ name: 'at', value: (row) => row.at });
    if (there !== undefined) columns.push({ name: 'time', value: (row) => isoOf(row.time) });
    await rows(columns, all, { empty: found.length === 0 ? `no topic matches ${topics}` : 'there are no such partitions' });
    const error = [...begins, ...ends, ...(there ?? [])].find((told) => told instanceof Error);
    if (error !== undefined) await context.fail(error);
  },
});

/** What only a leader knows; undefined where a place is counted from the ends. */
async function askAt(
  at: string | undefined,
  place: Place | undefined,
  ask: (where: LogPlace) => Promise<Told[]>,
): Promise<Told[] | undefined> {
  if (at === 'max-timestamp') return ask('maxTimestamp');
  return place?.kind === 'time' ? ask({ timestamp: place.time }) : undefined;
}

/** The partitions of the topics that are named, or match; what is wrong with one is said. */
async function partitionsOf(client: KafkaClient, topics: string, { told, signal }: Context): Promise<TopicPartition[]> {
  const words = topics.split(',').filter((word) => word !== '');
  const patterns = words.filter((word) => /[*?]/.test(word)).map(matcherOf);
  const matching =
    patterns.length === 0 ? [] : (await client.topics({ signal })).filter((name) => patterns.some((matches) => matches(name)));
  const names = [...new Set([...words.filter((word) => !/[*?]/.test(word)), ...matching])].sort();
  const described = await told(await describeTopics(client, names, { signal }));
  return [...described].flatMap(([topic, { partitions: all }]) => all.map(({ partition }) => ({ topic, partition })));
}

function known(told: Told | undefined): ListedOffset | undefined {
  return told instanceof Error ? undefined : told;
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
