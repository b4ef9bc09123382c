import { errorCodes, type MetadataResponse, zeroUuid } from '@tskafka/core/protocol';
import type { RequestOf } from '../../api-name.ts';
import type { HandlerContext } from '../../handler.ts';
import { isInternalTopic } from '../../topics/topic-name.ts';
import { AccessRule, has, onCluster } from '../access-rule.ts';

type Topic = MetadataResponse['topics'][number];

/** Metadata hides what the client must not see, and creates for those only who may create. */
export const metadataRule = new AccessRule('Metadata').step((request, context) => {
  const { metadata, version } = context;
  const canSee = (name: string): boolean => has(['describe', 'topic', name], context);
  const { topics } = request;
  if (topics === null || (topics.length === 0 && version === 0)) {
    return { request, complete: (answer) => ({ ...answer, topics: answer.topics.filter(({ name }) => name === null || canSee(name)) }) };
  }
  const byId = topics.some(({ topicId }) => topicId !== undefined && topicId !== zeroUuid);
  const refusals = topics.map((topic): Topic | undefined => {
    if (byId) {
      const name = metadata.topicNameOf(topic.topicId ?? zeroUuid);
      // An id gives nothing away.
      return name === undefined || canSee(name) ? undefined : refused(null, topic.topicId!, false);
    }
    const name = topic.name!;
    if (!canSee(name)) return refused(name, zeroUuid, false);
    return mayCreate(name, request, context) ? undefined : refused(name, zeroUuid, isInternalTopic(name));
  });
  const rest = topics.filter((_, i) => refusals[i] === undefined);
  const hidden = unique(refusals.filter((refusal) => refusal !== undefined));
  if (hidden.length === 0) return undefined;
  // Version 0 would take an empty list for all topics.
  const answered = (answer: MetadataResponse): readonly Topic[] => (rest.length === 0 ? [] : answer.topics);
  return { request: { ...request, topics: rest }, complete: (answer) => ({ ...answer, topics: [...answered(answer), ...hidden] }) };
});

/** Whether there is nothing to create, or the client may. */
function mayCreate(name: string, request: RequestOf<'Metadata'>, context: HandlerContext): boolean {
  const { metadata, state, version } = context;
  const creates = (version < 4 || request.allowAutoTopicCreation) && state.configs.boolean('auto.create.topics.enable');
  if (!creates || metadata.topic(name) !== undefined) return true;
  return has(onCluster('create'), context) || has(['create', 'topic', name], context);
}

function refused(name: string | null, topicId: string, isInternal: boolean): Topic {
  return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name, topicId, isInternal, partitions: [] };
}

function unique(topics: readonly Topic[]): readonly Topic[] {
  return topics.filter((topic, i) => topics.findIndex(({ name, topicId }) => name === topic.name && topicId === topic.topicId) === i);
}
