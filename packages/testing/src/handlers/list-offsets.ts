import { apis, type Decoded, errorCodes, type ListOffsetsRequest, type ListOffsetsResponse } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { findFirstAtOrAfter, findMaxTimestamp, type TimestampedOffset } from '../log/log-time.ts';
import type { PartitionState } from '../topics/topic.ts';

type Asked = Decoded<ListOffsetsRequest>['topics'][number]['partitions'][number];
type Answer = ListOffsetsResponse['topics'][number]['partitions'][number];

/** The timestamps that are not times, and the first version that has them. */
const special = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const;
const firstVersionOf = new Map<number, number>([
  [special.latest, 1],
  [special.earliest, 1],
  [special.maxTimestamp, 7],
  [special.earliestLocal, 8],
  [special.latestTiered, 9],
  [special.earliestPendingUpload, 11],
]);

/** A client that only wants to look, and so may ask a follower. */
const debuggingReplica = -2;
const readCommitted = 1;

/** Offsets by time, and the ends of the log. */
export const listOffsetsHandler = defineHandler(apis.listOffsets, (request, context) => {
  const twice = duplicates(request);
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.flatMap((asked): Answer[] => {
        const places = twice.get(`${name}-${asked.partitionIndex}`);
        if (places === undefined) return [answer(name, asked, request, context)];
        return places[0] === asked ? [failed(asked, errorCodes.INVALID_REQUEST)] : [];
      }),
    })),
  };
});

/** Partitions that are asked for more than once. They get one answer. */
function duplicates({ topics }: Decoded<ListOffsetsRequest>): ReadonlyMap<string, readonly Asked[]> {
  const places = new Map<string, Asked[]>();
  for (const { name, partitions } of topics) {
    for (const asked of partitions) {
      const key = `${name}-${asked.partitionIndex}`;
      places.set(key, [...(places.get(key) ?? []), asked]);
    }
  }
  return new Map([...places].filter(([, asked]) => asked.length > 1));
}

function answer(topic: string, asked: Asked, request: Decoded<ListOffsetsRequest>, context: HandlerContext): Answer {
  const { state, version, brokerId } = context;
  if (asked.timestamp < 0 && version < (firstVersionOf.get(asked.timestamp) ?? Infinity))
    return failed(asked, errorCodes.UNSUPPORTED_VERSION);
  const partition = state.partition(topic, asked.partitionIndex);
  if (partition === undefined) return failed(asked, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const failure = context.failureOf(topic, asked.partitionIndex);
  if (failure !== 0) return failed(asked, failure);
  const error = partition.checkLeader(brokerId, asked.currentLeaderEpoch);
  const followerMayAnswer = request.replicaId === debuggingReplica && error === errorCodes.NOT_LEADER_OR_FOLLOWER;
  if (error !== 0 && !(followerMayAnswer && partition.replicas.includes(brokerId))) return failed(asked, error);
  const end = endFor(partition, request);
  const found = lookUp(partition, asked.timestamp, end);
  // A new leader does not know yet what its predecessor had committed (KIP-207).
  const isLookUp = asked.timestamp >= 0 || asked.timestamp === special.maxTimestamp;
  const isBeyond = asked.timestamp === special.latest || (isLookUp && found === undefined);
  if (isBeyond && request.replicaId !== debuggingReplica && partition.leaderEpochStart > partition.log.highWatermark)
    return failed(asked, version >= 5 ? errorCodes.OFFSET_NOT_AVAILABLE : errorCodes.LEADER_NOT_AVAILABLE);
  if (found === undefined) return failed(asked, errorCodes.NONE);
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: errorCodes.NONE,
    timestamp: found.timestamp,
    offset: found.offset,
    ...(version >= 4 && { leaderEpoch: found.leaderEpoch ?? -1 }),
  };
}

/** Up to where this reader may read. */
function endFor({ log }: PartitionState, request: Decoded<ListOffsetsRequest>): number {
  return request.isolationLevel === readCommitted ? log.lastStableOffset : log.highWatermark;
}

function lookUp({ log, leaderEpoch }: PartitionState, timestamp: number, end: number): TimestampedOffset | undefined {
  switch (timestamp) {
    case special.latest:
      return { timestamp: -1, offset: end, leaderEpoch };
    case special.earliest:
    case special.earliestLocal: {
      const first = log.epochs[0];
      const known = first !== undefined && first.startOffset <= log.startOffset;
      return { timestamp: -1, offset: log.startOffset, leaderEpoch: known ? first.epoch : undefined };
    }
    case special.latestTiered: // without tiered storage
    case special.earliestPendingUpload:
      return { timestamp: -1, offset: -1, leaderEpoch: -1 };
    default: {
      const found = timestamp === special.maxTimestamp ? findMaxTimestamp(log) : findFirstAtOrAfter(log, timestamp);
      return found !== undefined && found.offset < end ? found : undefined;
    }
  }
}

function failed({ partitionIndex }: Asked, errorCode: number): Answer {
  return { partitionIndex, errorCode, timestamp: -1, offset: -1 };
}
