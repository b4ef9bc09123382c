import { apis, type Decoded, errorCodes, type ShareFetchRequest, type ShareFetchResponse } from '@tskafka/core/protocol';
import { leaderHints } from '../broker/leader-hints.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { acknowledgePartitions, type AcknowledgeResult } from '../share/acknowledgements.ts';
import { isMemberId } from '../share/member-id.ts';
import { sessionEpoch } from '../share/share-broker.ts';
import { isEnough, readAndAcquire, type ShareReader, type ShareTarget } from '../share/share-read.ts';
import { keyOf, nextEpoch, type SessionPartition, type ShareSession } from '../share/share-session.ts';
import { readsCommitted, shareSettings } from '../share/share-settings.ts';

type Request = Decoded<ShareFetchRequest>;
type Topic = ShareFetchResponse['responses'][number];
type Partition = Topic['partitions'][number];
type Answers = Map<string, SessionPartition & Pick<Partition, 'errorCode' | 'records' | 'acquiredRecords'>>;

const recordLimit = 1;
const nothing = { records: Buffer.alloc(0), acquiredRecords: [] };

/** Acknowledges records, and acquires others for the member: now, or when there are some within `maxWaitMs` (KIP-932). */
export const shareFetchHandler = defineHandler(apis.shareFetch, async (request, context) => {
  const { state, brokerId, session: connection } = context;
  const { groupId, memberId, shareSessionEpoch: epoch } = request;
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (groupId === null || !isMemberId(memberId)) return refused(errorCodes.INVALID_REQUEST);
  const renews = context.version >= 2 && request.isRenewAck;
  if (renews && (request.maxBytes !== 0 || request.minBytes !== 0 || request.maxRecords !== 0 || request.maxWaitMs !== 0)) {
    return refused(errorCodes.INVALID_REQUEST);
  }
  const broker = state.shareBroker(brokerId);
  const added = request.topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex }) => named(topicId, partitionIndex, context)),
  );
  const forgotten = request.forgottenTopicsData.flatMap(({ topicId, partitions }) =>
    partitions.map((partition) => named(topicId, partition, context)),
  );
  const acknowledges = request.topics.some(({ partitions }) => partitions.some((asked) => asked.acknowledgementBatches.length > 0));
  const begun = broker.fetchSession(groupId, memberId, epoch, { added, forgotten, acknowledges }, connection);
  if ('errorCode' in begun) {
    // A member that finds no place is kept waiting, or it would ask again and again.
    if (begun.errorCode === errorCodes.SHARE_SESSION_LIMIT_REACHED) await waitFor([], context, request.maxWaitMs, () => false);
    return refused(begun.errorCode);
  }
  const results = acknowledges ? acknowledgePartitions(acknowledgementsOf(request), { groupId, memberId, renews }, context) : [];
  const { session } = begun;
  const isFinal = epoch === sessionEpoch.final;
  const answers = isFinal || renews ? new Map<never, never>() : await fetch(request, session?.partitions ?? added, context);
  // Another request of the session has overtaken this one while it waited.
  if (session !== undefined && session.epoch !== nextEpoch(epoch)) {
    return {
      ...refused(errorCodes.INVALID_SHARE_SESSION_EPOCH),
      acquisitionLockTimeoutMs: shareSettings(state, groupId).recordLockDurationMs,
    };
  }
  const response = answer(answers, session, results, context);
  if (response === undefined) return refused(errorCodes.UNKNOWN_SERVER_ERROR);
  if (isFinal) broker.endSession(groupId, memberId);
  return { ...response, acquisitionLockTimeoutMs: shareSettings(state, groupId).recordLockDurationMs };
});

function refused(errorCode: number): ShareFetchResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage: null, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] };
}

function named(topicId: string, partition: number, { metadata }: HandlerContext): SessionPartition {
  return { topicId, topic: metadata.topicNameOf(topicId), partition };
}

function acknowledgementsOf(request: Request) {
  return request.topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex: partition, acknowledgementBatches: batches }) => ({ topicId, partition, batches })),
  );
}

/** What the partitions give, those that have nothing to say left out. */
async function fetch(request: Request, partitions: readonly SessionPartition[], context: HandlerContext): Promise<Answers> {
  const { state, brokerId } = context;
  const groupId = request.groupId!;
  const answers: Answers = new Map();
  const fail = (of: SessionPartition, errorCode: number): void => void answers.set(keyOf(of), { ...of, errorCode, ...nothing });
  const known = partitions.filter((of) => {
    if (of.topic === undefined) fail(of, errorCodes.UNKNOWN_TOPIC_ID);
    else if (!context.access.may('read', 'topic', of.topic)) fail(of, errorCodes.TOPIC_AUTHORIZATION_FAILED);
    else if (state.partition(of.topic, of.partition) === undefined) fail(of, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    else return true;
    return false;
  });
  const maxBytes = Math.min(request.maxBytes, state.configs.number('fetch.max.bytes'), context.quota.mostFetchBytes);
  if (known.length === 0 || request.maxRecords === 0 || maxBytes === 0) return answers;
  const targets = new Map<SessionPartition, ShareTarget>();
  let waits = false;
  for (const of of rotated(known, request.shareSessionEpoch)) {
    const partition = state.partition(of.topic!, of.partition)!;
    const error = context.failureOf(of.topic, of.partition) || partition.checkLeader(brokerId);
    if (error !== 0) {
      fail(of, error);
      continue;
    }
    const share = state.shareBroker(brokerId).load(groupId, partition);
    if ('code' in share) fail(of, share.code);
    else targets.set(of, { partition, share });
    waits = true; // also for one whose state cannot be read: a broker finds that out while the fetch waits already
  }
  const reader: ShareReader = {
    brokerId,
    memberId: request.memberId!,
    readCommitted: readsCommitted(state, groupId),
    recordLimit: context.version >= 2 && request.shareAcquireMode === recordLimit,
    maxRecords: request.maxRecords,
    batchSize: request.batchSize,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
    random: state.random,
  };
  const all = [...targets.values()];
  // A share partition that was let go meanwhile, as its leader has moved, gives nothing any more.
  const own = (): ShareTarget[] => all.filter(({ partition, share }) => isStillOwn(groupId, partition, share, context));
  if (waits && !isEnough(all, reader)) {
    const closed = await waitFor(all, context, request.maxWaitMs, () => isEnough(own(), reader));
    if (closed) return answers;
  }
  const reads = new Map(readAndAcquire(own(), reader).map((read) => [read.target, read]));
  for (const [of, target] of targets) {
    const read = reads.get(target);
    if (read !== undefined) {
      answers.set(keyOf(of), { ...of, errorCode: read.errorCode, records: read.records, acquiredRecords: read.acquired });
    }
  }
  return answers;
}

function isStillOwn(
  groupId: string,
  { topic, index }: ShareTarget['partition'],
  share: ShareTarget['share'],
  context: HandlerContext,
): boolean {
  return context.state.shareBroker(context.brokerId).loaded(groupId, { topicId: topic.id, partition: index }) === share;
}

/** Each fetch of a session begins with another partition. */
function rotated<T>(partitions: readonly T[], epoch: number): readonly T[] {
  const at = epoch < 1 ? 0 : epoch % partitions.length;
  return [...partitions.slice(at), ...partitions.slice(0, at)];
}

/** Waits until `isDone` after a change, or for the whole time; gives whether the connection has ended before. */
function waitFor(targets: readonly ShareTarget[], context: HandlerContext, ms: number, isDone: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (closed: boolean): void => {
      timer.cancel();
      forgetConnection();
      forgetEnd();
      for (const unwatch of watched) unwatch();
      resolve(closed);
    };
    const changed = (): void => {
      if (isDone()) finish(false);
    };
    const watched = targets.flatMap(({ partition, share }) => [partition.log.watch(changed), share.watch(changed)]);
    const timer = context.state.clock.setTimeout(() => finish(false), ms);
    const forgetConnection = context.session.onClose(() => finish(true));
    const forgetEnd = context.session.onEndPolls(() => finish(false));
  });
}

function answer(
  answers: Answers,
  session: ShareSession<unknown> | undefined,
  results: readonly AcknowledgeResult[],
  context: HandlerContext,
): Omit<ShareFetchResponse, 'acquisitionLockTimeoutMs'> | undefined {
  const hints = leaderHints(context);
  const topics = new Map<string, Map<number, Partition>>();
  const put = (topicId: string, partition: Partition): void => {
    let partitions = topics.get(topicId);
    if (partitions === undefined) topics.set(topicId, (partitions = new Map<number, Partition>()));
    partitions.set(partition.partitionIndex, partition);
  };
  for (const { topicId, topic, partition, errorCode, records, acquiredRecords } of answers.values()) {
    const of = { topicId, topic, partition };
    if (session !== undefined && !session.mustName(of, { errorCode, hasRecords: records.length > 0 })) continue;
    // Kafka fails on counting the bytes of a topic whose name it does not know, and answers nothing else (4.3.1).
    if (context.metadata.topicNameOf(topicId) === undefined) return undefined;
    const moved = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER || errorCode === errorCodes.FENCED_LEADER_EPOCH;
    const hint = moved ? hints.of(topic!, partition) : noHint;
    put(topicId, { partitionIndex: partition, errorCode, acknowledgeErrorCode: 0, ...hint, records, acquiredRecords });
  }
  for (const { topicId, partition, errorCode, errorMessage } of results) {
    const fetched = topics.get(topicId)?.get(partition) ?? { partitionIndex: partition, errorCode: 0, ...noHint, ...nothing };
    put(topicId, { ...fetched, acknowledgeErrorCode: errorCode, acknowledgeErrorMessage: errorMessage });
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    responses: [...topics].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.values()] })),
    nodeEndpoints: hints.endpoints(),
  };
}

const noHint = { currentLeader: { leaderId: 0, leaderEpoch: 0 } };
