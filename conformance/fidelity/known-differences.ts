import type { Difference } from './differences.ts';

/** A difference that is known, and stays for the reason that is given. */
export interface KnownDifference {
  readonly api: string;
  /** The place, as the comparison prints it. */
  readonly path: string;
  /** The title of the scenario in which it appears. */
  readonly scenario: string;
  readonly reason: string;
}

const creation = 'The mock has created the topic before it answers; Kafka answers first.';
const offered = 'The mock names what it offers; what it leaves out has its own line here.';

/** All of them. One that no longer appears must go: the comparison fails until it does. */
export const knownDifferences: readonly KnownDifference[] = [
  ...['errorCode', 'partitions[]', 'topicId'].map((field) => ({
    api: 'Metadata',
    path: `topics[].${field}`,
    scenario: 'an unknown topic comes into being',
    reason: creation,
  })),
  ...['apiKeys[]', 'supportedFeatures[]', 'finalizedFeatures[]'].map((path) => ({
    api: 'ApiVersions',
    path,
    scenario: 'what is offered',
    reason: offered,
  })),
];

export function knownDifferenceOf({ api, path, scenario }: Difference): KnownDifference | undefined {
  return knownDifferences.find((known) => known.api === api && known.path === path && known.scenario === scenario);
}
