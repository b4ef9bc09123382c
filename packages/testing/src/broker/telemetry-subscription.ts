import { readPattern } from '../configs/client-metrics-configs.ts';
import { listOf } from '../configs/config-values.ts';
import type { Subscription, SubscriptionConfigs } from './telemetry.ts';

/** What a subscription can tell clients apart by. */
export interface ClientTraits {
  readonly client_instance_id: string;
  readonly client_id: string;
  readonly client_software_name: string;
  readonly client_software_version: string;
  readonly client_source_address: string;
  readonly client_source_port: string;
}

const defaultIntervalMs = 300_000;
const allMetrics = '*';

/** What all subscriptions that fit a client make together. */
export function subscriptionFor(traits: ClientTraits, configs: SubscriptionConfigs): Subscription {
  const fitting = configs.map(([, values]) => values).filter((values) => fits(traits, listOf(values.get('match') ?? '')));
  const all = [...new Set(fitting.flatMap((values) => listOf(values.get('metrics') ?? '')))];
  const metrics = all.includes(allMetrics) ? [allMetrics] : all;
  const pushIntervalMs = Math.min(defaultIntervalMs, ...fitting.map((values) => Number(values.get('interval.ms') ?? defaultIntervalMs)));
  return { id: hashOf(`${metrics.join()} ${pushIntervalMs} ${traits.client_instance_id}`), pushIntervalMs, metrics };
}

function fits(traits: ClientTraits, patterns: readonly string[]): boolean {
  return patterns.every((text) => {
    const { selector, pattern } = readPattern(text)!;
    return pattern.test(traits[selector as keyof ClientTraits]);
  });
}

/** Another number for another subscription or client. */
function hashOf(text: string): number {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) | 0;
  return hash;
}
