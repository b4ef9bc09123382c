import { errorCodes, zeroUuid } from '@tskafka/core/protocol';
import { AccessRule, authorizationMessages, has, type Need } from '../access-rule.ts';
import { hiddenGroup, refusedGroup, refuseHeartbeat } from './groups.ts';

const describeGroup = (groupId: string): Need => ['describe', 'group', groupId];
const readGroup = ({ groupId }: { readonly groupId?: string | null }): Need | undefined =>
  groupId === null || groupId === undefined ? undefined : ['read', 'group', groupId];
const isMemberId = (memberId: string | null): boolean => memberId !== null && memberId !== '' && memberId.length <= 36;

/** What the APIs of share groups ask for (KIP-932). The topics of ShareFetch and ShareAcknowledge stand in their sessions, so the handlers ask. */
export const shareGroupRules = [
  new AccessRule('ShareGroupHeartbeat').whole(readGroup, refuseHeartbeat).whole(({ memberId, subscribedTopicNames }) => {
    // A member id that cannot be is refused first.
    if (!isMemberId(memberId)) return undefined;
    return (subscribedTopicNames ?? []).map((name): Need => ['describe', 'topic', name]);
  }, refuseHeartbeat),
  new AccessRule('ShareGroupDescribe')
    .each('groupIds', 'groups', { need: describeGroup, refused: refusedGroup, place: 'first' })
    .sift((answer, context) => ({
      ...answer,
      groups: answer.groups.map((group) => {
        const topics = group.members.flatMap(({ assignment }) => assignment.topicPartitions.map(({ topicName }) => topicName));
        return topics.every((name) => has(['describe', 'topic', name], context)) ? group : hiddenGroup(group.groupId);
      }),
    })),
  new AccessRule('ShareFetch').whole(readGroup, (errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  })),
  new AccessRule('ShareAcknowledge').whole(readGroup, (errorCode) => ({ throttleTimeMs: 0, errorCode, responses: [], nodeEndpoints: [] })),

  new AccessRule('DescribeShareGroupOffsets')
    .each('groups', 'groups', {
      need: ({ groupId }) => describeGroup(groupId),
      refused: ({ groupId }, errorCode) => ({ groupId, topics: [], errorCode }),
      place: 'asAsked',
    })
    .step((request, context) => {
      const isVisible = ({ topicName }: { readonly topicName: string }): boolean => has(['describe', 'topic', topicName], context);
      const groups = request.groups.map(({ groupId, topics }) => ({ groupId, topics: topics?.filter(isVisible) ?? null }));
      return {
        request: { ...request, groups },
        complete: (answer) => ({
          ...answer,
          groups: answer.groups.map((group, i) => {
            const { topics } = request.groups[i]!;
            if (topics === null) return { ...group, topics: group.topics.filter(isVisible) };
            if (group.errorCode !== 0) return group;
            const hidden = topics.filter((topic) => !isVisible(topic)).map(hiddenOffsets);
            return { ...group, topics: [...group.topics, ...hidden] };
          }),
        }),
      };
    }),
  new AccessRule('AlterShareGroupOffsets')
    .whole(readGroup, (errorCode) => ({ throttleTimeMs: 0, errorCode, errorMessage: authorizationMessages[errorCode]!, responses: [] }))
    .each('topics', 'responses', {
      need: ({ topicName }) => ['read', 'topic', topicName],
      refused: ({ topicName, partitions }, errorCode, { metadata }) => ({
        topicName,
        topicId: metadata.topic(topicName)?.id ?? zeroUuid,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode,
          errorMessage: authorizationMessages[errorCode]!,
        })),
      }),
    }),
  new AccessRule('DeleteShareGroupOffsets')
    .whole(
      ({ groupId }) => ['delete', 'group', groupId],
      (errorCode) => ({ throttleTimeMs: 0, errorCode, errorMessage: authorizationMessages[errorCode]!, responses: [] }),
    )
    .each('topics', 'responses', {
      need: ({ topicName }) => ['read', 'topic', topicName],
      refused: ({ topicName }, errorCode) => ({
        topicName,
        topicId: zeroUuid,
        errorCode,
        errorMessage: authorizationMessages[errorCode]!,
      }),
    }),
];

function hiddenOffsets({ topicName, partitions }: { readonly topicName: string; readonly partitions: readonly number[] }) {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  const unknown = { startOffset: -1, leaderEpoch: 0, lag: -1, errorCode, errorMessage: authorizationMessages[errorCode]! };
  return { topicName, topicId: zeroUuid, partitions: partitions.map((partitionIndex) => ({ partitionIndex, ...unknown })) };
}
