import type { ConfigDefinitions } from './config-definition.ts';
import { firstValueError, listOf } from './config-values.ts';
import { definitions } from './generated/definitions.ts';

/** The configuration of a subscription to clients' metrics (KIP-714). */
export const clientMetricsConfigs: ConfigDefinitions = new Map(Object.entries(definitions.clientMetrics));

const selectors = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
]);

export type Refusal = readonly [error: 'INVALID_REQUEST' | 'INVALID_CONFIG', message: string];

/** Why Kafka refuses the configuration of a subscription, in its words; undefined when it does not. */
export function clientMetricsConfigError(name: string, configs: ReadonlyMap<string, string>): Refusal | undefined {
  if (name === '') return ['INVALID_REQUEST', "Subscription name can't be empty"];
  const unknown = [...configs.keys()].find((config) => !clientMetricsConfigs.has(config));
  if (unknown !== undefined) return ['INVALID_REQUEST', `Unknown client metrics configuration: ${unknown}`];
  const wrong = firstValueError(configs, clientMetricsConfigs);
  if (wrong !== undefined) return ['INVALID_CONFIG', wrong];
  const interval = configs.get('interval.ms');
  if (interval !== undefined && (Number(interval) < 100 || Number(interval) > 3_600_000)) {
    const text = `Invalid value ${Number(interval)} for interval.ms, interval must be between 100 and 3600000 (1 hour)`;
    return ['INVALID_REQUEST', text];
  }
  for (const pattern of listOf(configs.get('match') ?? '')) {
    if (readPattern(pattern) === undefined) return ['INVALID_CONFIG', `Illegal client matching pattern: ${pattern}`];
  }
  return undefined;
}

/** Reads `client_id=app-.*`; undefined when it is no pattern. */
export function readPattern(pattern: string): { readonly selector: string; readonly pattern: RegExp } | undefined {
  const [selector, text, ...more] = pattern.split('=').map((part) => part.trim());
  if (text === undefined || text === '' || more.length > 0 || !selectors.has(selector!)) return undefined;
  try {
    return { selector: selector!, pattern: new RegExp(`^(?:${text})$`) };
  } catch {
    return undefined;
  }
}
