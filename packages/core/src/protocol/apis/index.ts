// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Api } from '../api.ts';
import { produce } from './produce.ts';
import { fetch } from './fetch.ts';
import { listOffsets } from './list-offsets.ts';
import { metadata } from './metadata.ts';
import { offsetCommit } from './offset-commit.ts';
import { offsetFetch } from './offset-fetch.ts';
import { findCoordinator } from './find-coordinator.ts';
import { joinGroup } from './join-group.ts';
import { heartbeat } from './heartbeat.ts';
import { leaveGroup } from './leave-group.ts';
import { syncGroup } from './sync-group.ts';
import { describeGroups } from './describe-groups.ts';
import { listGroups } from './list-groups.ts';
import { saslHandshake } from './sasl-handshake.ts';
import { apiVersions } from './api-versions.ts';
import { createTopics } from './create-topics.ts';
import { deleteTopics } from './delete-topics.ts';
import { deleteRecords } from './delete-records.ts';
import { initProducerId } from './init-producer-id.ts';
import { offsetForLeaderEpoch } from './offset-for-leader-epoch.ts';
import { addPartitionsToTxn } from './add-partitions-to-txn.ts';
import { addOffsetsToTxn } from './add-offsets-to-txn.ts';
import { endTxn } from './end-txn.ts';
import { writeTxnMarkers } from './write-txn-markers.ts';
import { txnOffsetCommit } from './txn-offset-commit.ts';
import { describeAcls } from './describe-acls.ts';
import { createAcls } from './create-acls.ts';
import { deleteAcls } from './delete-acls.ts';
import { describeConfigs } from './describe-configs.ts';
import { alterConfigs } from './alter-configs.ts';
import { alterReplicaLogDirs } from './alter-replica-log-dirs.ts';
import { describeLogDirs } from './describe-log-dirs.ts';
import { saslAuthenticate } from './sasl-authenticate.ts';
import { createPartitions } from './create-partitions.ts';
import { createDelegationToken } from './create-delegation-token.ts';
import { renewDelegationToken } from './renew-delegation-token.ts';
import { expireDelegationToken } from './expire-delegation-token.ts';
import { describeDelegationToken } from './describe-delegation-token.ts';
import { deleteGroups } from './delete-groups.ts';
import { electLeaders } from './elect-leaders.ts';
import { incrementalAlterConfigs } from './incremental-alter-configs.ts';
import { alterPartitionReassignments } from './alter-partition-reassignments.ts';
import { listPartitionReassignments } from './list-partition-reassignments.ts';
import { offsetDelete } from './offset-delete.ts';
import { describeClientQuotas } from './describe-client-quotas.ts';
import { alterClientQuotas } from './alter-client-quotas.ts';
import { describeUserScramCredentials } from './describe-user-scram-credentials.ts';
import { alterUserScramCredentials } from './alter-user-scram-credentials.ts';
import { describeQuorum } from './describe-quorum.ts';
import { updateFeatures } from './update-features.ts';
import { describeCluster } from './describe-cluster.ts';
import { describeProducers } from './describe-producers.ts';
import { unregisterBroker } from './unregister-broker.ts';
import { describeTransactions } from './describe-transactions.ts';
import { listTransactions } from './list-transactions.ts';
import { consumerGroupHeartbeat } from './consumer-group-heartbeat.ts';
import { consumerGroupDescribe } from './consumer-group-describe.ts';
import { getTelemetrySubscriptions } from './get-telemetry-subscriptions.ts';
import { pushTelemetry } from './push-telemetry.ts';
import { listConfigResources } from './list-config-resources.ts';
import { describeTopicPartitions } from './describe-topic-partitions.ts';
import { shareGroupHeartbeat } from './share-group-heartbeat.ts';
import { shareGroupDescribe } from './share-group-describe.ts';
import { shareFetch } from './share-fetch.ts';
import { shareAcknowledge } from './share-acknowledge.ts';
import { addRaftVoter } from './add-raft-voter.ts';
import { removeRaftVoter } from './remove-raft-voter.ts';
import { initializeShareGroupState } from './initialize-share-group-state.ts';
import { readShareGroupState } from './read-share-group-state.ts';
import { writeShareGroupState } from './write-share-group-state.ts';
import { deleteShareGroupState } from './delete-share-group-state.ts';
import { readShareGroupStateSummary } from './read-share-group-state-summary.ts';
import { streamsGroupHeartbeat } from './streams-group-heartbeat.ts';
import { streamsGroupDescribe } from './streams-group-describe.ts';
import { describeShareGroupOffsets } from './describe-share-group-offsets.ts';
import { alterShareGroupOffsets } from './alter-share-group-offsets.ts';
import { deleteShareGroupOffsets } from './delete-share-group-offsets.ts';

export {
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  describeQuorum,
  updateFeatures,
  describeCluster,
  describeProducers,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  getTelemetrySubscriptions,
  pushTelemetry,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
};

/** Every API that brokers offer to clients, by rising key. */
export const all: readonly Api[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  describeQuorum,
  updateFeatures,
  describeCluster,
  describeProducers,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  getTelemetrySubscriptions,
  pushTelemetry,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
];
