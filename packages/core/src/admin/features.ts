import { shown } from '../check-options.ts';
import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { apiVersions } from '../protocol/apis/api-versions.ts';
import { updateFeatures as updateFeaturesApi } from '../protocol/apis/update-features.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { version } from '../version.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { atBroker } from './at-brokers.ts';
import { atController } from './at-controller.ts';
import { checkBrokerId, checkList, checkName, checkTwins, checkWord } from './items.ts';
import { known } from './known.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

/** The levels of a feature, both included; also the versions of a request. Java: FinalizedVersionRange, SupportedVersionRange. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** The features of a cluster, and the levels that a broker supports (KIP-584). Java: FeatureMetadata. */
export interface FeatureMetadata {
  /** The levels in effect for the whole cluster, by feature: `group.version`, `metadata.version`, ... */
  readonly finalized: Map<string, FeatureRange>;
  /** Rises with every change of them; undefined if none is known. */
  readonly finalizedEpoch: number | undefined;
  /** The levels that the asked broker supports, by feature. */
  readonly supported: Map<string, FeatureRange>;
}

/** Options of `describeFeatures`. */
export interface DescribeFeaturesOptions extends AdminOptions {
  /** The broker whose supported levels to return. Default: any. */
  readonly broker?: number;
}

/**
 * Describes the features of the cluster, and the levels that a broker supports. Rejects with TypeError for a bad broker, and KafkaError
 * when it is not in the cluster. Java: Admin.describeFeatures.
 */
export async function describeFeatures(client: KafkaClient, options: DescribeFeaturesOptions = {}): Promise<FeatureMetadata> {
  const cluster = clusterOf('describeFeatures', client);
  const limits = limitsOf(cluster, 'describeFeatures', options, ['broker']);
  const { broker } = options;
  if (broker !== undefined) checkBrokerId(broker);
  const ask: Parameters<typeof atAny<FeatureMetadata>>[1] = async (connection, signal) => {
    const who = { clientSoftwareName: 'tskafka', clientSoftwareVersion: version };
    const answer = await connection.send(apiVersions, who, { minVersion: 3, signal });
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `features of ${connection.name}`);
    return {
      finalized: new Map(
        answer.finalizedFeatures.map((feature) => [feature.name, { min: feature.minVersionLevel, max: feature.maxVersionLevel }]),
      ),
      finalizedEpoch: known(answer.finalizedFeaturesEpoch),
      supported: new Map(answer.supportedFeatures.map((feature) => [feature.name, { min: feature.minVersion, max: feature.maxVersion }])),
    };
  };
  return broker === undefined ? atAny(cluster, ask, limits) : atBroker(cluster, broker, ask, limits);
}

/** Kafka's numbers. Java: FeatureUpdate.UpgradeType. */
const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

/** A level to set. Java: FeatureUpdate. */
export interface FeatureUpdate {
  readonly feature: string;
  /** The new highest level; 0 turns the feature off. */
  readonly maxLevel: number;
  /** Whether the level may be lower than before, and whether metadata may be lost by that. Default `upgrade`. */
  readonly upgradeType?: keyof typeof upgradeTypes;
}

/** Options of `updateFeatures`. */
export interface UpdateFeaturesOptions extends AdminOptions {
  /** Only check the change, without making it. Default false. Needs brokers of 3.3 or newer. */
  readonly validateOnly?: boolean;
}

/**
 * Sets the levels of features for the whole cluster; the result has an entry for each feature. Brokers of 4.0 and newer do all or none.
 *
 * An entry is a BrokerError INVALID_UPDATE_VERSION when a level is not possible, or is lower and `upgradeType` does not allow it, and
 * FEATURE_UPDATE_FAILED. Rejects with TypeError for a bad update, and BrokerError CLUSTER_AUTHORIZATION_FAILED. Java: Admin.updateFeatures.
 */
export async function updateFeatures(
  client: KafkaClient,
  updates: readonly FeatureUpdate[],
  options: UpdateFeaturesOptions = {},
): Promise<Results<string>> {
  const cluster = clusterOf('updateFeatures', client);
  const limits = limitsOf(cluster, 'updateFeatures', options, ['validateOnly']);
  checkList('updates', updates, check);
  checkTwins(updates, ({ feature }) => `feature '${feature}'`);
  const features = updates.map(({ feature }) => feature);
  if (features.length === 0) return new Map();
  return atController(
    cluster,
    async (connection, signal) => {
      const isOld = !connection.versions.offers(updateFeaturesApi, { minVersion: 1 });
      const featureUpdates = updates.map(({ feature, maxLevel, upgradeType = 'upgrade' }) => ({
        feature,
        maxVersionLevel: maxLevel,
        // Version 0 knows only one way down.
        ...(isOld && upgradeType === 'safeDowngrade' ? { allowDowngrade: true } : { upgradeType: upgradeTypes[upgradeType] }),
      }));
      const request = { featureUpdates, timeoutMs: limits.heldMs, validateOnly: options.validateOnly ?? false };
      const { errorCode, errorMessage, results } = await connection.send(updateFeaturesApi, request, { signal, heldMs: limits.heldMs });
      const whole = errorCode === 0 ? undefined : brokerError(errorCode, 'updating features', { detail: errorMessage });
      if (whole !== undefined && !featureErrors.has(errorCode)) throw whole;
      // From version 2 on there is one answer for all.
      if (results.length === 0) return new Map(features.map((feature) => [feature, whole]));
      const answers = results.map((result) => [result.feature, result] as const);
      return matchAnswers(
        features,
        (feature) => feature,
        answers,
        (answer, feature) =>
          answer.errorCode === 0 ? undefined : brokerError(answer.errorCode, `feature '${feature}'`, { detail: answer.errorMessage }),
      );
    },
    limits,
  );
}

const featureErrors: ReadonlySet<number> = new Set([errorCodes.INVALID_UPDATE_VERSION, errorCodes.FEATURE_UPDATE_FAILED]);

function check({ feature, maxLevel, upgradeType = 'upgrade' }: FeatureUpdate): void {
  checkName('a feature', feature);
  if (!Number.isInteger(maxLevel) || maxLevel < 0 || maxLevel > 0x7fff) {
    throw new TypeError(`the level of feature '${feature}' must be a whole number from 0 to 32767, not ${shown(maxLevel)}`);
  }
  checkWord('upgradeType', upgradeType, Object.keys(upgradeTypes) as (keyof typeof upgradeTypes)[]);
}
