import { apis } from '@tskafka/core/protocol';
import type { Api } from '@tskafka/core/protocol';
import { broker } from './broker.ts';

const wire = await broker.wire();
const { apiKeys } = await wire.send(apis.apiVersions, 0, {});
wire.close();

/** Every version of this request that both the broker and the codec know, oldest first. */
export function versionsOf(api: Pick<Api, 'key' | 'name' | 'minVersion' | 'maxVersion'>): number[] {
  const range = apiKeys.find(({ apiKey }) => apiKey === api.key);
  if (range === undefined) throw new Error(`the broker does not know ${api.name}`);
  const first = Math.max(range.minVersion, api.minVersion);
  const last = Math.min(range.maxVersion, api.maxVersion);
  if (first > last) throw new Error(`${api.name}: no version in common, ${range.minVersion}-${range.maxVersion} on the broker`);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
