import { apis, type DeleteTopicsResponse, errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { defineHandler, type HandlerContext } from '../handler.ts';

type Answer = DeleteTopicsResponse['responses'][number];

/** A topic as the request names it: by name or by id. */
interface Named {
  readonly name: string | null;
  readonly topicId: string;
}

/** Deletes topics, and what groups have committed for them. */
export const deleteTopicsHandler = defineHandler(apis.deleteTopics, (request, context) => {
  const named: readonly Named[] = context.version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: zeroUuid }));
  const key = ({ name, topicId }: Named): string => name ?? `id ${topicId}`;
  const keys = named.map(key);
  const first = named.filter((topic, i) => keys.indexOf(key(topic)) === i);
  return {
    throttleTimeMs: 0,
    responses: first.map((topic) => {
      const twice = keys.indexOf(key(topic)) !== keys.lastIndexOf(key(topic));
      if (twice) return refused(topic, errorCodes.INVALID_REQUEST, `Duplicate topic ${topic.name === null ? 'id' : 'name'}.`);
      return remove(topic, context);
    }),
  };
});

function remove(named: Named, context: HandlerContext): Answer {
  const { state } = context;
  const { name, topicId } = named;
  if (name === null && topicId === zeroUuid) return refused(named, errorCodes.INVALID_REQUEST, 'Neither topic name nor id were specified.');
  if (name !== null && topicId !== zeroUuid) {
    return refused(named, errorCodes.INVALID_REQUEST, 'You may not specify both topic name and topic id.');
  }
  const topic = name === null ? state.topicById(topicId) : state.topics.get(name);
  if (topic === undefined) {
    if (name === null) return refused(named, errorCodes.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.');
    return refused(named, errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  }
  const failure = context.failureOf(topic.name);
  if (failure !== 0) return refused(named, failure, null);
  if (!context.quota.takeMutations(topic.partitions.length, context.version >= 5)) {
    return { name: topic.name, topicId: topic.id, errorCode: errorCodes.THROTTLING_QUOTA_EXCEEDED, errorMessage: null };
  }
  state.deleteTopic(topic);
  return { name: topic.name, topicId: topic.id, errorCode: errorCodes.NONE, errorMessage: null };
}

function refused({ name, topicId }: Named, errorCode: number, errorMessage: string | null): Answer {
  return { name, topicId, errorCode, errorMessage };
}
