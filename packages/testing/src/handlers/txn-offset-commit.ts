import { apis, type Decoded, errorCodes, type TxnOffsetCommitRequest } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { offsetCommitBatch, type OffsetToWrite } from '../transactions/offset-commit-batch.ts';
import { verifyAppends } from '../transactions/verify-append.ts';
import { hasEnoughReplicas } from '../transactions/write-marker.ts';

type Request = Decoded<TxnOffsetCommitRequest>;
type Offset = Request['topics'][number]['partitions'][number];

/** Commits a group's offsets with a transaction: they are there when the transaction is committed. */
export const txnOffsetCommitHandler = defineHandler(apis.txnOffsetCommit, (request, context) => {
  const { state } = context;
  const knows = (topic: string, { partitionIndex }: Offset): boolean => state.partition(topic, partitionIndex) !== undefined;
  const hasKnown = request.topics.some(({ name, partitions }) => partitions.some((offset) => knows(name, offset)));
  const refusal = hasKnown ? refusalOf(request, context) : errorCodes.NONE;
  const offsets: OffsetToWrite[] = [];
  const committedAt = state.clock.wallTime();
  const commit = (topic: string, offset: Offset): number => {
    if (!knows(topic, offset)) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    const failure = context.failureOf(topic, offset.partitionIndex) || refusal;
    if (failure !== 0) return failure;
    const metadata = offset.committedMetadata ?? '';
    if (metadata.length > state.configs.number('offset.metadata.max.bytes')) return errorCodes.OFFSET_METADATA_TOO_LARGE;
    const committed = { offset: offset.committedOffset, leaderEpoch: offset.committedLeaderEpoch, metadata, committedAt };
    offsets.push({ topic, partition: offset.partitionIndex, committed });
    return errorCodes.NONE;
  };
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((offset) => ({ partitionIndex: offset.partitionIndex, errorCode: commit(name, offset) })),
  }));
  if (offsets.length > 0) write(request, offsets, context);
  return { throttleTimeMs: 0, topics };
});

function refusalOf(request: Request, context: HandlerContext): number {
  const { groupId, transactionalId, producerId, producerEpoch } = request;
  const { state, brokerId, version } = context;
  if (groupId === '') return errorCodes.INVALID_GROUP_ID;
  const notHere = state.coordinators.error('group', groupId, brokerId);
  // The first versions of the request know no coordinator that loads.
  if (notHere === errorCodes.COORDINATOR_LOAD_IN_PROGRESS) return version < 2 ? errorCodes.COORDINATOR_NOT_AVAILABLE : notHere;
  const partition = state.coordinatorPartition('group', groupId);
  const client = { transactionalId, producerId, producerEpoch, addsPartitions: version > 4, knowsAbortable: version > 3 };
  const error = verifyAppends([{ partition, baseSequence: -1 }], client, brokerId, state)[0]!;
  if (error === 'NOT_LEADER_OR_FOLLOWER') return errorCodes.NOT_COORDINATOR;
  if (error !== 'NONE') return errorCodes[error];
  return membershipError(request, context) || (hasEnoughReplicas(partition, state) ? 0 : errorCodes.COORDINATOR_NOT_AVAILABLE);
}

/** A group that is not there takes offsets of those who do not say that they are members (KIP-447). */
function membershipError(request: Request, { state, version }: HandlerContext): number {
  const { memberId, groupInstanceId, generationId } = request;
  const group = state.groups.get(request.groupId);
  if (group === undefined) return generationId < 0 ? errorCodes.NONE : errorCodes.ILLEGAL_GENERATION;
  const member = { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId };
  const partitions = request.topics.flatMap(({ name, partitions: offsets }) => {
    const known = offsets.filter(({ partitionIndex }) => state.partition(name, partitionIndex) !== undefined);
    return known.map(({ partitionIndex }) => ({ topicId: state.topics.get(name)!.id, partition: partitionIndex }));
  });
  const error = group.members.commitError({ ...member, transactional: true, version, partitions });
  return error === errorCodes.STALE_MEMBER_EPOCH ? errorCodes.ILLEGAL_GENERATION : error;
}

function write({ groupId, producerId, producerEpoch }: Request, offsets: readonly OffsetToWrite[], { state }: HandlerContext): void {
  const { log, leaderEpoch } = state.coordinatorPartition('group', groupId);
  log.append(offsetCommitBatch(groupId, offsets, { producerId, producerEpoch }), { leaderEpoch });
  const group = state.group(groupId).offsets;
  for (const { topic, partition, committed } of offsets) group.commitInTransaction(producerId, topic, partition, committed);
}
