import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { apiVersions } from '../protocol/apis/api-versions.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { version } from '../version.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBrokers, brokerIds } from './at-brokers.ts';
import type { FeatureRange } from './features.ts';
import { checkBrokerId } from './items.ts';
import type { Results } from './results.ts';

/**
 * Describes the API versions that brokers (default: all) support, by API key. The entry of a broker is a KafkaError when it cannot be
 * reached or is not in the cluster. Rejects with TypeError for a bad id. Java: kafka-broker-api-versions.sh; its Admin does not tell it.
 */
export async function describeApiVersions(
  client: KafkaClient,
  brokers?: readonly number[],
  options: AdminOptions = {},
): Promise<Results<number, Map<number, FeatureRange>>> {
  const cluster = clusterOf('describeApiVersions', client);
  const limits = limitsOf(cluster, 'describeApiVersions', options);
  brokers?.forEach(checkBrokerId);
  return atBrokers(
    cluster,
    brokers ?? (await brokerIds(cluster, limits)),
    async (connection, id, signal) => {
      // Before 2.4 nobody asks who we are.
      const saysWho = connection.versions.offers(apiVersions, { minVersion: 3 });
      const who = saysWho ? { clientSoftwareName: 'tskafka', clientSoftwareVersion: version } : {};
      const { errorCode, apiKeys } = await connection.send(apiVersions, who, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, `versions of broker ${id}`);
      return new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]));
    },
    limits,
  );
}
