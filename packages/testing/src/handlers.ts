import type { Handler } from './handler.ts';
import { addOffsetsToTxnHandler } from './handlers/add-offsets-to-txn.ts';
import { addPartitionsToTxnHandler } from './handlers/add-partitions-to-txn.ts';
import { addRaftVoterHandler } from './handlers/add-raft-voter.ts';
import { alterClientQuotasHandler } from './handlers/alter-client-quotas.ts';
import { alterConfigsHandler } from './handlers/alter-configs.ts';
import { alterPartitionReassignmentsHandler } from './handlers/alter-partition-reassignments.ts';
import { alterReplicaLogDirsHandler } from './handlers/alter-replica-log-dirs.ts';
import { alterUserScramCredentialsHandler } from './handlers/alter-user-scram-credentials.ts';
import { alterShareGroupOffsetsHandler } from './handlers/alter-share-group-offsets.ts';
import { apiVersionsHandler } from './handlers/api-versions.ts';
import { consumerGroupDescribeHandler } from './handlers/consumer-group-describe.ts';
import { consumerGroupHeartbeatHandler } from './handlers/consumer-group-heartbeat.ts';
import { createAclsHandler } from './handlers/create-acls.ts';
import { createDelegationTokenHandler } from './handlers/create-delegation-token.ts';
import { createPartitionsHandler } from './handlers/create-partitions.ts';
import { createTopicsHandler } from './handlers/create-topics.ts';
import { deleteAclsHandler } from './handlers/delete-acls.ts';
import { deleteGroupsHandler } from './handlers/delete-groups.ts';
import { deleteRecordsHandler } from './handlers/delete-records.ts';
import { deleteShareGroupOffsetsHandler } from './handlers/delete-share-group-offsets.ts';
import { deleteTopicsHandler } from './handlers/delete-topics.ts';
import { describeAclsHandler } from './handlers/describe-acls.ts';
import { describeClientQuotasHandler } from './handlers/describe-client-quotas.ts';
import { describeClusterHandler } from './handlers/describe-cluster.ts';
import { describeConfigsHandler } from './handlers/describe-configs.ts';
import { describeDelegationTokenHandler } from './handlers/describe-delegation-token.ts';
import { describeGroupsHandler } from './handlers/describe-groups.ts';
import { describeLogDirsHandler } from './handlers/describe-log-dirs.ts';
import { describeProducersHandler } from './handlers/describe-producers.ts';
import { describeQuorumHandler } from './handlers/describe-quorum.ts';
import { describeShareGroupOffsetsHandler } from './handlers/describe-share-group-offsets.ts';
import { describeTopicPartitionsHandler } from './handlers/describe-topic-partitions.ts';
import { describeTransactionsHandler } from './handlers/describe-transactions.ts';
import { describeUserScramCredentialsHandler } from './handlers/describe-user-scram-credentials.ts';
import { electLeadersHandler } from './handlers/elect-leaders.ts';
import { endTxnHandler } from './handlers/end-txn.ts';
import { expireDelegationTokenHandler } from './handlers/expire-delegation-token.ts';
import { fetchHandler } from './handlers/fetch.ts';
import { findCoordinatorHandler } from './handlers/find-coordinator.ts';
import { getTelemetrySubscriptionsHandler } from './handlers/get-telemetry-subscriptions.ts';
import { heartbeatHandler } from './handlers/heartbeat.ts';
import { incrementalAlterConfigsHandler } from './handlers/incremental-alter-configs.ts';
import { initProducerIdHandler } from './handlers/init-producer-id.ts';
import { joinGroupHandler } from './handlers/join-group.ts';
import { leaveGroupHandler } from './handlers/leave-group.ts';
import { listConfigResourcesHandler } from './handlers/list-config-resources.ts';
import { listGroupsHandler } from './handlers/list-groups.ts';
import { listOffsetsHandler } from './handlers/list-offsets.ts';
import { listPartitionReassignmentsHandler } from './handlers/list-partition-reassignments.ts';
import { listTransactionsHandler } from './handlers/list-transactions.ts';
import { metadataHandler } from './handlers/metadata.ts';
import { offsetCommitHandler } from './handlers/offset-commit.ts';
import { offsetDeleteHandler } from './handlers/offset-delete.ts';
import { offsetFetchHandler } from './handlers/offset-fetch.ts';
import { offsetForLeaderEpochHandler } from './handlers/offset-for-leader-epoch.ts';
import { produceHandler } from './handlers/produce.ts';
import { pushTelemetryHandler } from './handlers/push-telemetry.ts';
import { removeRaftVoterHandler } from './handlers/remove-raft-voter.ts';
import { renewDelegationTokenHandler } from './handlers/renew-delegation-token.ts';
import { saslAuthenticateHandler } from './handlers/sasl-authenticate.ts';
import { saslHandshakeHandler } from './handlers/sasl-handshake.ts';
import { shareAcknowledgeHandler } from './handlers/share-acknowledge.ts';
import { shareFetchHandler } from './handlers/share-fetch.ts';
import { shareGroupDescribeHandler } from './handlers/share-group-describe.ts';
import { shareGroupHeartbeatHandler } from './handlers/share-group-heartbeat.ts';
import { syncGroupHandler } from './handlers/sync-group.ts';
import { txnOffsetCommitHandler } from './handlers/txn-offset-commit.ts';
import { unregisterBrokerHandler } from './handlers/unregister-broker.ts';
import { updateFeaturesHandler } from './handlers/update-features.ts';
import { writeTxnMarkersHandler } from './handlers/write-txn-markers.ts';

/** All that the mock answers: one file for each API. What is not here, it does not offer (see SKIPPED.md). */
export const handlers: readonly Handler[] = [
  addOffsetsToTxnHandler,
  addPartitionsToTxnHandler,
  addRaftVoterHandler,
  alterClientQuotasHandler,
  alterConfigsHandler,
  alterPartitionReassignmentsHandler,
  alterReplicaLogDirsHandler,
  alterUserScramCredentialsHandler,
  alterShareGroupOffsetsHandler,
  apiVersionsHandler,
  consumerGroupDescribeHandler,
  consumerGroupHeartbeatHandler,
  createAclsHandler,
  createDelegationTokenHandler,
  createPartitionsHandler,
  createTopicsHandler,
  deleteAclsHandler,
  deleteGroupsHandler,
  deleteRecordsHandler,
  deleteShareGroupOffsetsHandler,
  deleteTopicsHandler,
  describeAclsHandler,
  describeClientQuotasHandler,
  describeClusterHandler,
  describeConfigsHandler,
  describeDelegationTokenHandler,
  describeGroupsHandler,
  describeLogDirsHandler,
  describeProducersHandler,
  describeQuorumHandler,
  describeShareGroupOffsetsHandler,
  describeTopicPartitionsHandler,
  describeTransactionsHandler,
  describeUserScramCredentialsHandler,
  electLeadersHandler,
  endTxnHandler,
  expireDelegationTokenHandler,
  fetchHandler,
  findCoordinatorHandler,
  getTelemetrySubscriptionsHandler,
  heartbeatHandler,
  incrementalAlterConfigsHandler,
  initProducerIdHandler,
  joinGroupHandler,
  leaveGroupHandler,
  listConfigResourcesHandler,
  listGroupsHandler,
  listOffsetsHandler,
  listPartitionReassignmentsHandler,
  listTransactionsHandler,
  metadataHandler,
  offsetCommitHandler,
  offsetDeleteHandler,
  offsetFetchHandler,
  offsetForLeaderEpochHandler,
  produceHandler,
  pushTelemetryHandler,
  removeRaftVoterHandler,
  renewDelegationTokenHandler,
  saslAuthenticateHandler,
  saslHandshakeHandler,
  shareAcknowledgeHandler,
  shareFetchHandler,
  shareGroupDescribeHandler,
  shareGroupHeartbeatHandler,
  syncGroupHandler,
  txnOffsetCommitHandler,
  unregisterBrokerHandler,
  updateFeaturesHandler,
  writeTxnMarkersHandler,
];

export const handlersByKey: ReadonlyMap<number, Handler> = new Map(handlers.map((handler) => [handler.api.key, handler]));
