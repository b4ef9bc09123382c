import { isIP } from 'node:net';
import type { QuotaEntity } from './quota-entity.ts';

const most = { long: 2 ** 63, int: 2 ** 31 - 1, double: Infinity } as const;

/** What can be limited, and with which type of number. */
const userAndClient: ReadonlyMap<string, keyof typeof most> = new Map([
  ['producer_byte_rate', 'long'],
  ['consumer_byte_rate', 'long'],
  ['request_percentage', 'double'],
  ['controller_mutation_rate', 'double'],
]);
const ip: ReadonlyMap<string, keyof typeof most> = new Map([['connection_creation_rate', 'int']]);

/** Why no quota can be set for this entity, in Kafka's words; undefined when it can. */
export function entityError(entity: QuotaEntity): string | undefined {
  if (entity.size === 0) return 'Invalid empty client quota entity';
  for (const [type, name] of entity) {
    if (type !== 'user' && type !== 'client-id' && type !== 'ip') return `Unhandled client quota entity type: ${type}`;
    if (name === '') return `Empty ${type} not supported`;
  }
  if (!entity.has('ip')) return undefined;
  // Kafka's text has no space there.
  if (entity.size > 1) return 'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId';
  const address = entity.get('ip');
  if (address === null || address === undefined || address === 'localhost' || isIP(address) !== 0) return undefined;
  return `${address} is not a valid IP or resolvable host.`;
}

/** Why this quota cannot be set, in Kafka's words; undefined when it can. */
export function quotaError(entity: QuotaEntity, key: string, value: number): string | undefined {
  const type = (entity.has('ip') ? ip : userAndClient).get(key);
  if (type === undefined) return `Invalid configuration key ${key}`;
  if (value <= 0) return `Quota ${key} must be greater than 0`;
  if (type === 'double') return undefined;
  if (value > most[type]) return `Proposed value for ${key} is too large for ${type === 'int' ? 'an INT' : 'a LONG'}.`;
  return Math.abs(value % 1) > 1e-6 ? `${key} cannot be a fractional value.` : undefined;
}
