import { errorCodes, zeroUuid } from '@tskafka/core/protocol';
import type { HandlerContext } from '../../handler.ts';
import { invalidTopicName } from '../../topics/topic-name.ts';
import { AccessRule, authorizationMessages, has, type Need, onCluster } from '../access-rule.ts';

interface Named {
  readonly name: string;
}

/** Names that stand twice in a request are refused for that, whoever asks. */
function isTwice({ name }: Named, topics: readonly Named[]): boolean {
  return topics.filter((topic) => topic.name === name).length > 1;
}

/** What the APIs of topics and their records ask for, but Metadata, Produce and Fetch. */
export const topicRules = [
  new AccessRule('ListOffsets').each('topics', 'topics', {
    need: ({ name }) => ['describe', 'topic', name],
    refused: ({ name, partitions }, errorCode) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, timestamp: -1, offset: -1 })),
    }),
  }),
  new AccessRule('OffsetForLeaderEpoch').each('topics', 'topics', {
    need: ({ topic }, context) => (has(onCluster('clusterAction'), context) ? undefined : ['describe', 'topic', topic]),
    refused: ({ topic, partitions }, errorCode) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({ partition, errorCode, leaderEpoch: -1, endOffset: -1 })),
    }),
  }),
  new AccessRule('DeleteRecords').each('topics', 'topics', {
    need: ({ name }) => ['delete', 'topic', name],
    refused: ({ name, partitions }, errorCode) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, lowWatermark: -1, errorCode })),
    }),
  }),
  new AccessRule('DescribeProducers').each('topics', 'topics', {
    need: ({ name }) => (invalidTopicName(name) === undefined ? ['read', 'topic', name] : undefined),
    refused: ({ name, partitionIndexes }, errorCode) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode,
        errorMessage: authorizationMessages[errorCode]!,
        activeProducers: [],
      })),
    }),
    place: 'asAsked',
  }),

  new AccessRule('CreateTopics')
    .each('topics', 'topics', {
      need: (topic, context, { topics }) =>
        isTwice(topic, topics) || has(onCluster('create'), context) ? undefined : ['create', 'topic', topic.name],
      refused: ({ name }, errorCode) => ({ name, errorCode, errorMessage: 'Authorization failed.', configs: [] }),
    })
    .sift((answer, context) => ({
      ...answer,
      topics: answer.topics.map((topic) => {
        if (topic.errorCode !== 0 || has(['describeConfigs', 'topic', topic.name], context)) return topic;
        const hidden = { topicConfigErrorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, numPartitions: -1, replicationFactor: -1 };
        return { ...topic, ...hidden, configs: [] };
      }),
    })),
  new AccessRule('CreatePartitions').each('topics', 'results', {
    need: (topic, _, { topics }) => (isTwice(topic, topics) ? undefined : ['alter', 'topic', topic.name]),
    refused: ({ name }, errorCode) => ({ name, errorCode, errorMessage: null }),
  }),
  new AccessRule('DeleteTopics')
    // Up to version 5 topics are named in a list of their own.
    .step((request, context) => {
      if (context.version >= 6) return undefined;
      const { topicNames } = request;
      const isRefused = (name: string): boolean =>
        topicNames.indexOf(name) === topicNames.lastIndexOf(name) && deleteNeed({ name, topicId: zeroUuid }, context) !== undefined;
      const refused = topicNames.filter(isRefused).map((name) => refusedDeletion(name, zeroUuid));
      return {
        request: { ...request, topicNames: topicNames.filter((name) => !isRefused(name)) },
        complete: (answer) => ({ ...answer, responses: [...answer.responses, ...refused] }),
      };
    })
    .each('topics', 'responses', {
      need: (topic, context, { topics }) => {
        const same = topics.filter(({ name, topicId }) => name === topic.name && topicId === topic.topicId);
        return same.length > 1 ? undefined : deleteNeed(topic, context);
      },
      refused: ({ name, topicId }, _, context) => {
        if (name !== null) return refusedDeletion(name, zeroUuid);
        const known = context.metadata.topicNameOf(topicId)!;
        return refusedDeletion(has(['describe', 'topic', known], context) ? known : null, topicId);
      },
    }),

  new AccessRule('DescribeTopicPartitions').step((request, context) => {
    const isVisible = ({ name }: Named): boolean => has(['describe', 'topic', name], context);
    const all = request.topics.length === 0;
    const asked = all ? [...context.metadata.topicNames].map((name) => ({ name })) : request.topics;
    const first = request.cursor?.topicName ?? '';
    const hidden = asked.filter((topic) => topic.name >= first && !isVisible(topic));
    if (hidden.length === 0) return undefined;
    const refused = all ? [] : hidden.map(({ name }) => refusedTopic(name));
    // Without any topic left the request would ask for all.
    const rest = asked.filter(isVisible);
    if (rest.length === 0) return { answer: { throttleTimeMs: 0, topics: refused, nextCursor: null } };
    return { request: { ...request, topics: rest }, complete: (answer) => ({ ...answer, topics: [...answer.topics, ...refused] }) };
  }),
];

/** Whoever may not see a topic is not told whether it is there either. */
function deleteNeed(
  { name, topicId }: { readonly name: string | null; readonly topicId: string },
  context: HandlerContext,
): Need | undefined {
  if (name !== null && topicId !== zeroUuid) return undefined; // not both
  const known = name ?? context.metadata.topicNameOf(topicId);
  if (known === undefined || has(onCluster('delete'), context)) return undefined;
  const describe: Need = ['describe', 'topic', known];
  if (name !== null && context.metadata.topic(name) === undefined) return has(describe, context) ? undefined : describe;
  const remove: Need = ['delete', 'topic', known];
  if (!has(remove, context)) return remove;
  return has(describe, context) ? undefined : describe;
}

function refusedDeletion(name: string | null, topicId: string) {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  return { name, topicId, errorCode, errorMessage: authorizationMessages[errorCode]! };
}

function refusedTopic(name: string) {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  return { errorCode, name, topicId: zeroUuid, isInternal: false, partitions: [] };
}
