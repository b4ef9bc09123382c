import { apis, type Decoded, errorCodes, type FetchRequest, type FetchResponse } from '@tskafka/core/protocol';
import type { AskedPartition } from '../fetch/asked-partition.ts';
import { type FetchContext, fetchContext, type FinishedFetch } from '../fetch/fetch-context.ts';
import { rackAwareReplica, rackAwareSelector } from '../fetch/preferred-replica.ts';
import {
  type FetchReader,
  type FetchTarget,
  isUrgent,
  isWorthAnswering,
  type PartitionRead,
  readPartitions,
  unknownRead,
} from '../log/fetch-read.ts';
import { clusterName } from '../security/acl.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { leaderHints } from '../broker/leader-hints.ts';

const readCommitted = 1;
const firstVersionOfFollowers = 11;

/** Errors of the whole answer; all others are those of a partition. */
const ofTheSession: ReadonlySet<number> = new Set([
  errorCodes.FETCH_SESSION_ID_NOT_FOUND,
  errorCodes.INVALID_FETCH_SESSION_EPOCH,
  errorCodes.FETCH_SESSION_TOPIC_ID_ERROR,
]);

/** Reads batches, and waits for them: until there are `minBytes`, an error, or `maxWaitMs` are over. */
export const fetchHandler = defineHandler(apis.fetch, async (request, context) => {
  const ordered = context.failureOf();
  if (ofTheSession.has(ordered)) return refused(ordered);
  const { version, fetchSessions: sessions, metadata } = context;
  const session = fetchContext(request, { version, sessions, topicNameOf: (id) => metadata.topicNameOf(id) });
  if (session.errorCode !== 0) return refused(session.errorCode);
  if (ordered !== 0 && session.asked.size === 0) return refused(ordered);
  const { targets, unknown } = targetsOf(session, request.replicaId, context);
  const reads = await readOrWait([...targets.values()], request, context);
  const answered = new Map([...targets.keys()].map((key, i) => [key, reads[i]!] as const));
  // Partitions that nobody knows come last.
  return answer(session.finish(new Map([...answered, ...unknown])), context);
});

function refused(errorCode: number): FetchResponse {
  return { throttleTimeMs: 0, errorCode, sessionId: 0, responses: [] };
}

interface Targets {
  readonly targets: ReadonlyMap<string, FetchTarget>;
  readonly unknown: ReadonlyMap<string, PartitionRead>;
}

/** Followers read by what they may do in the cluster. */
function mayRead(topic: string, replicaId: number, { access }: HandlerContext): boolean {
  return replicaId >= 0 ? access.may('clusterAction', 'cluster', clusterName) : access.may('read', 'topic', topic);
}

function targetsOf({ asked }: FetchContext, replicaId: number, context: HandlerContext): Targets {
  const targets = new Map<string, FetchTarget>();
  const unknown = new Map<string, PartitionRead>();
  for (const [key, { topic, topicId, partition: index, fetchOffset: offset, ...rest }] of asked) {
    const partition = topic === undefined ? undefined : context.state.partition(topic, index);
    if (topic === undefined) unknown.set(key, unknownRead(errorCodes.UNKNOWN_TOPIC_ID));
    else if (!mayRead(topic, replicaId, context)) unknown.set(key, unknownRead(errorCodes.TOPIC_AUTHORIZATION_FAILED));
    else if (partition === undefined) unknown.set(key, unknownRead(errorCodes.UNKNOWN_TOPIC_OR_PARTITION));
    else targets.set(key, { ...rest, partition, topicId, offset, errorCode: context.failureOf(topic, index) });
  }
  return { targets, unknown };
}

async function readOrWait(
  targets: readonly FetchTarget[],
  request: Decoded<FetchRequest>,
  context: HandlerContext,
): Promise<PartitionRead[]> {
  const reader = readerOf(request, context);
  const minBytes = Math.min(request.minBytes, reader.maxBytes);
  const reads = readPartitions(targets, reader);
  const bytes = reads.reduce((sum, { records }) => sum + records.length, 0);
  if (request.maxWaitMs <= 0 || targets.length === 0 || bytes >= minBytes || reads.some(isUrgent)) return reads;
  const isReady = (): boolean => isWorthAnswering(targets, reader, minBytes);
  const isNews = isReady() || (await change(targets, context, request.maxWaitMs, isReady));
  return isNews ? readPartitions(targets, reader) : reads;
}

function readerOf(
  { maxBytes, isolationLevel, rackId }: Decoded<FetchRequest>,
  { state, brokerId, version, quota }: HandlerContext,
): FetchReader {
  const fromFollower = version >= firstVersionOfFollowers;
  const byRack = fromFollower && state.configs.value('replica.selector.class') === rackAwareSelector;
  return {
    ...{ brokerId, fromFollower, readCommitted: isolationLevel === readCommitted },
    maxBytes: Math.min(maxBytes, state.configs.number('fetch.max.bytes'), quota.mostFetchBytes),
    preferredReplica: ({ partition, offset }) => {
      if (!byRack || partition.leader !== brokerId || offset < partition.log.startOffset) return undefined;
      const view = (id: number) => ({ id, rack: state.brokers.get(id)?.rack, endOffset: partition.replica(id).endOffset });
      const inSync = partition.isr.filter((id) => id !== brokerId && state.isAlive(id)).map(view);
      return rackAwareReplica(
        rackId,
        view(brokerId),
        inSync.filter(({ endOffset }) => endOffset >= offset),
      );
    },
  };
}

/** Resolves once one of the partitions has changed so that there is something to answer, or the time is over; with whether any has changed at all. */
function change(targets: readonly FetchTarget[], context: HandlerContext, ms: number, isReady: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    let isNews = false;
    const finish = (): void => {
      timer.cancel();
      forgetConnection();
      forgetEnd();
      for (const unwatch of watched) unwatch();
      resolve(isNews);
    };
    const changed = (): void => {
      isNews = true;
      if (isReady()) finish();
    };
    const logs = new Set(targets.map(({ partition }) => partition.log));
    const watched = [...logs].map((log) => log.watch(changed));
    const timer = context.state.clock.setTimeout(finish, ms);
    const forgetConnection = context.session.onClose(finish);
    const forgetEnd = context.session.onEndPolls(finish);
  });
}

type TopicAnswer = FetchResponse['responses'][number];
type PartitionAnswer = TopicAnswer['partitions'][number];

function answer({ errorCode, sessionId, told }: FinishedFetch<PartitionRead>, context: HandlerContext): FetchResponse {
  const hints = leaderHints(context);
  const responses: { topic: string; topicId: string; partitions: PartitionAnswer[] }[] = [];
  for (const [asked, read] of told) {
    const described = { partitionIndex: asked.partition, ...read, ...hintFor(asked, read, hints, context) };
    const last = responses.at(-1);
    // Only neighbours share an entry, so that the order of the partitions stays.
    if (last?.topicId === asked.topicId && last.topic === (asked.topic ?? '')) last.partitions.push(described);
    else responses.push({ topic: asked.topic ?? '', topicId: asked.topicId, partitions: [described] });
  }
  return { throttleTimeMs: 0, errorCode, sessionId, responses, nodeEndpoints: hints.endpoints() };
}

function hintFor(
  { topic, partition }: AskedPartition,
  { errorCode }: PartitionRead,
  hints: ReturnType<typeof leaderHints>,
  { version, state }: HandlerContext,
): object {
  const stale = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER || errorCode === errorCodes.FENCED_LEADER_EPOCH;
  if (version < 16 || !stale || topic === undefined || state.partition(topic, partition) === undefined) return {};
  return hints.of(topic, partition);
}
