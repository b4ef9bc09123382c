import { BrokerError } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import { apis, brokerError, errorCodes } from '@tskafka/core/protocol';

/**
 * Which protocol a member of this group speaks when it may choose: that of KIP-848 where the cluster has finalized it and the group is
 * empty or speaks it already. A classic group that has members is left what it is.
 */
export function chooseProtocol(cluster: Cluster, group: string, signal: AbortSignal): Promise<'classic' | 'consumer'> {
  const attempt = async (brokerId: number, stop: AbortSignal): Promise<'classic' | 'consumer'> => {
    const { versions } = await cluster.connection(brokerId, 'coordinator', stop);
    if (versions.feature('group.version') < 1 || !versions.offers(apis.consumerGroupHeartbeat, { minVersion: 1 })) return 'classic';
    const options = { purpose: 'coordinator', signal: stop } as const;
    const asConsumer = await cluster.send(
      brokerId,
      apis.consumerGroupDescribe,
      { groupIds: [group], includeAuthorizedOperations: false },
      options,
    );
    const consumerCode = asConsumer.groups[0]?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR;
    // Whether there is such a group is told to whoever may not see its topics too.
    if (consumerCode === 0 || consumerCode === errorCodes.TOPIC_AUTHORIZATION_FAILED) return 'consumer';
    if (consumerCode !== errorCodes.GROUP_ID_NOT_FOUND) throw brokerError(consumerCode, `protocol of the group '${group}'`);
    const asClassic = await cluster.send(brokerId, apis.describeGroups, { groups: [group] }, options);
    const classic = asClassic.groups[0];
    if (classic === undefined || classic.errorCode === errorCodes.GROUP_ID_NOT_FOUND) return 'consumer';
    if (classic.errorCode !== 0) throw brokerError(classic.errorCode, `protocol of the group '${group}'`);
    return classic.groupState === 'Empty' || classic.groupState === 'Dead' ? 'consumer' : 'classic';
  };
  return cluster.coordinators.retry('group', group, attempt, { timeoutMs: Infinity, signal }).catch((error: unknown) => {
    // Whoever may not describe the group may still be a member of it.
    if (error instanceof BrokerError && error.code === errorCodes.GROUP_AUTHORIZATION_FAILED) return 'classic';
    throw error;
  });
}
