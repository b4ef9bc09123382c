import { apis, errorCodes } from '@tskafka/core/protocol';
import { defineHandler } from '../handler.ts';
import { cordonedLogDirsOf, dirsOf, logDirsOf, partitionsOn } from '../topics/log-dirs.ts';
import type { PartitionState } from '../topics/topic.ts';

/** Every folder is one of a volume of this size (KIP-827). */
const volumeBytes = 2 ** 40;

interface Placed {
  readonly partition: PartitionState;
  readonly dir: string;
  readonly future: boolean;
}

interface PlacedAnswer {
  readonly partitionIndex: number;
  readonly partitionSize: number;
  readonly offsetLag: number;
  readonly isFutureKey: boolean;
}

/** What this broker has in each of its folders. */
export const describeLogDirsHandler = defineHandler(apis.describeLogDirs, (request, context) => {
  const { state, brokerId } = context;
  const failure = context.failureOf();
  if (failure !== 0) return { throttleTimeMs: 0, errorCode: failure, results: [] };
  const placed = partitionsOn(state, brokerId).flatMap((partition): Placed[] => {
    const { current, future } = dirsOf(partition, brokerId, state);
    const here = { partition, dir: current, future: false };
    return future === undefined ? [here] : [here, { partition, dir: future, future: true }];
  });
  const used = placed.reduce((bytes, { partition, future }) => bytes + (future ? 0 : partition.log.sizeInBytes), 0);
  const asked = request.topics && new Map(request.topics.map(({ topic, partitions }) => [topic, new Set(partitions)]));
  const isAsked = ({ partition: { topic, index } }: Placed): boolean => asked?.get(topic.name)?.has(index) ?? asked === null;
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    results: logDirsOf(state, brokerId).map((logDir) => ({
      errorCode: errorCodes.NONE,
      logDir,
      topics: byTopic(placed.filter((one) => one.dir === logDir && isAsked(one))),
      ...(context.version >= 4 && { totalBytes: volumeBytes, usableBytes: volumeBytes - used }),
      ...(context.version >= 5 && { isCordoned: cordonedLogDirsOf(state, brokerId).includes(logDir) }),
    })),
  };
});

function byTopic(placed: readonly Placed[]) {
  const topics = new Map<string, PlacedAnswer[]>();
  for (const { partition, future } of placed) {
    const { topic, index, log } = partition;
    const answer = {
      partitionIndex: index,
      partitionSize: future ? 0 : log.sizeInBytes,
      // What is being moved has all of its records before it.
      offsetLag: future ? log.endOffset : 0,
      isFutureKey: future,
    };
    const known = topics.get(topic.name);
    if (known === undefined) topics.set(topic.name, [answer]);
    else known.push(answer);
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }));
}
