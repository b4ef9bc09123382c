import { errorCodes } from '@tskafka/core/protocol';
import type { HandlerContext } from '../handler.ts';
import type { ErrorName } from '../topics/new-topic.ts';
import { invalidTopicName } from '../topics/topic-name.ts';
import { type Alteration, altered, operationName } from './alter-operations.ts';
import { brokerConfigError } from './broker-config-error.ts';
import { brokerConfigOf, brokerConfigs } from './broker-configs.ts';
import { clientMetricsConfigError } from './client-metrics-configs.ts';
import type { ConfigDefinition } from './config-definition.ts';
import { configsOfBroker } from './configs-of-broker.ts';
import { configResource } from './config-resources.ts';
import { normalized } from './config-values.ts';
import { groupConfigError } from './group-config-error.ts';
import { groupConfigDefinitions } from './group-configs.ts';
import { alterLoggers } from './loggers.ts';
import { topicConfigError } from './topic-config-error.ts';
import { topicConfigs } from './topic-configs.ts';

/** A change of one resource's configuration, as both AlterConfigs and IncrementalAlterConfigs ask for it. */
export interface AskedChange {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly alterations: readonly Alteration[];
  /** Whether what the request does not name goes back to its default: so it is with AlterConfigs. */
  readonly replaces: boolean;
}

export interface Changed {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const done: Changed = { errorCode: errorCodes.NONE, errorMessage: null };

/** The most that the cluster's metadata takes of one value. */
const longestValue = 32_767;

/** Changes the configuration of one resource, or only says whether it would. */
export function alterConfigs(change: AskedChange, validateOnly: boolean, context: HandlerContext): Changed {
  const { alterations, resourceType, resourceName } = change;
  const names = alterations.map(({ name }) => name);
  if (new Set(names).size < names.length) return refused('INVALID_REQUEST', 'Error due to duplicate config keys');
  const nulls = alterations.filter(({ operation, value }) => operationName(operation) !== 'DELETE' && value === null);
  if (nulls.length > 0) return refused('INVALID_REQUEST', `Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`);
  if (resourceType === configResource.brokerLogger && !change.replaces) {
    return alterLoggers(resourceName, alterations, validateOnly, context) ?? done;
  }
  return alterStored(change, validateOnly, context);
}

/** Where a resource's configuration is kept, and what the cluster has against a new one. */
interface Stored {
  readonly configs: Map<string, string>;
  definitionOf(name: string): ConfigDefinition | undefined;
  error(after: ReadonlyMap<string, string>): Changed | undefined;
}

function alterStored(change: AskedChange, validateOnly: boolean, context: HandlerContext): Changed {
  if (change.resourceType === configResource.broker) {
    const wrong = refusedByBroker(change, context);
    if (wrong !== undefined) return wrong;
  }
  const stored = storedOf(change, context);
  if (stored === undefined) return refused('INVALID_REQUEST', `Unknown resource type ${change.resourceType}`);
  const { alterations, replaces } = change;
  // The controller fails on an operation that it does not know.
  if (alterations.some(({ operation }) => operationName(operation) === undefined)) {
    return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
  }
  const lists =
    change.resourceType === configResource.topic ? topicConfigs : change.resourceType === configResource.broker ? brokerConfigs : new Map();
  const after = altered(replaces ? new Map() : stored.configs, alterations, lists, ({ name, operation }) => {
    return `Can't ${operationName(operation)} to key ${name} because its type is not LIST.`;
  });
  if (typeof after === 'string') return refused('INVALID_CONFIG', after);
  const wrong = minInSyncError(change, after, stored.configs) ?? sizeError(after) ?? stored.error(after);
  if (wrong !== undefined) return wrong;
  if (!validateOnly) {
    stored.configs.clear();
    for (const [name, value] of after) {
      const definition = stored.definitionOf(name);
      stored.configs.set(name, definition === undefined ? value : normalized(value, definition.type));
    }
  }
  return done;
}

/** What the broker that was asked finds wrong, before the controller hears of it. */
function refusedByBroker({ resourceName, alterations, replaces }: AskedChange, context: HandlerContext): Changed | undefined {
  const { state, brokerId } = context;
  if (resourceName !== '') {
    const wrong = brokerNameError(resourceName, brokerId);
    if (wrong !== undefined) return refused('INVALID_REQUEST', wrong);
  }
  const unknown = alterations.find(({ operation }) => operationName(operation) === undefined);
  if (unknown !== undefined) return refused('INVALID_REQUEST', `Unknown operations type ${unknown.operation}`);
  const before = replaces ? new Map<string, string>() : state.configs.dynamic.of('broker', resourceName);
  const after = altered(before, alterations, brokerConfigs, ({ name, operation }) =>
    brokerConfigs.has(name)
      ? `Config value ${operationName(operation)!.toLowerCase()} is not allowed for config key: ${name}`
      : `Unknown config name: ${name}`,
  );
  if (typeof after === 'string') return refused('INVALID_CONFIG', after);
  const wrong = brokerConfigError(after, configsOfBroker(context), resourceName !== '');
  return wrong === undefined ? undefined : refused('INVALID_REQUEST', wrong);
}

/** Only the broker itself takes its own configuration. */
function brokerNameError(name: string, brokerId: number): string | undefined {
  if (!/^[+-]?\d+$/.test(name)) return `Node id must be an integer, but it is: ${name}`;
  return Number(name) === brokerId ? undefined : `Unexpected broker id, expected ${brokerId}, but received ${name}`;
}

function storedOf({ resourceType, resourceName }: AskedChange, { state }: HandlerContext): Stored | undefined {
  const { dynamic } = state.configs;
  switch (resourceType) {
    case configResource.topic: {
      const topic = state.topics.get(resourceName);
      return {
        configs: topic?.configs ?? new Map(),
        definitionOf: (name) => topicConfigs.get(name),
        error: (after) => {
          if (resourceName === '') return refused('INVALID_REQUEST', 'Default topic resources are not allowed.');
          const invalid = invalidTopicName(resourceName);
          if (invalid !== undefined) return refused('INVALID_TOPIC_EXCEPTION', invalid);
          const wrong = topicConfigError(after, state.configs);
          if (wrong !== undefined) return refused('INVALID_CONFIG', wrong);
          return topic === undefined ? refused('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`) : undefined;
        },
      };
    }
    case configResource.broker:
      return { configs: dynamic.of('broker', resourceName), definitionOf: brokerConfigOf, error: () => undefined };
    case configResource.clientMetrics:
      return {
        configs: dynamic.of('clientMetrics', resourceName),
        definitionOf: () => undefined,
        error: (after) => {
          const wrong = clientMetricsConfigError(resourceName, after);
          return wrong && refused(...wrong);
        },
      };
    case configResource.group:
      return {
        configs: dynamic.of('group', resourceName),
        definitionOf: (name) => groupConfigDefinitions.get(name),
        error: (after) => {
          if (resourceName === '') return refused('INVALID_REQUEST', 'Default group resources are not allowed.');
          const wrong = groupConfigError(after, state.configs);
          return wrong === undefined ? undefined : refused('INVALID_CONFIG', wrong);
        },
      };
    default:
      return undefined;
  }
}

/** Where eligible leader replicas are on (KIP-966), this one is the whole cluster's, and always set. */
function minInSyncError(
  { resourceType, resourceName, alterations }: AskedChange,
  after: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Changed | undefined {
  const name = 'min.insync.replicas';
  if (resourceType !== configResource.broker) return undefined;
  if (resourceName !== '' && alterations.some((alteration) => alteration.name === name)) {
    return refused('INVALID_CONFIG', `Broker-level ${name} cannot be altered while ELR is enabled.`);
  }
  if (resourceName !== '' || !before.has(name) || after.has(name)) return undefined;
  return refused('INVALID_CONFIG', `Cluster-level ${name} cannot be removed while ELR is enabled.`);
}

function sizeError(after: ReadonlyMap<string, string>): Changed | undefined {
  if ([...after.values()].every(({ length }) => length <= longestValue)) return undefined;
  return refused(
    'INVALID_CONFIG',
    `The configuration value cannot be added because it exceeds the maximum value size of ${longestValue} bytes.`,
  );
}

function refused(error: ErrorName, errorMessage: string): Changed {
  return { errorCode: errorCodes[error], errorMessage };
}
