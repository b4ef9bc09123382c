import { apis, type ElectLeadersResponse, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import type { PartitionState } from '../topics/topic.ts';

const elections = ['preferred', 'unclean'] as const;
type Asked = (typeof elections)[number];
type TopicResult = ElectLeadersResponse['replicaElectionResults'][number];
type Result = TopicResult['partitionResult'][number];

const messages = {
  ELECTION_NOT_NEEDED: 'Leader election not needed for topic partition.',
  PREFERRED_LEADER_NOT_AVAILABLE: 'The preferred leader was not available.',
  ELIGIBLE_LEADERS_NOT_AVAILABLE: 'Eligible topic partition leaders are not available.',
} as const;

/** Elects the preferred leaders, or with the loss of records any (KIP-460). */
export const electLeadersHandler = defineHandler(apis.electLeaders, (request, context) => {
  const { state, version } = context;
  const failure = context.failureOf();
  const asked = version === 0 ? 'preferred' : elections[request.electionType];
  const named = request.topicPartitions;
  const unknown = asked === undefined;
  const errorCode = failure || (unknown ? errorCodes.INVALID_REQUEST : errorCodes.NONE);
  const refused = (partitionId: number): Result => ({
    partitionId,
    errorCode,
    errorMessage: unknown ? `Unknown election type ${request.electionType}` : null,
  });
  const resultOf = (topic: string, index: number): Result => (errorCode !== 0 ? refused(index) : elect(topic, index, asked!, context));
  return {
    throttleTimeMs: 0,
    errorCode: version >= 1 ? errorCode : errorCodes.NONE, // before, only partitions have one
    replicaElectionResults:
      named?.map(({ topic, partitions }): TopicResult => ({ topic, partitionResult: partitions.map((index) => resultOf(topic, index)) })) ??
      [...state.topics.values()].map(({ name, partitions }): TopicResult => ({
        topic: name,
        // Of all partitions only those are told whose leader changed, or could not.
        partitionResult: partitions
          .map(({ index }) => resultOf(name, index))
          .filter((result) => result.errorCode !== errorCodes.ELECTION_NOT_NEEDED),
      })),
  };
});

function elect(topic: string, index: number, election: Asked, { state, failureOf }: HandlerContext): Result {
  const failure = failureOf(topic, index);
  if (failure !== 0) return { partitionId: index, errorCode: failure, errorMessage: null };
  const partition = state.partition(topic, index);
  if (partition === undefined) {
    const errorMessage = state.topics.has(topic) ? `No such partition as ${topic}-${index}` : `No such topic as ${topic}`;
    return { partitionId: index, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
  }
  if (hasLeaderAlready(partition, election)) return refusal(index, 'ELECTION_NOT_NEEDED');
  if (state.changePartition(partition, { election })) return { partitionId: index, errorCode: errorCodes.NONE, errorMessage: null };
  return refusal(index, election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE');
}

function hasLeaderAlready({ leader, replicas }: PartitionState, election: Asked): boolean {
  return election === 'preferred' ? leader === replicas[0] : leader !== -1;
}

function refusal(partitionId: number, error: keyof typeof messages): Result {
  return { partitionId, errorCode: errorCodes[error], errorMessage: messages[error] };
}
