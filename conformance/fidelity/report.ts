import { apis } from '@tskafka/core/protocol';
import type { Comparison, Sides } from './compare.ts';
import { knownDifferenceOf, knownDifferences } from './known-differences.ts';
import { reasonsOfSkipped } from './skipped.ts';

/** What the comparison found out about one version of one API. */
export interface VersionReport {
  readonly offered: boolean;
  /** How many requests both sides were given. */
  readonly compared: number;
  /** Why answers differ. */
  readonly differs: readonly string[];
}

export interface ApiReport {
  readonly api: string;
  readonly key: number;
  /** Why the mock leaves it out; undefined for one that it offers. */
  readonly skipped?: string;
  readonly versions: Readonly<Record<string, VersionReport>>;
}

export interface Report {
  readonly nodes: number;
  readonly apis: readonly ApiReport[];
}

/** Puts together what all scenarios on so many nodes have shown: every API and version that a real Kafka offers has a place. */
export function reportOf(nodes: number, sides: Sides, comparisons: readonly Comparison[]): Report {
  const skipped = reasonsOfSkipped();
  const rows = [...sides.kafka.ranges.values()].sort((a, b) => a.apiKey - b.apiKey);
  const byKey = new Map(apis.all.map((api) => [api.key, api]));
  return {
    nodes,
    apis: rows.map(({ apiKey, minVersion, maxVersion }) => {
      const name = byKey.get(apiKey)?.name ?? `API ${apiKey}`;
      const versions: Record<string, VersionReport> = {};
      for (let version = minVersion; version <= maxVersion; version++) {
        const isThis = (part: { readonly api: string; readonly version: number }): boolean => part.api === name && part.version === version;
        const differences = comparisons.flatMap((comparison) => comparison.differences).filter(isThis);
        versions[version] = {
          offered: sides.mock.offers(apiKey, version),
          compared: comparisons.flatMap(({ compared }) => compared).filter(isThis).length,
          differs: [...new Set(differences.map((difference) => knownDifferenceOf(difference)?.reason ?? 'NOT LISTED'))].sort(),
        };
      }
      const reason = sides.mock.ranges.has(apiKey) ? undefined : skipped(name);
      return { api: name, key: apiKey, ...(reason !== undefined && { skipped: reason }), versions };
    }),
  };
}

/** Entries of the list of known differences that concern the scenarios which ran, and that no comparison has met. */
export function vanished(comparisons: readonly Comparison[], scenarios: readonly string[]): string[] {
  const met = new Set(comparisons.flatMap(({ differences }) => differences.map(knownDifferenceOf)));
  const ran = new Set(scenarios);
  return knownDifferences
    .filter((known) => ran.has(known.scenario) && !met.has(known))
    .map(({ api, path, reason }) => `${api} ${path}: ${reason}`);
}
