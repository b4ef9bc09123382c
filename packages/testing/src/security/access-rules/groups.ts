import { errorCodes, type OffsetFetchResponse, zeroUuid } from '@tskafka/core/protocol';
import type { HandlerContext } from '../../handler.ts';
import { AccessRule, has, type Need, onCluster } from '../access-rule.ts';

const nothing = Buffer.alloc(0);
const ofGroup =
  (operation: 'read' | 'delete') =>
  ({ groupId }: { readonly groupId: string }): Need => [operation, 'group', groupId];
const describeGroup = (groupId: string): Need => ['describe', 'group', groupId];
const readTopic = ({ name }: { readonly name: string }): Need => ['read', 'topic', name];

/** What the APIs of consumer groups of both protocols ask for. */
export const groupRules = [
  new AccessRule('JoinGroup').whole(ofGroup('read'), (errorCode, _, { version }) => ({
    errorCode,
    protocolName: version >= 7 ? null : '',
    leader: '',
    memberId: '',
    members: [],
  })),
  new AccessRule('SyncGroup').whole(
    (request, { version }) => {
      // Whoever leaves out what version 5 demands is told of that first.
      const incomplete = version >= 5 && (request.protocolType === null || request.protocolName === null);
      return incomplete ? undefined : ofGroup('read')(request);
    },
    (errorCode) => ({ errorCode, assignment: nothing }),
  ),
  new AccessRule('Heartbeat').whole(ofGroup('read'), (errorCode) => ({ errorCode })),
  new AccessRule('LeaveGroup').whole(ofGroup('read'), (errorCode) => ({ errorCode, members: [] })),

  new AccessRule('DescribeGroups').each('groups', 'groups', {
    need: describeGroup,
    refused: (groupId, errorCode) => ({ errorCode, groupId, groupState: '', protocolType: '', protocolData: '', members: [] }),
    place: 'first',
  }),
  new AccessRule('ListGroups').sift((answer, context) =>
    has(onCluster('describe'), context)
      ? answer
      : { ...answer, groups: answer.groups.filter(({ groupId }) => has(describeGroup(groupId), context)) },
  ),
  new AccessRule('DeleteGroups').each('groupsNames', 'results', {
    need: (groupId) => ['delete', 'group', groupId],
    refused: (groupId, errorCode) => ({ groupId, errorCode }),
  }),

  new AccessRule('OffsetCommit')
    .whole(ofGroup('read'), (errorCode, { topics }) => ({ topics: topics.map((topic) => refusedTopic(topic, errorCode)) }))
    .each('topics', 'topics', {
      need: (topic, context) => {
        const name = context.version >= 10 ? context.metadata.topicNameOf(topic.topicId ?? zeroUuid) : topic.name;
        return name === undefined ? undefined : ['read', 'topic', name];
      },
      refused: refusedTopic,
    }),
  new AccessRule('OffsetDelete')
    .whole(ofGroup('delete'), (errorCode) => ({ errorCode, throttleTimeMs: 0, topics: [] }))
    .each('topics', 'topics', { need: readTopic, refused: refusedTopic }),
  new AccessRule('OffsetFetch')
    .step((request, context) => {
      if (context.version >= 8) return undefined;
      if (has(describeGroup(request.groupId), context)) return undefined;
      const errorCode = errorCodes.GROUP_AUTHORIZATION_FAILED;
      if (context.version >= 2) return { answer: { errorCode, topics: [] } };
      return { answer: { topics: (request.topics ?? []).map((topic) => withoutOffsets(topic, errorCode)) } };
    })
    .each('groups', 'groups', {
      need: ({ groupId }) => describeGroup(groupId),
      refused: ({ groupId }, errorCode) => ({ groupId, errorCode, topics: [] }),
      place: 'asAsked',
    })
    .step((request, context) => {
      if (context.version >= 8) {
        const views = request.groups.map(({ topics }) => viewOf<Exclude<typeof topics, null>[number]>(topics, context));
        return {
          request: { ...request, groups: request.groups.map((group, i) => ({ ...group, topics: views[i]!.asked })) },
          complete: (answer) => ({ ...answer, groups: answer.groups!.map((group, i) => views[i]!.complete(group)) }),
        };
      }
      const view = viewOf<Exclude<typeof request.topics, null>[number]>(request.topics, context);
      return {
        request: { ...request, topics: view.asked },
        complete: (answer) => view.complete({ ...answer, topics: answer.topics ?? [] }),
      };
    }),

  new AccessRule('ConsumerGroupHeartbeat')
    .whole(ofGroup('read'), refuseHeartbeat)
    .whole(({ subscribedTopicNames }) => (subscribedTopicNames ?? []).map((name): Need => ['describe', 'topic', name]), refuseHeartbeat),
  new AccessRule('ConsumerGroupDescribe')
    .each('groupIds', 'groups', { need: describeGroup, refused: refusedGroup, place: 'first' })
    .sift((answer, context) => ({
      ...answer,
      groups: answer.groups.map((group) => {
        const assigned = group.members.flatMap(({ assignment, targetAssignment }) => [assignment, targetAssignment]);
        const topics = assigned.flatMap(({ topicPartitions }) => topicPartitions.map(({ topicName }) => topicName));
        return topics.every((name) => has(['describe', 'topic', name], context)) ? group : hiddenGroup(group.groupId);
      }),
    })),
];

interface AskedTopic {
  readonly name?: string;
  readonly topicId?: string;
}

function refusedTopic<Topic extends AskedTopic & { readonly partitions: readonly { readonly partitionIndex: number }[] }>(
  { name, topicId, partitions }: Topic,
  errorCode: number,
): { name: Topic['name']; topicId: Topic['topicId']; partitions: { partitionIndex: number; errorCode: number }[] } {
  return { name, topicId, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
}

type FetchedTopic = NonNullable<OffsetFetchResponse['groups']>[number]['topics'][number];

interface AskedOffsets extends AskedTopic {
  readonly partitionIndexes: readonly number[];
}

function withoutOffsets(
  { name, topicId, partitionIndexes }: AskedOffsets,
  errorCode: number,
): FetchedTopic & { readonly name: string; readonly topicId: string } {
  const nowhere = { committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode };
  return {
    name: name ?? '',
    topicId: topicId ?? zeroUuid,
    partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, ...nowhere })),
  };
}

/** The part of a group's offsets that the client may see: of the topics that it names, or, where that is null, of all. */
function viewOf<Topic extends AskedOffsets>(topics: readonly Topic[] | null, context: HandlerContext) {
  const nameOf = ({ name, topicId }: AskedTopic): string | undefined =>
    context.version >= 10 ? context.metadata.topicNameOf(topicId ?? zeroUuid) : name;
  const isVisible = (topic: AskedTopic): boolean => {
    const name = nameOf(topic);
    return name === undefined || has(['describe', 'topic', name], context);
  };
  const hidden = (topics ?? []).filter((topic) => !isVisible(topic));
  return {
    asked: topics === null ? null : topics.filter(isVisible),
    complete<Group extends { readonly errorCode?: number; readonly topics: readonly FetchedTopic[] }>(group: Group): Group {
      if ((group.errorCode ?? 0) !== 0) return group;
      if (topics === null) return { ...group, topics: group.topics.filter(isVisible) };
      return {
        ...group,
        topics: [...group.topics, ...hidden.map((topic) => withoutOffsets(topic, errorCodes.TOPIC_AUTHORIZATION_FAILED))],
      };
    },
  };
}

export function refuseHeartbeat(errorCode: number) {
  return { throttleTimeMs: 0, errorCode, memberEpoch: 0, heartbeatIntervalMs: 0 };
}

export function refusedGroup(groupId: string, errorCode: number) {
  return { errorCode, groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };
}

/** A group whose members read what the client must not know of. */
export function hiddenGroup(groupId: string) {
  const errorMessage = 'The group has described topic(s) that the client is not authorized to describe.';
  return { ...refusedGroup(groupId, errorCodes.TOPIC_AUTHORIZATION_FAILED), errorMessage };
}
