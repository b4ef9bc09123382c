import type { HandlerContext } from '../handler.ts';
import { brokerConfigOf, brokerConfigs } from './broker-configs.ts';
import { type BrokerConfigs, configSource, type ConfigSynonym } from './configs.ts';
import { configsOfBroker } from './configs-of-broker.ts';
import { type Described, type DescribedConfig, found, notFound, typeNumber } from './described.ts';

/** The configuration of the broker that is asked, or what was set for all brokers while they ran. */
export function describeBroker(name: string, context: HandlerContext): Described {
  const { state, brokerId } = context;
  if (name === '') {
    const forAll = [...state.configs.dynamic.of('broker', '')];
    const ofAll = ({ source }: ConfigSynonym): boolean => source === configSource.dynamicDefaultBroker;
    return found(forAll.map(([config, value]) => describeOne(config, value, state.configs.synonymsOf(config).filter(ofAll))));
  }
  const wrong = brokerIdError(name, brokerId, 'or empty string, but');
  if (wrong !== undefined) return notFound('INVALID_REQUEST', wrong);
  const configs = configsOfBroker(context);
  return found([...describedNames(configs)].map((config) => describeOne(config, configs.value(config), configs.synonymsOf(config))));
}

/** The levels of the loggers of the broker that is asked. */
export function describeLoggers(name: string, { state, brokerId }: HandlerContext): Described {
  if (name === '') return notFound('INVALID_REQUEST', 'Broker id must not be empty');
  const wrong = brokerIdError(name, brokerId, 'but');
  if (wrong !== undefined) return notFound('INVALID_REQUEST', wrong);
  const loggers = [...state.configs.dynamic.loggers(brokerId)];
  return found(
    loggers.map(([logger, value]) => ({
      name: logger,
      value,
      readOnly: false,
      configSource: configSource.brokerLogger,
      isSensitive: false,
      synonyms: [],
      configType: 0,
    })),
  );
}

function brokerIdError(name: string, brokerId: number, or: string): string | undefined {
  if (!/^[+-]?\d+$/.test(name)) return `Broker id must be an integer, but it is: ${name}`;
  return Number(name) === brokerId ? undefined : `Unexpected broker id, expected ${brokerId} ${or} received ${name}`;
}

/** All that Kafka knows but what is its own business, and all that was set. */
function describedNames(configs: BrokerConfigs): Set<string> {
  const known = [...brokerConfigs].filter(([, { internal }]) => internal !== true).map(([name]) => name);
  return new Set([...configs.setNames, ...known]);
}

/** What is secret, or may be for all that Kafka knows, is not told. */
function describeOne(name: string, value: string | null, synonyms: readonly ConfigSynonym[]): DescribedConfig {
  const definition = brokerConfigOf(name);
  const isSensitive = definition === undefined || definition.type === 'password';
  return {
    name,
    value: isSensitive ? null : value,
    readOnly: (brokerConfigs.get(name)?.update ?? (definition === undefined ? 'read-only' : 'cluster-wide')) === 'read-only',
    configSource: synonyms[0]?.source ?? configSource.default,
    isSensitive,
    synonyms: isSensitive ? synonyms.map((synonym) => ({ ...synonym, value: null as unknown as string })) : synonyms,
    configType: typeNumber(definition?.type),
  };
}
