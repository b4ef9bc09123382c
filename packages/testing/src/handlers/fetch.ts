import { apis, type Decoded, errorCodes, type FetchRequest, type FetchResponse, zeroUuid } from '@tskafka/core/protocol';
import { readPartitions, type FetchTarget, type PartitionRead } from '../log/fetch-read.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { leaderHints } from '../broker/leader-hints.ts';

const readCommitted = 1;

/** Errors of the whole answer; all others are those of a partition. */
const ofTheSession: ReadonlySet<number> = new Set([
  errorCodes.FETCH_SESSION_ID_NOT_FOUND,
  errorCodes.INVALID_FETCH_SESSION_EPOCH,
  errorCodes.FETCH_SESSION_TOPIC_ID_ERROR,
]);

/**
 * Reads batches, and waits for them: until there are `minBytes`, an error, or `maxWaitMs` are over.
 *
 * No fetch session is kept: the answer says session 0, as a broker does whose cache of sessions is full (KIP-227).
 */
export const fetchHandler = defineHandler(apis.fetch, async (request, context) => {
  if (request.sessionId !== 0 && request.sessionEpoch > 0) {
    return { throttleTimeMs: 0, errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] };
  }
  const failure = context.failureOf();
  if (ofTheSession.has(failure) || (failure !== 0 && request.topics.length === 0)) {
    return { throttleTimeMs: 0, errorCode: failure, sessionId: 0, responses: [] };
  }
  const targets = targetsOf(request, context);
  const limit = Math.min(request.maxBytes, context.state.configs.number('fetch.max.bytes'));
  const minBytes = Math.min(request.minBytes, limit);
  const read = (): PartitionRead[] =>
    readPartitions(targets, { brokerId: context.brokerId, maxBytes: limit, readCommitted: isCommitted(request) });
  let reads = read();
  if (!isEnough(reads, minBytes) && request.maxWaitMs > 0 && targets.length > 0) {
    reads = await waitFor(targets, context, request.maxWaitMs, () => {
      const again = read();
      return isEnough(again, minBytes) ? again : undefined;
    }).then((enough) => enough ?? read());
  }
  return answer(request, targets, reads, context);
});

function isCommitted(request: Decoded<FetchRequest>): boolean {
  return request.isolationLevel === readCommitted;
}

function targetsOf(request: Decoded<FetchRequest>, context: HandlerContext): FetchTarget[] {
  return request.topics.flatMap((topic) => {
    const name = context.version >= 13 ? context.metadata.topicNameOf(topic.topicId ?? zeroUuid) : topic.topic;
    return topic.partitions.map((asked): FetchTarget => {
      const partition = name === undefined ? undefined : context.state.partition(name, asked.partition);
      const unknown = name === undefined ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      return {
        partition,
        errorCode: partition === undefined ? unknown : context.failureOf(name, asked.partition),
        offset: asked.fetchOffset,
        maxBytes: asked.partitionMaxBytes,
        currentLeaderEpoch: asked.currentLeaderEpoch ?? -1,
        lastFetchedEpoch: asked.lastFetchedEpoch ?? -1,
      };
    });
  });
}

function isEnough(reads: readonly PartitionRead[], minBytes: number): boolean {
  let bytes = 0;
  for (const read of reads) {
    if (read.errorCode !== 0 || read.divergingEpoch !== undefined) return true;
    bytes += read.records.length;
  }
  return bytes >= minBytes;
}

/** Calls `look` whenever one of the partitions has changed, until it finds something or the time is over. */
function waitFor<T>(
  targets: readonly FetchTarget[],
  context: HandlerContext,
  ms: number,
  look: () => T | undefined,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const finish = (found: T | undefined): void => {
      timer.cancel();
      forgetConnection();
      forgetEnd();
      for (const unwatch of watched) unwatch();
      resolve(found);
    };
    const changed = (): void => {
      const found = look();
      if (found !== undefined) finish(found);
    };
    const logs = new Set(targets.flatMap(({ partition }) => partition?.log ?? []));
    const watched = [...logs].map((log) => log.watch(changed));
    const timer = context.state.clock.setTimeout(() => finish(undefined), ms);
    const forgetConnection = context.session.onClose(() => finish(undefined));
    const forgetEnd = context.session.onEndPolls(() => finish(undefined));
  });
}

type TopicAnswer = FetchResponse['responses'][number];

function answer(
  request: Decoded<FetchRequest>,
  targets: readonly FetchTarget[],
  reads: readonly PartitionRead[],
  context: HandlerContext,
): FetchResponse {
  const hints = leaderHints(context);
  let place = 0;
  const responses = request.topics.map((topic): TopicAnswer => {
    const partitions = topic.partitions.map((asked) => {
      const read = reads[place]!;
      const { partition } = targets[place++]!;
      return { partitionIndex: asked.partition, ...describe(read, isCommitted(request)), ...hintFor(read, partition, hints, context) };
    });
    return { topic: topic.topic, topicId: topic.topicId, partitions };
  });
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, sessionId: 0, responses, nodeEndpoints: hints.endpoints() };
}

function describe(read: PartitionRead, committed: boolean): Omit<TopicAnswer['partitions'][number], 'partitionIndex'> {
  const { errorCode, highWatermark, lastStableOffset, logStartOffset, records, divergingEpoch } = read;
  return {
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    ...(divergingEpoch && { divergingEpoch }),
    abortedTransactions: unknownPartition(errorCode) ? [] : committed && errorCode === 0 ? read.abortedTransactions : null,
    records,
  };
}

/** What never reaches a log is answered with an empty list instead of null. */
function unknownPartition(errorCode: number): boolean {
  return errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.UNKNOWN_TOPIC_ID;
}

function hintFor(
  { errorCode }: PartitionRead,
  partition: FetchTarget['partition'],
  hints: ReturnType<typeof leaderHints>,
  { version }: HandlerContext,
): object {
  const stale = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER || errorCode === errorCodes.FENCED_LEADER_EPOCH;
  return version >= 16 && stale && partition !== undefined ? hints.of(partition.topic.name, partition.index) : {};
}
