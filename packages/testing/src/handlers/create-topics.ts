import { apis, type CreateTopicsRequest, type CreateTopicsResponse, type Decoded, errorCodes } from '@tskafka/core/protocol';
import { topicConfig, topicConfigSource } from '../configs/configs.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import type { NewTopic } from '../cluster-state.ts';
import { checkNewTopic } from '../topics/new-topic.ts';
import { randomUuid } from '../random-uuid.ts';
import { describedTopicConfigs } from '../configs/topic-configs.ts';

type Asked = Decoded<CreateTopicsRequest>['topics'][number];
type Answer = CreateTopicsResponse['topics'][number];

/** Creates topics, or only says whether it would. */
export const createTopicsHandler = defineHandler(apis.createTopics, (request, context) => {
  const names = request.topics.map(({ name }) => name);
  const once = request.topics.filter(({ name }) => names.indexOf(name) === names.lastIndexOf(name));
  const twice = [...new Set(names.filter((name) => names.indexOf(name) !== names.lastIndexOf(name)))];
  return {
    throttleTimeMs: 0,
    topics: [
      ...once.map((topic) => create(topic, request.validateOnly, context)),
      ...twice.map((name) => refused(name, errorCodes.INVALID_REQUEST, 'Duplicate topic name.')),
    ],
  };
});

function create(asked: Asked, validateOnly: boolean, context: HandlerContext): Answer {
  const { state } = context;
  const failure = context.failureOf(asked.name);
  if (failure !== 0) return refused(asked.name, failure, null);
  const checked = checkNewTopic(asked, state);
  if (checked.kind === 'refused') return refused(asked.name, errorCodes[checked.error], checked.message);
  const topic: NewTopic = checked.topic;
  const assignments = state.assignmentsOf(topic);
  // Since version 6 clients know what it means to have to wait (KIP-599).
  if (!context.quota.takeMutations(assignments.length, context.version >= 6)) {
    return refused(asked.name, errorCodes.THROTTLING_QUOTA_EXCEEDED, null);
  }
  const created = validateOnly ? undefined : state.createTopicForClient({ ...topic, assignments });
  const own = new Map(topic.configs);
  return {
    name: asked.name,
    topicId: created?.id ?? randomUuid(state.random),
    errorCode: errorCodes.NONE,
    errorMessage: null,
    numPartitions: assignments.length,
    replicationFactor: assignments[0]!.length,
    configs: describedTopicConfigs(own).map((name) => ({
      name,
      value: topicConfig(name, own, state.configs),
      readOnly: false,
      configSource: topicConfigSource(name, own, state.configs),
      isSensitive: false,
    })),
  };
}

function refused(name: string, errorCode: number, errorMessage: string | null): Answer {
  return { name, errorCode, errorMessage, configs: [] };
}
