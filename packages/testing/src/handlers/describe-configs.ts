import { apis, type Decoded, type DescribeConfigsRequest, type DescribeConfigsResponse, errorCodes } from '@tskafka/core/protocol';
import { brokerConfigs } from '../configs/broker-configs.ts';
import { configSource, topicConfig, topicConfigSource } from '../configs/configs.ts';
import { defineHandler, type HandlerContext } from '../handler.ts';
import { invalidTopicName } from '../topics/topic-name.ts';
import { type ConfigType, topicConfigs } from '../configs/topic-configs.ts';

type Resource = Decoded<DescribeConfigsRequest>['resources'][number];
type Result = DescribeConfigsResponse['results'][number];
type Entry = Result['configs'][number];

const resourceType = { topic: 2, broker: 4 } as const;
const typeNumber: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

/** The configuration of topics and brokers, with where each value comes from. */
export const describeConfigsHandler = defineHandler(apis.describeConfigs, (request, context) => ({
  throttleTimeMs: 0,
  results: request.resources.map((resource): Result => {
    const result = describe(resource, request.includeSynonyms, context);
    return { resourceType: resource.resourceType, resourceName: resource.resourceName, ...result };
  }),
}));

type Described = Pick<Result, 'errorCode' | 'errorMessage' | 'configs'>;

function describe(resource: Resource, synonyms: boolean, context: HandlerContext): Described {
  const failure = context.failureOf(resource.resourceName);
  if (failure !== 0) return failed(failure, '');
  const wanted = ({ name }: Entry): boolean => !resource.configurationKeys?.length || resource.configurationKeys.includes(name);
  switch (resource.resourceType) {
    case resourceType.topic:
      return describeTopic(resource.resourceName, synonyms, wanted, context);
    case resourceType.broker:
      return describeBroker(resource.resourceName, synonyms, wanted, context);
    default:
      return failed(errorCodes.INVALID_REQUEST, `Unsupported resource type: ${resource.resourceType}`);
  }
}

function describeTopic(name: string, synonyms: boolean, wanted: (entry: Entry) => boolean, { state }: HandlerContext): Described {
  const invalid = invalidTopicName(name);
  if (invalid !== undefined) return failed(errorCodes.INVALID_TOPIC_EXCEPTION, invalid);
  const topic = state.topics.get(name);
  if (topic === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, '');
  const configs = [...topicConfigs].map(([config, { type, brokerConfig }]): Entry => {
    const own = topic.configs.get(config);
    const source = topicConfigSource(config, topic.configs, state.configs);
    const ofBroker = brokerConfig === undefined ? [] : brokerSynonyms(brokerConfig, state.configs);
    return {
      name: config,
      value: topicConfig(config, topic.configs, state.configs),
      readOnly: false,
      configSource: source,
      isSensitive: false,
      synonyms: synonyms ? [...(own === undefined ? [] : [{ name: config, value: own, source: configSource.topic }]), ...ofBroker] : [],
      configType: typeNumber[type],
      documentation: null,
    };
  });
  return { errorCode: errorCodes.NONE, errorMessage: '', configs: configs.filter(wanted) };
}

function describeBroker(name: string, synonyms: boolean, wanted: (entry: Entry) => boolean, context: HandlerContext): Described {
  const { state, brokerId, session } = context;
  // The defaults of all brokers that were set while they ran: none here.
  if (name === '') return { errorCode: errorCodes.NONE, errorMessage: '', configs: [] };
  if (!/^-?\d+$/.test(name)) return failed(errorCodes.INVALID_REQUEST, `Broker id must be an integer, but it is: ${name}`);
  if (Number(name) !== brokerId) {
    return failed(errorCodes.INVALID_REQUEST, `Unexpected broker id, expected ${brokerId} or empty string, but received ${name}`);
  }
  const { host, port } = session.addressOf(brokerId);
  const own = new Map<string, string | undefined>([
    ['node.id', String(brokerId)],
    ['broker.id', String(brokerId)],
    ['broker.rack', state.brokers.get(brokerId)?.rack],
    ['advertised.listeners', `PLAINTEXT://${host}:${port}`],
    ['log.dirs', '/mock'],
  ]);
  const configs = [...brokerConfigs].map(([config, { type, readOnly = false }]): Entry => {
    const value = own.get(config) ?? state.configs.value(config);
    return {
      name: config,
      value,
      readOnly,
      configSource: own.get(config) === undefined ? state.configs.sourceOf(config) : configSource.staticBroker,
      isSensitive: false,
      synonyms: synonyms ? brokerSynonyms(config, state.configs, own.get(config)) : [],
      configType: typeNumber[type],
      documentation: null,
    };
  });
  return { errorCode: errorCodes.NONE, errorMessage: '', configs: configs.filter(wanted) };
}

/** Where else the value could come from, the strongest first. */
function brokerSynonyms(name: string, configs: HandlerContext['state']['configs'], own?: string): Entry['synonyms'] {
  const otherwise = brokerConfigs.get(name)?.default;
  const value = own ?? configs.value(name);
  const synonyms: { name: string; value: string | null; source: number }[] = [];
  if (configs.sourceOf(name) === configSource.dynamicDefaultBroker) {
    synonyms.push({ name, value, source: configSource.dynamicDefaultBroker });
  }
  if (own !== undefined || configs.isSet(name)) synonyms.push({ name, value, source: configSource.staticBroker });
  if (otherwise !== null && otherwise !== undefined) synonyms.push({ name, value: otherwise, source: configSource.default });
  return synonyms;
}

function failed(errorCode: number, errorMessage: string): Described {
  return { errorCode, errorMessage, configs: [] };
}
