import { apis, type CreatePartitionsRequest, type CreatePartitionsResponse, type Decoded, errorCodes } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { assignmentError, type ErrorName, placementError } from '../topics/new-topic.ts';

type Asked = Decoded<CreatePartitionsRequest>['topics'][number];
type Answer = CreatePartitionsResponse['results'][number];

/** Adds partitions to topics, or only says whether it would. */
export const createPartitionsHandler = defineHandler(apis.createPartitions, (request, context) => {
  const names = request.topics.map(({ name }) => name);
  const first = request.topics.filter(({ name }, i) => names.indexOf(name) === i);
  return {
    throttleTimeMs: 0,
    results: first.map((topic) => {
      const twice = names.indexOf(topic.name) !== names.lastIndexOf(topic.name);
      return twice ? refused(topic.name, 'INVALID_REQUEST', 'Duplicate topic name.') : add(topic, request.validateOnly, context);
    }),
  };
});

function add(asked: Asked, validateOnly: boolean, context: HandlerContext): Answer {
  const { state } = context;
  const { name, count, assignments } = asked;
  const failure = context.failureOf(name);
  if (failure !== 0) return { name, errorCode: failure };
  const topic = state.topics.get(name);
  if (topic === undefined) return { name, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null };
  const { length } = topic.partitions;
  if (count === length) return refused(name, 'INVALID_PARTITIONS', `Topic already has ${length} partition(s).`);
  if (count < length) {
    const text = `The topic ${name} currently has ${length} partition(s); ${count} would not be an increase.`;
    return refused(name, 'INVALID_PARTITIONS', text);
  }
  const more = count - length;
  const replicationFactor = topic.partitions[0]!.replicas.length;
  if (assignments !== null) {
    if (assignments.length !== more) {
      const text = `Attempted to add ${more} additional partition(s), but only ${assignments.length} assignment(s) were specified.`;
      return refused(name, 'INVALID_REPLICA_ASSIGNMENT', text);
    }
    for (const [i, { brokerIds }] of assignments.entries()) {
      const wrong = assignmentError(brokerIds, replicationFactor, length + i, state);
      if (wrong !== undefined) return refused(name, 'INVALID_REPLICA_ASSIGNMENT', wrong);
    }
  } else {
    const impossible = placementError(replicationFactor, state);
    if (impossible !== undefined) return refused(name, 'INVALID_REPLICATION_FACTOR', impossible);
  }
  if (!context.quota.takeMutations(more, context.version >= 3)) {
    return { name, errorCode: errorCodes.THROTTLING_QUOTA_EXCEEDED, errorMessage: null };
  }
  if (!validateOnly) {
    const chosen = assignments?.map(({ brokerIds }) => brokerIds);
    state.addPartitions(topic, chosen ?? state.placePartitions(more, replicationFactor, length));
  }
  return { name, errorCode: errorCodes.NONE, errorMessage: null };
}

function refused(name: string, error: ErrorName, errorMessage: string): Answer {
  return { name, errorCode: errorCodes[error], errorMessage };
}
