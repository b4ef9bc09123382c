import type { AppliedQuota } from './quota-for.ts';
import type { QuotaKey } from './client-quotas.ts';
import { QuotaRate } from './quota-rate.ts';

/** What clients have used of a broker, by who shares a quota. */
export class Usage {
  readonly #rates = new Map<string, QuotaRate>();

  of(key: QuotaKey | 'connection_creation_rate', { user, clientId }: Pick<AppliedQuota, 'user' | 'clientId'>): QuotaRate {
    const id = JSON.stringify([key, user, clientId]);
    let rate = this.#rates.get(id);
    if (rate === undefined) this.#rates.set(id, (rate = new QuotaRate()));
    return rate;
  }
}
