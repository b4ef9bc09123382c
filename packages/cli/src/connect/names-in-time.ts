import { type KafkaClient, listGroups } from '@tskafka/core';

/** So long names may take that are only for a hint. */
const patienceMs = 500;

/** The names of what else there is, or none where they do not come within half a second. */
export async function namesInTime(client: KafkaClient | undefined, of: 'topics' | 'groups', but: string): Promise<string[]> {
  if (client === undefined) return [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const names =
      of === 'topics' ? await client.topics({ signal }) : (await listGroups(client, { signal })).groups.map(({ group }) => group);
    // One that was made or deleted just now may be known to some brokers.
    return names.filter((name) => name !== but);
  } catch {
    return [];
  }
}
