import { entityKey, type QuotaEntity } from './quota-entity.ts';
import { type AppliedQuota, quotaFor } from './quota-for.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a client's use is limited by. */
export type QuotaKey = 'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage' | 'controller_mutation_rate';

interface Quotas {
  readonly entity: QuotaEntity;
  readonly values: Map<string, number>;
}

/** The quotas that were set in a cluster, and what its controller counts. Bytes and requests are counted by each broker. */
export class ClientQuotas {
  readonly #quotas = new Map<string, Quotas>();
  readonly #buckets = new Map<string, TokenBucket>();

  get isEmpty(): boolean {
    return this.#quotas.size === 0;
  }

  get all(): readonly { readonly entity: QuotaEntity; readonly values: ReadonlyMap<string, number> }[] {
    return [...this.#quotas.values()];
  }

  set(entity: QuotaEntity, key: string, value: number): void {
    const id = entityKey(entity);
    const quotas = this.#quotas.get(id) ?? { entity, values: new Map<string, number>() };
    quotas.values.set(key, value);
    this.#quotas.set(id, quotas);
  }

  remove(entity: QuotaEntity, key: string): void {
    const id = entityKey(entity);
    const values = this.#quotas.get(id)?.values;
    values?.delete(key);
    if (values?.size === 0) this.#quotas.delete(id);
  }

  /** The quota that holds for a client; undefined for none. */
  of(key: QuotaKey, user: string, clientId: string): AppliedQuota | undefined {
    if (this.isEmpty) return undefined;
    return quotaFor((entity) => this.#limit(entity, key), user, clientId);
  }

  /** How many connections an address may make each second; undefined for any number. */
  connectionRate(ip: string): number | undefined {
    if (this.isEmpty) return undefined;
    const key = 'connection_creation_rate';
    return this.#limit(new Map([['ip', ip]]), key) ?? this.#limit(new Map([['ip', null]]), key);
  }

  /** The partitions that those who share a quota may still create or delete. */
  mutations({ user, clientId }: AppliedQuota): TokenBucket {
    const key = JSON.stringify([user, clientId]);
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, (bucket = new TokenBucket()));
    return bucket;
  }

  #limit(entity: QuotaEntity, key: string): number | undefined {
    return this.#quotas.get(entityKey(entity))?.values.get(key);
  }
}
