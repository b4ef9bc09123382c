import type { Cluster } from '../cluster/cluster.ts';
import { KafkaError } from '../errors.ts';
import { listOffsets } from '../protocol/apis/list-offsets.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { groupBy } from '../group-by.ts';
import type { TopicPartition } from '../topic-partition.ts';
import type { Place } from './offset.ts';

/** Kafka's words for the ends of a partition where a timestamp is asked for. They never leave this file. */
const latestTimestamp = -1;
const earliestTimestamp = -2;

export type Isolation = 'read_committed' | 'read_uncommitted';

export interface ResolveOptions {
  /** Whether the end is the last stable offset or the high watermark. Default `read_committed`. */
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

/** Turns places into offsets, in the order given. An offset is moved into what the log holds: below its start it is the start. */
export async function resolveOffsets(
  cluster: Cluster,
  wanted: readonly PlaceInPartition[],
  options: ResolveOptions = {},
): Promise<ResolvedOffset[]> {
  const needs = (end: 'earliest' | 'latest') => wanted.filter(({ place }) => endsOf(place).includes(end));
  const [earliest, latest, timed] = await Promise.all([
    listAt(cluster, needs('earliest'), () => earliestTimestamp, options),
    listAt(cluster, needs('latest'), () => latestTimestamp, options),
    listAt(
      cluster,
      wanted.filter(({ place }) => place.kind === 'timestamp'),
      ({ place }) => (place as { timestamp: number }).timestamp,
      options,
    ),
  ]);
  return wanted.map((entry) => {
    const first = earliest.get(entry);
    const end = latest.get(entry);
    return { topic: entry.topic, partition: entry.partition, offset: offsetOf(entry.place, first, end, timed.get(entry)) };
  });
}

/** Which ends of the partition must be known to resolve a place. */
function endsOf(place: Place): readonly ('earliest' | 'latest')[] {
  switch (place.kind) {
    case 'earliest':
      return ['earliest'];
    case 'latest':
    case 'timestamp':
      return ['latest'];
    case 'offset':
    case 'last':
      return ['earliest', 'latest'];
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
  { isolation = 'read_committed', signal, timeoutMs = cluster.options.apiTimeoutMs }: ResolveOptions,
): Promise<Map<P, number>> {
  const found = new Map<P, number>();
  const topics = [...new Set(wanted.map(({ topic }) => topic))];
  for (const topic of topics) await cluster.topic(topic, { signal });
  const attempt = async (): Promise<void> => {
    const open = wanted.filter((entry) => !found.has(entry));
    const byLeader = groupBy(open, (entry) => leaderOf(cluster, entry));
    await Promise.all([...byLeader].map(([leader, entries]) => ask(leader, entries)));
  };
  const ask = async (leader: number, entries: readonly P[]): Promise<void> => {
    const response = await cluster.send(
      leader,
      listOffsets,
      {
        replicaId: -1,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: [...groupBy(entries, ({ topic }) => topic)].map(([name, ofTopic]) => ({
          name,
          partitions: ofTopic.map((entry) => ({
            partitionIndex: entry.partition,
            currentLeaderEpoch: cluster.metadata.topic(name)?.partitions.get(entry.partition)?.leaderEpoch ?? -1,
            timestamp: timestampOf(entry),
          })),
        })),
      },
      { minVersion: 2, signal },
    );
    let failed: Error | undefined;
    for (const topic of response.topics) {
      for (const { partitionIndex, errorCode, offset } of topic.partitions) {
        const entry = entries.find((candidate) => candidate.topic === topic.name && candidate.partition === partitionIndex);
        if (entry === undefined) continue;
        if (errorCode === 0) found.set(entry, offset);
        else failed = brokerError(errorCode, `offsets of ${topic.name}/${partitionIndex}`);
      }
    }
    if (failed !== undefined) throw failed;
    if (entries.some((entry) => !found.has(entry)))
      throw new KafkaError('a broker left out a partition that it was asked for', { retriable: true });
  };
  if (wanted.length > 0) await cluster.retry(attempt, { timeoutMs, signal, topics });
  return found;
}

function leaderOf(cluster: Cluster, { topic, partition }: TopicPartition): number {
  const known = cluster.metadata.topic(topic)?.partitions.get(partition);
  if (known === undefined) throw brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `partition ${topic}/${partition} does not exist`);
  if (known.leader === undefined) throw brokerError(errorCodes.LEADER_NOT_AVAILABLE, `partition ${topic}/${partition}`);
  return known.leader;
}
