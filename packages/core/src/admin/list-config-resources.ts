import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { listConfigResources as listConfigResourcesApi } from '../protocol/apis/list-config-resources.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { type ConfigResource, type ConfigResourceType, resourceTypes, typeCode, typeOf } from './config-resource.ts';
import { checkList, checkWord } from './items.ts';

/**
 * Lists the resources of the given types (default: all) that have configurations. Groups and metrics subscriptions are included if they
 * have any; this is the only way to find them.
 *
 * Rejects with BrokerError CLUSTER_AUTHORIZATION_FAILED when the user may not see configurations, and UnsupportedVersionError where the brokers
 * are older than 4.1 and other types than `clientMetrics` are asked for, or older than 3.7. Java: Admin.listConfigResources,
 * listClientMetricsResources.
 */
export async function listConfigResources(
  client: KafkaClient,
  types: readonly ConfigResourceType[] = [],
  options: AdminOptions = {},
): Promise<ConfigResource[]> {
  const cluster = clusterOf('listConfigResources', client);
  const limits = limitsOf(cluster, 'listConfigResources', options);
  checkList('types', types, (type) => checkWord("a resource's type", type, resourceTypes));
  const onlyMetrics = types.length > 0 && types.every((type) => type === 'clientMetrics');
  return atAny(
    cluster,
    async (connection, signal) => {
      // Version 0 is of these alone, and cannot say so.
      const isOld = onlyMetrics && !connection.versions.offers(listConfigResourcesApi, { minVersion: 1 });
      const request = isOld ? {} : { resourceTypes: types.map(typeCode) };
      const bounds = isOld ? { maxVersion: 0 } : { minVersion: 1 };
      const { errorCode, configResources } = await connection.send(listConfigResourcesApi, request, { ...bounds, signal });
      if (errorCode !== 0) throw brokerError(errorCode, 'resources with configurations');
      return configResources.flatMap(({ resourceType, resourceName: name }) => {
        const type = typeOf(resourceType);
        return type === undefined ? [] : [{ type, name }];
      });
    },
    limits,
  );
}
