import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { incrementalAlterConfigs } from '../protocol/apis/incremental-alter-configs.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atConfigBrokers } from './at-config-brokers.ts';
import { checkResource, type ConfigResource, resourceName, typeCode } from './config-resource.ts';
import { checkList, checkName, checkText, checkTwins } from './items.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** Changes of the configurations of a resource; all others stay. */
export interface ConfigChange extends ConfigResource {
  /** New values, by name. */
  readonly set?: Readonly<Record<string, string>>;
  /** The names of those to reset to their defaults. */
  readonly delete?: readonly string[];
  /** Items to add to lists, by name: `{ 'cleanup.policy': 'delete' }`. */
  readonly append?: Readonly<Record<string, string>>;
  /** Items to remove from lists, by name. */
  readonly subtract?: Readonly<Record<string, string>>;
}

/** Options of `alterConfigs`. */
export interface AlterConfigsOptions extends AdminOptions {
  /** Only check the change, without making it. Default false. */
  readonly validateOnly?: boolean;
}

/** Kafka's numbers of what may be done. Java: AlterConfigOp.OpType. */
const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/**
 * Changes configurations of topics, brokers, loggers of brokers, metrics subscriptions and groups. Others stay unchanged (KIP-339).
 *
 * An entry is a BrokerError: INVALID_CONFIG when a value is not possible, INVALID_REQUEST when a configuration cannot be changed in this way,
 * UNKNOWN_TOPIC_OR_PARTITION, POLICY_VIOLATION, ..._AUTHORIZATION_FAILED; and another KafkaError when the broker in question cannot be reached.
 * Rejects with TypeError for a bad change: a resource twice, a configuration twice, nothing to change. Java: Admin.incrementalAlterConfigs.
 */
export async function alterConfigs(
  client: KafkaClient,
  changes: readonly ConfigChange[],
  options: AlterConfigsOptions = {},
): Promise<Results<ConfigChange>> {
  const cluster = clusterOf('alterConfigs', client);
  const limits = limitsOf(cluster, 'alterConfigs', options, ['validateOnly']);
  checkList('changes', changes, check);
  checkTwins(changes, resourceName);
  const validateOnly = options.validateOnly ?? false;
  return atConfigBrokers(
    cluster,
    changes,
    async (connection, open, signal) => {
      const resources = open.map((change) => ({
        resourceType: typeCode(change.type),
        resourceName: change.name,
        configs: operationsOf(change),
      }));
      const { responses } = await connection.send(incrementalAlterConfigs, { resources, validateOnly }, { signal });
      const answers = responses.map((answer) => [`${answer.resourceType}/${answer.resourceName}`, answer] as const);
      const keyOf = ({ type, name }: ConfigResource): string => `${typeCode(type)}/${name}`;
      return matchAnswers(open, keyOf, answers, ({ errorCode, errorMessage }, change) =>
        errorCode === 0 ? undefined : brokerError(errorCode, `configurations of ${resourceName(change)}`, { detail: errorMessage }),
      );
    },
    limits,
  );
}

interface Operation {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

function operationsOf({ set = {}, delete: names = [], append = {}, subtract = {} }: ConfigChange): Operation[] {
  const withValues = (values: Readonly<Record<string, string>>, configOperation: number): Operation[] =>
    Object.entries(values).map(([name, value]) => ({ name, configOperation, value }));
  return [
    ...withValues(set, operations.set),
    ...names.map((name) => ({ name, configOperation: operations.delete, value: null })),
    ...withValues(append, operations.append),
    ...withValues(subtract, operations.subtract),
  ];
}

function check(change: ConfigChange): void {
  checkResource(change);
  if (change.delete !== undefined) checkList('delete', change.delete);
  const wanted = operationsOf(change);
  if (wanted.length === 0) throw new TypeError(`nothing to change for ${resourceName(change)}: give set, delete, append or subtract`);
  for (const { name, value, configOperation } of wanted) {
    checkName("a configuration's name", name);
    if (configOperation !== operations.delete) checkText(`the value of ${name}`, value);
  }
  checkTwins(wanted, ({ name }) => `${name} of ${resourceName(change)}`);
}
