/** The kinds of what a quota can be set for. */
export const entityTypes = ['user', 'client-id', 'ip'] as const;
export type EntityType = (typeof entityTypes)[number];

/** What a quota is set for: names by type; null is the default of that type. */
export type QuotaEntity = ReadonlyMap<string, string | null>;

export function entityKey(entity: QuotaEntity): string {
  return JSON.stringify([...entity].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As Kafka's messages have it: `ClientQuotaEntity(entries={user=alice})`. */
export function entityText(entity: QuotaEntity): string {
  return `ClientQuotaEntity(entries={${[...entity].map(([type, name]) => `${type}=${name}`).join(', ')}})`;
}
