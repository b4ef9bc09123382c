import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { ProtocolError } from '../errors.ts';
import type { Decoded } from '../protocol/api.ts';
import { addRaftVoter as addRaftVoterApi } from '../protocol/apis/add-raft-voter.ts';
import { describeQuorum, type DescribeQuorumResponse } from '../protocol/apis/describe-quorum.ts';
import { removeRaftVoter as removeRaftVoterApi } from '../protocol/apis/remove-raft-voter.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { zeroUuid } from '../protocol/writer.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atController } from './at-controller.ts';
import { checkBrokerId, checkList, checkName, checkUuid } from './items.ts';
import { known } from './known.ts';

/** Where a controller listens. Java: RaftVoterEndpoint. */
export interface RaftEndpoint {
  readonly listener: string;
  readonly host: string;
  readonly port: number;
}

/** The progress of a voter or an observer. Java: QuorumInfo.ReplicaState. */
export interface QuorumReplica {
  readonly id: number;
  /** The id of its directory (KIP-853); undefined if the quorum does not keep them. */
  readonly directoryId: string | undefined;
  /** Where its log ends; undefined where that is not known, as of a voter that has not fetched since the leader was elected. */
  readonly logEndOffset: number | undefined;
  /** Milliseconds since 1970 when it last fetched; undefined where that is not known (KIP-836). */
  readonly lastFetchTime: number | undefined;
  /** Milliseconds since 1970 when it last had all that the leader had; undefined if that is not known. */
  readonly lastCaughtUpTime: number | undefined;
}

/** The quorum that keeps the cluster's metadata. Java: QuorumInfo. */
export interface QuorumDescription {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly voters: readonly QuorumReplica[];
  /** Those that follow the log and do not vote: brokers, and controllers that are not voters. */
  readonly observers: readonly QuorumReplica[];
  /** Where each controller listens, by id; empty where the brokers are older than 3.9. */
  readonly endpoints: ReadonlyMap<number, readonly RaftEndpoint[]>;
}

const metadataTopic = '__cluster_metadata';

/**
 * Describes the quorum of controllers, and the progress of each.
 * Rejects with BrokerError CLUSTER_AUTHORIZATION_FAILED when the user may not describe the cluster. Java: Admin.describeMetadataQuorum.
 */
export async function describeMetadataQuorum(client: KafkaClient, options: AdminOptions = {}): Promise<QuorumDescription> {
  const cluster = clusterOf('describeMetadataQuorum', client);
  const limits = limitsOf(cluster, 'describeMetadataQuorum', options);
  return atController(
    cluster,
    async (connection, signal) => {
      const request = { topics: [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }] };
      const { errorCode, errorMessage, topics, nodes } = await connection.send(describeQuorum, request, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, 'the quorum', { detail: errorMessage });
      const partition = topics.find(({ topicName }) => topicName === metadataTopic)?.partitions[0];
      if (partition === undefined) throw new ProtocolError(`${connection.name} did not answer about the quorum`);
      if (partition.errorCode !== 0) throw brokerError(partition.errorCode, 'the quorum', { detail: partition.errorMessage });
      return {
        leaderId: partition.leaderId,
        leaderEpoch: partition.leaderEpoch,
        highWatermark: partition.highWatermark,
        voters: partition.currentVoters.map(replica),
        observers: partition.observers.map(replica),
        endpoints: new Map(
          nodes.map(({ nodeId, listeners }) => [nodeId, listeners.map(({ name, host, port }) => ({ listener: name, host, port }))]),
        ),
      };
    },
    limits,
  );
}

type ReplicaAnswer = Decoded<DescribeQuorumResponse>['topics'][number]['partitions'][number]['currentVoters'][number];

function replica({ replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }: ReplicaAnswer): QuorumReplica {
  return {
    id: replicaId,
    directoryId: replicaDirectoryId === zeroUuid || replicaDirectoryId === '' ? undefined : replicaDirectoryId,
    logEndOffset: known(logEndOffset),
    lastFetchTime: known(lastFetchTimestamp),
    lastCaughtUpTime: known(lastCaughtUpTimestamp),
  };
}

/** A controller that votes, or is to vote. */
export interface RaftVoter {
  readonly id: number;
  /** The id of its metadata directory, from its `meta.properties`. */
  readonly directoryId: string;
}

/** Options of `addRaftVoter` and `removeRaftVoter`. */
export interface RaftVoterOptions extends AdminOptions {
  /** Refuse the change if the cluster has another id. */
  readonly clusterId?: string;
}

/**
 * Adds a controller that follows the quorum to its voters (KIP-853).
 *
 * Rejects with TypeError for a bad voter, and BrokerError: DUPLICATE_VOTER, UNSUPPORTED_VERSION when the quorum is a static one
 * (`kraft.version` 0), INCONSISTENT_CLUSTER_ID, REQUEST_TIMED_OUT when the controller does not catch up, CLUSTER_AUTHORIZATION_FAILED.
 * Java: Admin.addRaftVoter.
 */
export async function addRaftVoter(
  client: KafkaClient,
  voter: RaftVoter & { readonly endpoints: readonly RaftEndpoint[] },
  options: RaftVoterOptions = {},
): Promise<void> {
  const cluster = clusterOf('addRaftVoter', client);
  const limits = limitsOf(cluster, 'addRaftVoter', options, ['clusterId']);
  checkVoter(voter);
  checkList('endpoints', voter.endpoints, checkEndpoint);
  if (voter.endpoints.length === 0) throw new TypeError('a voter needs at least one endpoint');
  await atController(
    cluster,
    async (connection, signal) => {
      const { id: voterId, directoryId: voterDirectoryId, endpoints } = voter;
      const listeners = endpoints.map(({ listener: name, host, port }) => ({ name, host, port }));
      const request = { clusterId: options.clusterId ?? null, timeoutMs: limits.heldMs, voterId, voterDirectoryId, listeners };
      const { errorCode, errorMessage } = await connection.send(addRaftVoterApi, request, { signal, heldMs: limits.heldMs });
      if (errorCode !== 0) throw brokerError(errorCode, `adding the voter ${voterId}`, { detail: errorMessage });
    },
    limits,
  );
}

/**
 * Removes a controller from the voters (KIP-853).
 * Rejects with TypeError for a bad voter, and BrokerError: VOTER_NOT_FOUND, and those of `addRaftVoter`. Java: Admin.removeRaftVoter.
 */
export async function removeRaftVoter(client: KafkaClient, voter: RaftVoter, options: RaftVoterOptions = {}): Promise<void> {
  const cluster = clusterOf('removeRaftVoter', client);
  const limits = limitsOf(cluster, 'removeRaftVoter', options, ['clusterId']);
  checkVoter(voter);
  await atController(
    cluster,
    async (connection, signal) => {
      const request = { clusterId: options.clusterId ?? null, voterId: voter.id, voterDirectoryId: voter.directoryId };
      const { errorCode, errorMessage } = await connection.send(removeRaftVoterApi, request, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, `removing the voter ${voter.id}`, { detail: errorMessage });
    },
    limits,
  );
}

function checkVoter({ id, directoryId }: RaftVoter): void {
  checkBrokerId(id);
  checkUuid('the id of a directory', directoryId);
}

function checkEndpoint({ listener, host, port }: RaftEndpoint): void {
  checkName('a listener', listener);
  checkName('a host', host);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new TypeError(`a port must be a whole number from 1 to 65535, not ${port}`);
}
