import { describe, expect, it } from 'vitest';
import { entityKey, type QuotaEntity } from './quota-entity.ts';
import { quotaFor } from './quota-for.ts';

const entity = (parts: Record<string, string | null>): QuotaEntity => new Map(Object.entries(parts));

/** The levels, the strongest first, with who shares the quota. */
const levels = [
  [{ user: 'alice', 'client-id': 'app' }, 'alice', 'app'],
  [{ user: 'alice', 'client-id': null }, 'alice', 'app'],
  [{ user: 'alice' }, 'alice', undefined],
  [{ user: null, 'client-id': 'app' }, 'alice', 'app'],
  [{ user: null, 'client-id': null }, 'alice', 'app'],
  [{ user: null }, 'alice', undefined],
  [{ 'client-id': 'app' }, undefined, 'app'],
  [{ 'client-id': null }, undefined, 'app'],
] as const;

describe('quotaFor', () => {
  it.each(levels.map((level, i) => [JSON.stringify(level[0]), i] as const))('%s wins over all that follow', (_, place) => {
    const set = new Map(levels.slice(place).map(([parts], i) => [entityKey(entity(parts)), place + i]));
    const [, user, clientId] = levels[place]!;
    expect(quotaFor((asked) => set.get(entityKey(asked)), 'alice', 'app')).toEqual({ limit: place, user, clientId });
  });

  it('others have none', () => {
    const others: Record<string, string | null>[] = [{ user: 'bob' }, { 'client-id': 'other' }, { user: 'bob', 'client-id': 'app' }];
    const set = new Set(others.map((parts) => entityKey(entity(parts))));
    expect(quotaFor((asked) => (set.has(entityKey(asked)) ? 1 : undefined), 'alice', 'app')).toBeUndefined();
  });
});
