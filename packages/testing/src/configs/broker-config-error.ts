import { baseName, brokerConfigOf, brokerConfigs, clusterListenerConfigs, listenerSecurityConfigs } from './broker-configs.ts';
import type { BrokerConfigs } from './configs.ts';
import { listOf, valueError } from './config-values.ts';
import { connectionOverridesError } from './connection-overrides-error.ts';

/** Threads whose number may at most be halved or doubled at a time. */
const threads = [
  'background.threads',
  'num.io.threads',
  'num.network.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.fetchers',
];

const perIp = 'max.connections.per.ip.overrides';
const refused = 'Invalid value org.apache.kafka.common.config.ConfigException:';
const because = ' for configuration Invalid dynamic configuration';

/** The classes for metrics that a broker has without anybody's having put them there. */
const reporters = ['org.apache.kafka.common.metrics.JmxReporter', 'org.apache.kafka.tools.PushHttpMetricsReporter'];

/** The same for all that takes a class. A broker looks no further than whether there is one of that name. */
const classes = [
  ...reporters,
  'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
  'org.apache.kafka.common.security.ssl.DefaultSslEngineFactory',
];

/**
 * Why a broker refuses to be configured like this while it runs, in its words; undefined when it does not.
 *
 * @param configs All that would be set so, for one broker or (`ofOne` false) for all.
 * @param current What the broker has now.
 */
export function brokerConfigError(configs: ReadonlyMap<string, string>, current: BrokerConfigs, ofOne: boolean): string | undefined {
  const names = [...configs.keys()];
  const among = (text: string, refused: readonly string[]): string | undefined =>
    refused.length === 0 ? undefined : `${text}: [${refused.join(', ')}]`;
  return (
    among(
      'Cannot update these configs dynamically',
      names.filter((name) => brokerConfigs.get(name)?.update === 'read-only'),
    ) ??
    among(
      'These security configs can be dynamically updated only per-listener using the listener prefix',
      names.filter((name) => listenerSecurityConfigs.has(name)),
    ) ??
    valuesError(configs) ??
    connectionOverridesError(perIp, configs.get(perIp) ?? '') ??
    (ofOne
      ? undefined
      : among('Cannot update these configs at default cluster level, broker id must be specified', names.filter(isOfOneBroker))) ??
    reconfigurationError(configs, current)
  );
}

function isOfOneBroker(name: string): boolean {
  if (name !== baseName(name)) return !clusterListenerConfigs.has(baseName(name));
  return brokerConfigs.get(name)?.update === 'per-broker';
}

function valuesError(configs: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of configs) {
    const definition = brokerConfigOf(name);
    const wrong = definition && valueError(baseName(name), value, definition);
    if (wrong !== undefined) return wrong;
    if (definition?.type === 'class' && !classes.includes(value.trim()))
      return `Invalid value ${value} for configuration ${baseName(name)}: Class ${value} could not be found.`;
  }
  return undefined;
}

function reconfigurationError(configs: ReadonlyMap<string, string>, current: BrokerConfigs): string | undefined {
  const cordoned = listOf(configs.get('cordoned.log.dirs') ?? '');
  const logDirs = listOf(current.value('log.dirs') ?? '');
  const missing = cordoned.filter((dir) => dir !== '*' && !logDirs.includes(dir));
  if (missing.length > 0) {
    const text = 'All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ';
    return `requirement failed: ${text}${missing.join(', ')}`;
  }
  if (!listOf(configs.get('metric.reporters') ?? '').every((name) => reporters.includes(name))) {
    return `${refused} Validation of dynamic config update of Set(metric.reporters) failed with class class kafka.server.DynamicMetricsReporters${because}`;
  }
  const reason = threads.map((name) => threadsError(name, configs.get(name), current.number(name))).find((text) => text !== undefined);
  if (reason !== undefined) {
    return `${refused} ${reason}${because}`;
  }
  return undefined;
}

function threadsError(name: string, text: string | undefined, before: number): string | undefined {
  const value = Number(text ?? before);
  const failed = `Dynamic thread count update validation failed for ${name}=${value}, value should`;
  if (value < Math.trunc(before / 2)) return `${failed} be at least half the current value ${before}`;
  return value > before * 2 ? `${failed} not be greater than double the current value ${before}` : undefined;
}
