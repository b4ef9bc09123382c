import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import type { BrokerError } from '../errors.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { type AclOperation, operationsOf } from './acl-operations.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { askedTogether, type AskCoordinator, atCoordinators } from './at-coordinators.ts';
import { groupDescribers } from './group-describers.ts';
import type { GroupMember } from './group-member.ts';
import type { GroupType } from './groups.ts';
import { checkList } from './items.ts';
import type { Results } from './results.ts';

/** A group of any type, with its members. Java: ConsumerGroupDescription, ShareGroupDescription and their like. */
export interface GroupDescription {
  readonly group: string;
  readonly type: GroupType;
  /** `consumer` for consumers of either protocol, `share`, `streams`, `connect`; empty for a group that only keeps offsets. */
  readonly protocolType: string;
  /** Such as `Stable` and `Empty`. */
  readonly state: string;
  /** The assignor, or whatever protocol the members of a classic group agreed on; empty until they have, and for streams groups. */
  readonly assignor: string;
  /** The id of the broker that coordinates the group. */
  readonly coordinator: number;
  /** How often the group's members or topics have changed; undefined for a classic group. */
  readonly epoch: number | undefined;
  /** The epoch for which partitions were last assigned; behind `epoch` during a rebalance. Undefined for a classic group. */
  readonly assignmentEpoch: number | undefined;
  /** In the order of the coordinator. */
  readonly members: readonly GroupMember[];
  /** What the user of this client may do with the group; undefined unless requested. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** Options of `describeGroups`. */
export interface DescribeGroupsOptions extends AdminOptions {
  /** Whether to include `authorizedOperations`. Needs brokers of 2.3 or newer. Default false. */
  readonly includeAuthorizedOperations?: boolean;
}

/**
 * Describes the state and the members of groups of any type. Java: Admin.describeConsumerGroups, describeClassicGroups,
 * describeShareGroups, describeStreamsGroups. A group's error is BrokerError GROUP_ID_NOT_FOUND, GROUP_AUTHORIZATION_FAILED, or
 * TOPIC_AUTHORIZATION_FAILED if the user may not see the topics of its members. Rejects with TypeError if it gets no list of names.
 */
export async function describeGroups(
  client: KafkaClient,
  groups: readonly string[],
  options: DescribeGroupsOptions = {},
): Promise<Results<string, GroupDescription>> {
  const cluster = clusterOf('describeGroups', client);
  checkList('groups', groups);
  const limits = limitsOf(cluster, 'describeGroups', options, ['includeAuthorizedOperations']);
  const { includeAuthorizedOperations = false } = options;
  const describers = groupDescribers.map((describe) =>
    askedTogether((connection: Connection, groupIds: readonly string[], signal) =>
      describe(connection, { groupIds, includeAuthorizedOperations }, signal),
    ),
  );
  /** Each type has a request of its own, and only the right one knows the group: they are tried, the commonest first. */
  const ask: AskCoordinator<GroupDescription> = async (connection, group, signal, coordinator) => {
    let notFound: BrokerError | undefined;
    for (const describe of describers) {
      const told = await describe(connection, group, signal);
      if (told === undefined) continue; // the broker is older than that type of group
      const { errorCode, errorMessage, authorizedOperations, ...description } = told;
      if (errorCode === 0) return { group, ...description, coordinator, authorizedOperations: operationsOf(authorizedOperations) };
      const error = brokerError(errorCode, `group '${group}'`, { detail: errorMessage });
      if (!isOfAnotherType(errorCode)) throw error;
      notFound ??= error;
    }
    throw notFound ?? brokerError(errorCodes.GROUP_ID_NOT_FOUND, `group '${group}'`);
  };
  return atCoordinators(cluster, 'group', groups, ask, limits);
}

/** The second is what a cluster says in which the feature of that type is turned off. */
function isOfAnotherType(code: number): boolean {
  return code === errorCodes.GROUP_ID_NOT_FOUND || code === errorCodes.UNSUPPORTED_VERSION;
}
