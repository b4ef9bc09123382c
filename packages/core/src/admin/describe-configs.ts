import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Decoded } from '../protocol/api.ts';
import { describeConfigs as describeConfigsApi, type DescribeConfigsResponse } from '../protocol/apis/describe-configs.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atConfigBrokers } from './at-config-brokers.ts';
import { checkResource, type ConfigResource, resourceName, typeCode } from './config-resource.ts';
import { checkList, checkTwins } from './items.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** Where a value comes from, in the order of Kafka's numbers. Java: ConfigEntry.ConfigSource. */
const sources = [
  'unknown',
  'dynamicTopic',
  'dynamicBroker',
  'dynamicDefaultBroker',
  'staticBroker',
  'default',
  'dynamicBrokerLogger',
  'dynamicClientMetrics',
  'dynamicGroup',
] as const;
export type ConfigSource = (typeof sources)[number];

/** In the order of Kafka's numbers. Java: ConfigEntry.ConfigType. */
const valueTypes = ['unknown', 'boolean', 'string', 'int', 'short', 'long', 'double', 'list', 'class', 'password'] as const;
/** The type of a value; `unknown` if the broker is older than 2.6. */
export type ConfigValueType = (typeof valueTypes)[number];

/** A configuration of a topic, broker, ... Java: ConfigEntry. */
export interface ConfigEntry {
  readonly name: string;
  /** null if there is no value, and for a secret. */
  readonly value: string | null;
  readonly source: ConfigSource;
  /** Whether it is a secret, which brokers never reveal. */
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
  /** `unknown` if the broker is older than 2.6. */
  readonly type: ConfigValueType;
  /** The value in effect, and those that would apply without it, in that order. Empty unless requested. */
  readonly synonyms: readonly ConfigSynonym[];
  /** undefined unless requested. */
  readonly documentation: string | undefined;
}

/** A value in effect, or one that would be. Java: ConfigEntry.ConfigSynonym. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
}

/** Options of `describeConfigs`. */
export interface DescribeConfigsOptions extends AdminOptions {
  /** Only the configurations of these names. Default: all. */
  readonly names?: readonly string[];
  /** Default false. */
  readonly includeSynonyms?: boolean;
  /** Default false. Needs brokers of 2.6 or newer. */
  readonly includeDocumentation?: boolean;
}

/**
 * Describes the configurations of topics, brokers, loggers of brokers, metrics subscriptions and groups, by name.
 *
 * An entry is a BrokerError: UNKNOWN_TOPIC_OR_PARTITION when there is no such topic, TOPIC_, CLUSTER_ or GROUP_AUTHORIZATION_FAILED when the user
 * may not see them; and another KafkaError when the broker in question cannot be reached. Rejects with TypeError for a bad resource.
 * Java: Admin.describeConfigs.
 */
export async function describeConfigs<Item extends ConfigResource>(
  client: KafkaClient,
  resources: readonly Item[],
  options: DescribeConfigsOptions = {},
): Promise<Results<Item, Map<string, ConfigEntry>>> {
  const cluster = clusterOf('describeConfigs', client);
  const limits = limitsOf(cluster, 'describeConfigs', options, ['names', 'includeSynonyms', 'includeDocumentation']);
  checkList('resources', resources, checkResource);
  checkTwins(resources, resourceName);
  if (options.names !== undefined) checkList('names', options.names);
  const { names = null, includeSynonyms = false, includeDocumentation = false } = options;
  return atConfigBrokers(
    cluster,
    resources,
    async (connection, asked, signal) => {
      const request = {
        resources: asked.map(({ type, name }) => ({ resourceType: typeCode(type), resourceName: name, configurationKeys: names })),
        includeSynonyms,
        includeDocumentation,
      };
      const { results } = await connection.send(describeConfigsApi, request, { signal });
      const answers = results.map((result) => [keyOf(result), result] as const);
      const keyOfItem = ({ type, name }: ConfigResource): string => keyOf({ resourceType: typeCode(type), resourceName: name });
      return matchAnswers(asked, keyOfItem, answers, ({ errorCode, errorMessage, configs }, item) =>
        errorCode === 0
          ? new Map(configs.map((config) => [config.name, entryOf(config)]))
          : brokerError(errorCode, `configurations of ${resourceName(item)}`, { detail: errorMessage }),
      );
    },
    limits,
  );
}

function keyOf({ resourceType, resourceName: name }: { readonly resourceType: number; readonly resourceName: string }): string {
  return `resource ${resourceType} '${name}'`;
}

function entryOf(config: Decoded<DescribeConfigsResponse>['results'][number]['configs'][number]): ConfigEntry {
  const { name, value, configSource, isSensitive, readOnly, configType, synonyms, documentation } = config;
  return {
    name,
    value,
    source: sourceOf(configSource),
    isSensitive,
    isReadOnly: readOnly,
    type: valueTypes[configType] ?? 'unknown',
    synonyms: synonyms.map((synonym) => ({ name: synonym.name, value: synonym.value, source: sourceOf(synonym.source) })),
    documentation: documentation ?? undefined,
  };
}

function sourceOf(code: number): ConfigSource {
  return sources[code] ?? 'unknown';
}
