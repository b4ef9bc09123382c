import type { ConfigDefinition, ConfigDefinitions } from './config-definition.ts';
import { definitions } from './generated/definitions.ts';

/** The configurations of a broker's properties file. */
export const brokerConfigs: ConfigDefinitions = new Map(Object.entries(definitions.broker));

const quotas = new Map(Object.entries(definitions.brokerQuota));

/** What is known of a broker's configuration, be it one that can only be set while the broker runs, or one for a listener. */
export function brokerConfigOf(name: string): ConfigDefinition | undefined {
  const base = baseName(name);
  return brokerConfigs.get(base) ?? quotas.get(base) ?? brokerConfigs.get([...perMechanism].find((config) => base.endsWith(config)) ?? '');
}

/** Those that a listener may have by mechanism: `listener.name.<listener>.<mechanism>.<name>`. */
const perMechanism = new Set([
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.login.class',
  'sasl.server.callback.handler.class',
  'connections.max.reauth.ms',
]);

/** The name without the prefix `listener.name.<listener>.` */
export function baseName(name: string): string {
  return /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1] ?? name;
}

/** What may change only for one listener at a time, so only with the prefix. */
export const listenerSecurityConfigs: ReadonlySet<string> = new Set([
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.key.password',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.truststore.certificates',
]);

/** Listener configurations that may be set for all brokers at once. */
export const clusterListenerConfigs: ReadonlySet<string> = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
]);
