import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { unregisterBroker as unregisterBrokerApi } from '../protocol/apis/unregister-broker.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atController } from './at-controller.ts';
import { checkBrokerId } from './items.ts';

/**
 * Removes a broker that was shut down for good from the cluster. A running broker registers itself again.
 *
 * Rejects with BrokerError BROKER_ID_NOT_REGISTERED when there is none with this id, and CLUSTER_AUTHORIZATION_FAILED when the user may
 * not alter the cluster. Java: Admin.unregisterBroker.
 */
export async function unregisterBroker(client: KafkaClient, id: number, options: AdminOptions = {}): Promise<void> {
  const cluster = clusterOf('unregisterBroker', client);
  const limits = limitsOf(cluster, 'unregisterBroker', options);
  checkBrokerId(id);
  await atController(
    cluster,
    async (connection, signal) => {
      const { errorCode, errorMessage } = await connection.send(unregisterBrokerApi, { brokerId: id }, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, `unregistering broker ${id}`, { detail: errorMessage });
    },
    limits,
  );
}
