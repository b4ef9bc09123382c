import type { KafkaClient, LogPlace } from '@tskafka/core';
import { Failure, UsageError } from '../frame/failure.ts';
import { partitionIds } from '../topics/partition-ids.ts';
import { askOffsets } from './ask-offsets.ts';
import { type Place, placeText, type Range } from './offset-spec.ts';

/** What is to be read of a partition: offsets from `from`, up to `to`, which is not read any more. */
export interface PartitionRange {
  readonly topic: string;
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

export interface RangeOptions {
  /** Default: all. */
  readonly partitions?: readonly number[] | undefined;
  readonly isolation: 'read_committed' | 'read_uncommitted';
  readonly signal: AbortSignal;
  /** For `committed`: what the group has committed, by topic and partition. */
  readonly committed?: ReadonlyMap<string, number> | undefined;
}

/** Where reading begins and ends in each partition of a topic, as the log is now. Nothing is created by it. */
export async function resolveRange(client: KafkaClient, name: string, range: Range, options: RangeOptions): Promise<PartitionRange[]> {
  const { isolation, signal } = options;
  const wanted = await partitionIds(client, name, options.partitions, signal);
  const at = (place: LogPlace) => askOffsets(client, name, wanted, place, { isolation, signal });
  const [begins, ends] = await Promise.all([at('earliest'), at('latest')]);
  const offsetsOf = async (place: Place): Promise<(partition: number) => number> => {
    switch (place.kind) {
      case 'time': {
        const found = await at({ timestamp: place.time });
        return (partition) => Math.min(found.get(partition) ?? Infinity, ends.get(partition)!);
      }
      case 'offset':
        return () => place.offset;
      case 'after beginning':
        return (partition) => begins.get(partition)! + place.count;
      case 'before end':
        return (partition) => ends.get(partition)! - place.count;
      case 'committed':
        if (options.committed === undefined) throw new UsageError('committed needs -G GROUP, whose commits are meant');
        return (partition) => options.committed!.get(`${name}/${partition}`) ?? begins.get(partition)!;
      default:
        return (partition) => (place.kind === 'beginning' ? begins : ends).get(partition)!;
    }
  };
  const [from, to] = await Promise.all([offsetsOf(range.from), range.to && offsetsOf(range.to)]);
  const ranges = wanted.map((partition) => {
    const [begin, end] = [begins.get(partition)!, ends.get(partition)!];
    return { topic: name, partition, begin, end, from: Math.max(from(partition), begin), to: Math.min(to?.(partition) ?? end, end) };
  });
  const { from: place } = range;
  if (place.kind === 'offset' && ranges.length > 0 && ranges.every(({ end }) => place.offset > end)) {
    const most = ranges.reduce((a, b) => (b.end > a.end ? b : a));
    throw new Failure(`offset ${place.offset} is past the end of ${name}[${most.partition}] (${most.end})`, {
      code: 'OFFSET_OUT_OF_RANGE',
      hint: `tskafka offsets ${name} shows what there is`,
    });
  }
  return ranges;
}

/** Why nothing was found, for whoever wonders. */
export function nothingThere(range: Range, ranges: readonly PartitionRange[]): string {
  const topics = [...new Set(ranges.map(({ topic }) => topic))];
  if (ranges.every(({ begin, end }) => begin === end)) return `${topics.join(', ')} ${topics.length === 1 ? 'is' : 'are'} empty`;
  const where = `nothing from ${placeText(range.from)}${range.to === undefined ? ' on' : ` to ${placeText(range.to)}`}`;
  const shown = ranges.slice(0, 3).map(({ topic, partition, begin, end }) => `${topic}[${partition}] holds offsets ${begin} to ${end}`);
  return `${where}: ${shown.join(', ')}${ranges.length > 3 ? ` and ${ranges.length - 3} more partitions` : ''}`;
}
