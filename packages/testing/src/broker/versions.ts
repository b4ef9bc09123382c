import type { ApiName } from '../api-name.ts';
import { type KafkaRelease, newestVersionIn } from './kafka-releases.ts';
import { handlers, handlersByKey } from '../handlers.ts';

/** The versions of one API that a broker offers. */
export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

const produceKey = 0;
/** GetTelemetrySubscriptions and PushTelemetry. */
const telemetryKeys = [71, 72];

/** What the mock can answer, as a broker of this release says it to clients. */
export function supportedRanges(release: KafkaRelease, telemetry: boolean): readonly ApiRange[] {
  let ranges = rangesOf.get(release);
  if (ranges === undefined) rangesOf.set(release, (ranges = computeRanges(release)));
  return telemetry ? ranges : ranges.filter(({ apiKey }) => !telemetryKeys.includes(apiKey));
}

/** Computed once for all clusters: they start and stop by the thousand. */
const rangesOf = new Map<KafkaRelease, readonly ApiRange[]>();

function computeRanges(release: KafkaRelease): ApiRange[] {
  return handlers
    .flatMap(({ api }) => {
      const newest = newestVersionIn(release, api.name as ApiName);
      if (newest === undefined || newest < api.minVersion) return [];
      const maxVersion = Math.min(newest, api.maxVersion);
      return [{ apiKey: api.key, minVersion: advertisedMinimum(api.key, api.minVersion), maxVersion }];
    })
    .sort((a, b) => a.apiKey - b.apiKey);
}

/**
 * Brokers of Kafka 4 say that they take Produce from version 0 on, though they take it from 3 on: released librdkafka
 * switches compression off where it sees another minimum (KAFKA-18659).
 */
function advertisedMinimum(apiKey: number, minVersion: number): number {
  return apiKey === produceKey ? 0 : minVersion;
}

/** The ranges, those of `narrower` in place of their own. */
export function narrowRanges(
  ranges: readonly ApiRange[],
  narrower: Partial<Record<ApiName, readonly [min: number, max: number] | null>>,
): ApiRange[] {
  return ranges.flatMap((range) => {
    const name = handlersByKey.get(range.apiKey)!.api.name as ApiName;
    const wanted = narrower[name];
    if (wanted === undefined) return [range];
    return wanted === null ? [] : [{ apiKey: range.apiKey, minVersion: wanted[0], maxVersion: wanted[1] }];
  });
}
