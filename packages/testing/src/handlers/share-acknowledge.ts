import { apis, errorCodes, type ShareAcknowledgeResponse } from '@tskafka/core/protocol';
import { leaderHints } from '../broker/leader-hints.ts';
import { defineHandler } from '../handler.ts';
import { acknowledgePartitions } from '../share/acknowledgements.ts';
import { isMemberId } from '../share/member-id.ts';
import { sessionEpoch } from '../share/share-broker.ts';
import { shareSettings } from '../share/share-settings.ts';

type Partition = ShareAcknowledgeResponse['responses'][number]['partitions'][number];

/** Says what became of records that a member was given, without fetching others (KIP-932). */
export const shareAcknowledgeHandler = defineHandler(apis.shareAcknowledge, (request, context) => {
  const { state, brokerId, version } = context;
  const { groupId, memberId, shareSessionEpoch: epoch } = request;
  const failure = context.failureOf();
  if (failure !== 0) return refused(failure);
  if (groupId === null || !isMemberId(memberId)) return refused(errorCodes.INVALID_REQUEST);
  const broker = state.shareBroker(brokerId);
  const error = broker.acknowledgeSession(groupId, memberId, epoch);
  if (error !== 0) return refused(error);
  const asked = request.topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex: partition, acknowledgementBatches: batches }) => ({ topicId, partition, batches })),
  );
  const results = acknowledgePartitions(asked, { groupId, memberId, renews: version >= 2 && request.isRenewAck }, context);
  if (epoch === sessionEpoch.final) broker.endSession(groupId, memberId);
  const hints = leaderHints(context);
  const topics = new Map<string, Partition[]>();
  for (const { topicId, topic, partition, errorCode, errorMessage } of results) {
    const moved = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER || errorCode === errorCodes.FENCED_LEADER_EPOCH;
    const hint = moved ? hints.of(topic!, partition) : { currentLeader: { leaderId: 0, leaderEpoch: 0 } };
    topics.set(topicId, [...(topics.get(topicId) ?? []), { partitionIndex: partition, errorCode, errorMessage, ...hint }]);
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    acquisitionLockTimeoutMs: shareSettings(state, groupId).recordLockDurationMs,
    responses: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
    nodeEndpoints: hints.endpoints(),
  };
});

function refused(errorCode: number): ShareAcknowledgeResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage: null, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] };
}
