import type { BrokerConfigs } from './configs.ts';
import { firstValueError } from './config-values.ts';
import { boundsOf, groupConfigDefinitions } from './group-configs.ts';

/** In the order in which Kafka looks at them. */
const bounded = [
  'consumer.heartbeat.interval.ms',
  'consumer.session.timeout.ms',
  'consumer.assignment.interval.ms',
  'share.heartbeat.interval.ms',
  'share.session.timeout.ms',
  'share.record.lock.duration.ms',
  'share.delivery.count.limit',
  'share.partition.max.record.locks',
  'share.assignment.interval.ms',
  'streams.heartbeat.interval.ms',
  'streams.session.timeout.ms',
  'streams.num.standby.replicas',
  'streams.assignment.interval.ms',
];

/** Why Kafka refuses the configuration of a group, beside what the brokers have; undefined when it does not. */
export function groupConfigError(configs: ReadonlyMap<string, string>, broker: BrokerConfigs): string | undefined {
  const unknown = [...configs.keys()].find((name) => !groupConfigDefinitions.has(name));
  if (unknown !== undefined) return `Unknown group config name: ${unknown}`;
  const wrong = firstValueError(configs, groupConfigDefinitions);
  if (wrong !== undefined) return wrong;
  const valueOf = (name: string): number => Number(configs.get(name) ?? broker.value(groupConfigDefinitions.get(name)!.brokerConfig!));
  for (const name of bounded) {
    // The brokers' own intervals of assignment need not be within the bounds.
    if (name.includes('.assignment.') && !configs.has(name)) continue;
    const [min, max] = boundsOf(name);
    if (min !== undefined && valueOf(name) < broker.number(min)) return `${name} must be greater than or equal to ${min}`;
    if (max !== undefined && valueOf(name) > broker.number(max)) return `${name} must be less than or equal to ${max}`;
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`];
    if (valueOf(session) <= valueOf(heartbeat)) return `${session} must be greater than ${heartbeat}`;
  }
  return undefined;
}
