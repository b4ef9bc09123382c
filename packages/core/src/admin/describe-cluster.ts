import type { KafkaClient } from '../client.ts';
import type { BrokerNode } from '../cluster/metadata-cache.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { describeCluster as describeClusterApi } from '../protocol/apis/describe-cluster.ts';
import { metadata as metadataApi } from '../protocol/apis/metadata.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AclOperation, operationsOf } from './acl-operations.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { known } from './known.ts';

/** The cluster as a whole. Java: DescribeClusterResult. */
export interface ClusterDescription {
  readonly clusterId: string | null;
  /** The broker that takes requests for the controller; undefined while unknown. With KRaft, this can be any broker, and changes. */
  readonly controllerId: number | undefined;
  /** Sorted by id. */
  readonly brokers: readonly BrokerDescription[];
  /** What the user of this client may do with the cluster; undefined unless requested, or if the broker is older than 2.3. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** A broker, and whether it is fenced. Java: Node. */
export interface BrokerDescription extends BrokerNode {
  /** Whether it is registered but not serving, for example after a shutdown. Such brokers are listed only on request. */
  readonly isFenced: boolean;
}

/** Options of `describeCluster`. */
export interface DescribeClusterOptions extends AdminOptions {
  /** Also report what the user of this client may do with the cluster. Default false. */
  readonly includeAuthorizedOperations?: boolean;
  /** Also list fenced brokers. Default false. Needs brokers of 4.0 or newer. */
  readonly includeFencedBrokers?: boolean;
}

/**
 * Describes the cluster as one of its brokers sees it now. Rejects with UnsupportedVersionError when fenced brokers are asked of one that
 * is older than 4.0. Java: Admin.describeCluster.
 */
export async function describeCluster(client: KafkaClient, options: DescribeClusterOptions = {}): Promise<ClusterDescription> {
  const cluster = clusterOf('describeCluster', client);
  const limits = limitsOf(cluster, 'describeCluster', options, ['includeAuthorizedOperations', 'includeFencedBrokers']);
  const { includeAuthorizedOperations = false, includeFencedBrokers = false } = options;
  return atAny(
    cluster,
    async (connection, signal) => {
      if (!includeFencedBrokers && !connection.versions.offers(describeClusterApi)) {
        // Before 2.8 metadata told it; and only from 2.3 on what may be done.
        const includeClusterAuthorizedOperations =
          includeAuthorizedOperations && connection.versions.offers(metadataApi, { minVersion: 8 });
        const request = { topics: [], allowAutoTopicCreation: false, includeClusterAuthorizedOperations };
        const answer = await connection.send(metadataApi, request, { minVersion: 4, maxVersion: 10, signal });
        return description({
          ...answer,
          brokers: answer.brokers.map(({ nodeId, ...node }) => ({ brokerId: nodeId, ...node, isFenced: false })),
        });
      }
      const request = { includeClusterAuthorizedOperations: includeAuthorizedOperations, includeFencedBrokers };
      const answer = await connection.send(describeClusterApi, request, { signal });
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, 'the cluster', { detail: answer.errorMessage });
      return description(answer);
    },
    limits,
  );
}

interface Answer {
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly brokers: readonly { brokerId: number; host: string; port: number; rack: string | null; isFenced: boolean }[];
  readonly clusterAuthorizedOperations: number;
}

function description({ clusterId, controllerId, brokers, clusterAuthorizedOperations }: Answer): ClusterDescription {
  return {
    clusterId,
    controllerId: known(controllerId),
    brokers: brokers.map(({ brokerId, ...node }) => ({ id: brokerId, ...node })).sort((a, b) => a.id - b.id),
    authorizedOperations: operationsOf(clusterAuthorizedOperations),
  };
}
