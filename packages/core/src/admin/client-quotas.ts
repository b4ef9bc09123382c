import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { alterClientQuotas as alterClientQuotasApi } from '../protocol/apis/alter-client-quotas.ts';
import { describeClientQuotas as describeClientQuotasApi } from '../protocol/apis/describe-client-quotas.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { itemsAtController } from './at-controller.ts';
import { checkList, checkName, checkTwins } from './items.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** Kafka's names of the kinds of client, by ours. */
const kinds = { user: 'user', clientId: 'client-id', ip: 'ip' } as const;
type Kind = keyof typeof kinds;

/**
 * Whom a quota is for: a user, a client id, both together, or an address. `null` is the default one: all that have no quota of their own.
 * Java: ClientQuotaEntity.
 */
export interface QuotaEntity {
  readonly user?: string | null;
  readonly clientId?: string | null;
  readonly ip?: string | null;
}

/**
 * What an entity may use of each broker: `producer_byte_rate` and `consumer_byte_rate` in bytes a second, `request_percentage` in percent
 * of one thread (KIP-124), `connection_creation_rate` in connections a second (KIP-612); and of the cluster `controller_mutation_rate`, in
 * partitions created or deleted a second (KIP-599).
 */
export interface ClientQuota {
  readonly entity: QuotaEntity;
  readonly limits: Readonly<Record<string, number>>;
}

/** Limits to set, by Kafka's names (see ClientQuota); `null` takes one away. Java: ClientQuotaAlteration. */
export interface QuotaChange {
  readonly entity: QuotaEntity;
  readonly limits: Readonly<Record<string, number | null>>;
}

/** Which entities: a name, `null` for the default one, `true` for every one that has something there. Java: ClientQuotaFilter. */
export interface QuotaFilter {
  readonly user?: string | null | true;
  readonly clientId?: string | null | true;
  readonly ip?: string | null | true;
  /** Leave out entities that have more than the filter names: `{ user: true, strict: true }` gives none for a user with a client id. Default false. */
  readonly strict?: boolean;
}

/**
 * The quotas of the entities that the filter picks; without one of all (KIP-546). Java: Admin.describeClientQuotas.
 * Rejects with TypeError for a bad filter, and BrokerError CLUSTER_AUTHORIZATION_FAILED.
 */
export async function describeClientQuotas(
  client: KafkaClient,
  { strict = false, ...filter }: QuotaFilter = {},
  options: AdminOptions = {},
): Promise<ClientQuota[]> {
  const cluster = clusterOf('describeClientQuotas', client);
  const entries = partsOf(filter, (value) => value === true || value === null || typeof value === 'string');
  const components = entries.map(([kind, match]) => ({
    entityType: kinds[kind],
    matchType: match === true ? 2 : match === null ? 1 : 0,
    match: typeof match === 'string' ? match : null,
  }));
  return atAny(
    cluster,
    async (connection, signal) => {
      const answer = await connection.send(describeClientQuotasApi, { components, strict }, { signal });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, 'quotas', { detail: answer.errorMessage });
      return (answer.entries ?? []).map(({ entity, values }) => ({
        entity: Object.fromEntries(entity.map(({ entityType, entityName }) => [kindOf(entityType), entityName])),
        limits: Object.fromEntries(values.map(({ key, value }) => [key, value])),
      }));
    },
    limitsOf(cluster, 'describeClientQuotas', options),
  );
}

/** Options of `alterClientQuotas`. */
export interface AlterClientQuotasOptions extends AdminOptions {
  /** Only check the change, without making it. Default false. */
  readonly validateOnly?: boolean;
}

/**
 * Sets and removes limits. The result has an entry for each change; one that failed does not stop the others. Java: Admin.alterClientQuotas.
 *
 * An entry is a BrokerError: INVALID_REQUEST for a limit or an entity that cannot be, CLUSTER_AUTHORIZATION_FAILED. Rejects with TypeError
 * for a bad change.
 */
export async function alterClientQuotas(
  client: KafkaClient,
  changes: readonly QuotaChange[],
  { validateOnly = false, ...options }: AlterClientQuotasOptions = {},
): Promise<Results<QuotaChange>> {
  const cluster = clusterOf('alterClientQuotas', client);
  checkList('changes', changes, checkChange);
  checkTwins(changes, ({ entity }) => nameOf(written(entity)));
  const limits = limitsOf(cluster, 'alterClientQuotas', options);
  return itemsAtController(
    cluster,
    changes,
    async (connection, open, signal) => {
      const entries = open.map((change) => ({
        entity: written(change.entity),
        ops: Object.entries(change.limits).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
      }));
      const answer = await connection.send(alterClientQuotasApi, { entries, validateOnly }, { signal });
      const named = answer.entries.map((entry) => [nameOf(entry.entity), entry] as const);
      return matchAnswers(
        open,
        ({ entity }) => nameOf(written(entity)),
        named,
        ({ errorCode, errorMessage, entity }) =>
          errorCode === 0 ? undefined : brokerError(errorCode, nameOf(entity), { detail: errorMessage }),
      );
    },
    limits,
  );
}

function checkChange({ entity, limits }: QuotaChange): void {
  if (partsOf(entity, (value) => value === null || (typeof value === 'string' && value !== '')).length === 0)
    throw new TypeError('a quota must be for a user, a clientId or an ip');
  for (const [key, value] of Object.entries(limits)) {
    checkName('a limit', key);
    if (value !== null && !Number.isFinite(value))
      throw new TypeError(`${key} must be a number, or null to remove it, not ${String(value)}`);
  }
}

function partsOf<Value>(entity: Readonly<Partial<Record<Kind, Value>>>, isGood: (value: Value) => boolean): [Kind, Value][] {
  if (typeof entity !== 'object' || entity === null)
    throw new TypeError('the entity of a quota must be an object, such as { user: "alice" }');
  const parts = Object.entries(entity).filter(([, value]) => value !== undefined) as [Kind, Value][];
  for (const [kind, value] of parts) {
    if (!(kind in kinds)) throw new TypeError(`a quota is for a user, a clientId or an ip, not for '${kind}'`);
    if (!isGood(value)) throw new TypeError(`the ${kind} of a quota must be a name, or null for the default one, not ${shown(value)}`);
  }
  return parts;
}

interface EntityPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

function written(entity: QuotaEntity): EntityPart[] {
  return partsOf(entity, () => true).map(([kind, name]) => ({ entityType: kinds[kind], entityName: name ?? null }));
}

/** One that this version has no name for keeps Kafka's. */
function kindOf(entityType: string): string {
  return (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind] === entityType) ?? entityType;
}

function nameOf(entity: readonly EntityPart[]): string {
  const parts = entity.map(({ entityType, entityName }) => `${entityType} ${entityName === null ? '(default)' : `'${entityName}'`}`);
  return `the quota of ${parts.sort().join(', ')}`;
}
