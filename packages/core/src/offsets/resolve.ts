import type { Cluster } from '../cluster/cluster.ts';
import { finalWhenMissing } from '../cluster/missing.ts';
import { KafkaError, ProtocolError, UnsupportedVersionError } from '../errors.ts';
import { listOffsets } from '../protocol/apis/list-offsets.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { groupBy } from '../group-by.ts';
import { partitionName, type TopicPartition } from '../topic-partition.ts';
import type { Place } from './offset.ts';
import { earliestLocalTimestamp, earliestTimestamp, type Isolation, latestTimestamp, offsetsRequest } from './offsets-request.ts';

export interface ResolveOptions {
  /** Whether 'latest' is the last stable offset, which open transactions hold back, or the high watermark. Default `read_committed`. */
  readonly isolation?: Isolation;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface PlaceInPartition extends TopicPartition {
  readonly place: Place;
}

export interface ResolvedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
}

/**
 * Turns places into offsets, in the order given. An offset below the log's start becomes the start.
 * Rejects with RangeError when one is beyond the log's end, whatever the isolation: nothing is there to read, now or soon.
 */
export async function resolveOffsets(
  cluster: Cluster,
  wanted: readonly PlaceInPartition[],
  options: ResolveOptions = {},
): Promise<ResolvedOffset[]> {
  const ask = (timestamp: (place: Place) => number | undefined, isolation = options.isolation): Promise<Map<PlaceInPartition, number>> => {
    const asked = wanted.filter(({ place }) => timestamp(place) !== undefined);
    return listAt(cluster, asked, ({ place }) => timestamp(place)!, { ...options, isolation });
  };
  const [first, end, stableEnd, timed] = await Promise.all([
    ask(({ kind }) => (kind === 'earliest' || kind === 'offset' || kind === 'last' ? earliestTimestamp : undefined)),
    ask(({ kind }) => (kind === 'offset' ? latestTimestamp : undefined), 'read_uncommitted'),
    ask(({ kind }) => (kind === 'latest' || kind === 'last' || kind === 'timestamp' ? latestTimestamp : undefined)),
    ask((place) => (place.kind === 'timestamp' ? place.timestamp : undefined)),
  ]);
  return wanted.map((entry) => {
    const { topic, partition, place } = entry;
    return { topic, partition, offset: offsetOf(place, first.get(entry), end.get(entry) ?? stableEnd.get(entry), timed.get(entry)) };
  });
}

/**
 * Where each partition begins on the disks of its leader, in the order given: what is before is in remote storage (KIP-405). Brokers that are too
 * old to say have none, and 0 stands for all of theirs.
 */
export async function localStarts(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: Pick<ResolveOptions, 'signal'>,
): Promise<number[]> {
  try {
    const starts = await listAt(cluster, partitions, () => earliestLocalTimestamp, { ...options, minVersion: 8 });
    return partitions.map((partition) => starts.get(partition)!);
  } catch (error) {
    if (error instanceof UnsupportedVersionError) return partitions.map(() => 0);
    throw error;
  }
}

/** The pure part: a place and what the log says, as an offset. A time without a record at or after it is the end. */
export function offsetOf(place: Place, first = 0, end = 0, timed?: number): number {
  switch (place.kind) {
    case 'earliest':
      return first;
    case 'latest':
      return end;
    case 'timestamp':
      return timed === undefined || timed < 0 ? end : timed;
    case 'last':
      return Math.max(first, end - place.count);
    case 'offset':
      if (place.offset > end) throw new RangeError(`offset ${place.offset} is beyond the end of the partition, which is ${end}`);
      return Math.max(first, place.offset);
  }
}

/** Asks each partition's leader, all partitions of a leader at once. An offset below 0 is the broker's "there is none". */
async function listAt<P extends TopicPartition>(
  cluster: Cluster,
  wanted: readonly P[],
  timestampOf: (entry: P) => number,
  {
    isolation = 'read_committed',
    signal,
    timeoutMs = cluster.options.apiTimeoutMs,
    minVersion = 2,
  }: ResolveOptions & { readonly minVersion?: number },
): Promise<Map<P, number>> {
  const found = new Map<P, number>();
  const topics = [...new Set(wanted.map(({ topic }) => topic))];
  await Promise.all(topics.map((topic) => cluster.topic(topic, { signal })));
  const attempt = async (giveUp: AbortSignal): Promise<void> => {
    const open = wanted.filter((entry) => !found.has(entry));
    const byLeader = groupBy(open, (entry) => leaderOf(cluster, entry));
    await Promise.all([...byLeader].map(([leader, entries]) => ask(leader, entries, giveUp)));
  };
  const ask = async (leader: number, entries: readonly P[], giveUp: AbortSignal): Promise<void> => {
    const request = offsetsRequest(entries, isolation, (entry) => ({
      timestamp: timestampOf(entry),
      leaderEpoch: cluster.metadata.topic(entry.topic)?.partitions.get(entry.partition)?.leaderEpoch,
    }));
    const response = await cluster.send(leader, listOffsets, request, { minVersion, signal: giveUp });
    const asked = groupBy(entries, partitionName);
    let failed: Error | undefined;
    for (const topic of response.topics) {
      for (const { partitionIndex, errorCode, offset } of topic.partitions) {
        const where = `${topic.name}/${partitionIndex}`;
        for (const entry of asked.get(where) ?? []) {
          if (errorCode !== 0) failed = brokerError(errorCode, `offsets of ${where}`);
          else if (offset < 0 && timestampOf(entry) < 0) failed = new ProtocolError(`a broker says that an end of ${where} is ${offset}`);
          else found.set(entry, offset);
        }
      }
    }
    if (failed !== undefined) throw failed;
    if (entries.some((entry) => !found.has(entry)))
      throw new KafkaError('a broker left out a partition that it was asked for', { retriable: true });
  };
  if (wanted.length > 0)
    await cluster.retry(attempt, {
      what: `offsets of ${topics.join(', ')}`,
      timeoutMs,
      signal,
      topics,
      finalAt: finalWhenMissing(cluster.options),
    });
  return found;
}

function leaderOf(cluster: Cluster, { topic, partition }: TopicPartition): number {
  const known = cluster.metadata.topic(topic)?.partitions.get(partition);
  if (known === undefined) throw brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `partition ${topic}/${partition} does not exist`);
  if (known.leader === undefined) throw brokerError(errorCodes.LEADER_NOT_AVAILABLE, `partition ${topic}/${partition}`);
  return known.leader;
}
