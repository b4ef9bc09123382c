import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { UnsupportedVersionError } from '../errors.ts';
import { timeOf } from '../offsets/offset.ts';
import { earliestTimestamp, type Isolation, latestTimestamp, maxTimestamp, offsetsRequest } from '../offsets/offsets-request.ts';
import { listOffsets as listOffsetsApi } from '../protocol/apis/list-offsets.ts';
import { brokerError } from '../protocol/error-codes.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atLeaders } from './at-leaders.ts';
import { checkPartitions, fullPartitionName } from './items.ts';
import { known } from './known.ts';
import { byPartition } from './partition-answers.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/**
 * A position in a log: its first offset, the offset of its next record, the record with the latest timestamp (KIP-734, brokers from 3.0
 * on), or the first record at or after a time, in milliseconds since 1970.
 */
export type LogPlace = 'earliest' | 'latest' | 'maxTimestamp' | { readonly timestamp: Date | number };

/** A position in a partition. Java: OffsetSpec, with its partition. */
export interface PartitionPlace extends TopicPartition {
  readonly at: LogPlace;
}

/** The offset at a position. Java: ListOffsetsResult.ListOffsetsResultInfo. */
export interface ListedOffset {
  /** Undefined if there is no such record: none at or after that time, or none at all. */
  readonly offset: number | undefined;
  /** The timestamp of the record, in milliseconds since 1970; undefined for the ends of a log, which are not records. */
  readonly timestamp: number | undefined;
  /** The epoch of the leader that wrote it; undefined if unknown. */
  readonly leaderEpoch: number | undefined;
}

/** Options of `listOffsets`. */
export interface ListOffsetsOptions extends AdminOptions {
  /** The isolation for `latest`. Default `read_committed`, like our consumers; Java's tools use `read_uncommitted`. */
  readonly isolation?: Isolation;
}

const numbers = { earliest: earliestTimestamp, latest: latestTimestamp, maxTimestamp } as const;

/**
 * Looks up offsets at positions of many partitions, each with the timestamp of its record. `Topic.offsets` does this for one topic, and
 * returns the end if a time is after all records.
 *
 * A partition's error is BrokerError: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, LEADER_NOT_AVAILABLE when none was elected
 * within the time; and UnsupportedVersionError for `maxTimestamp` where its leader is older than 3.0. Rejects with TypeError or RangeError
 * for what is no partition or no place, and for a partition that is named twice. Java: Admin.listOffsets.
 */
export async function listOffsets<Item extends PartitionPlace>(
  client: KafkaClient,
  places: readonly Item[],
  options: ListOffsetsOptions = {},
): Promise<Results<Item, ListedOffset>> {
  const cluster = clusterOf('listOffsets', client);
  checkPartitions('places', places);
  const times = new Map(places.map((item) => [item, timestampOf(item)]));
  const limits = limitsOf(cluster, 'listOffsets', options, ['isolation']);
  const { isolation = 'read_committed' } = options;
  if (places.length === 0) return new Map();

  const ask = async (connection: Connection, open: readonly Item[], signal: AbortSignal): Promise<Results<Item, ListedOffset>> => {
    const isTooNew = ({ at }: Item): boolean => at === 'maxTimestamp' && !connection.versions.offers(listOffsetsApi, { minVersion: 7 });
    const refused = open.filter(isTooNew).map((item) => [item, unsupported(connection, item)] as const);
    const asked = open.filter((item) => !isTooNew(item));
    if (asked.length === 0) return new Map(refused);
    const request = offsetsRequest(asked, isolation, (item) => ({
      timestamp: times.get(item)!,
      leaderEpoch: cluster.metadata.topic(item.topic)?.partitions.get(item.partition)?.leaderEpoch,
    }));
    const { topics } = await connection.send(listOffsetsApi, request, { minVersion: 2, signal });
    const told = matchAnswers(asked, fullPartitionName, byPartition(topics), ({ errorCode, offset, timestamp, leaderEpoch }, item) =>
      errorCode === 0
        ? { offset: known(offset), timestamp: known(timestamp), leaderEpoch: known(leaderEpoch) }
        : brokerError(errorCode, `offsets of ${fullPartitionName(item)}`),
    );
    return new Map([...refused, ...told]);
  };
  return atLeaders(cluster, places, ask, limits);
}

function timestampOf({ at, ...item }: PartitionPlace): number {
  if (typeof at === 'string' && Object.hasOwn(numbers, at)) return numbers[at];
  if (typeof at === 'object' && at !== null && 'timestamp' in at) return timeOf(at.timestamp);
  throw new TypeError(
    `${fullPartitionName(item)}: ${shown(at)} is not a position: at must be 'earliest', 'latest', 'maxTimestamp' or { timestamp }`,
  );
}

function unsupported({ name }: Connection, item: TopicPartition): UnsupportedVersionError {
  return new UnsupportedVersionError(`${fullPartitionName(item)}: ${name} is older than Kafka 3.0, which added maxTimestamp`);
}
