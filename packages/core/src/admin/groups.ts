import type { KafkaClient } from '../client.ts';
import { clusterOf } from '../cluster-symbol.ts';
import type { Connection } from '../connection/connection.ts';
import { deleteGroups as deleteGroupsApi } from '../protocol/apis/delete-groups.ts';
import { listGroups as listGroupsApi } from '../protocol/apis/list-groups.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { type AdminOptions, limitsOf } from './admin-options.ts';
import { atBrokers, brokerIds } from './at-brokers.ts';
import { askedTogether, atCoordinator, throwIfPassing } from './at-coordinators.ts';
import { checkList, checkWord } from './items.ts';
import { tellLostAnswer } from './lost-answer.ts';
import { eachItem, partial, type Results } from './results.ts';

const groupTypes = ['classic', 'consumer', 'share', 'streams'] as const;
/** The protocol of a group: the classic one, KIP-848's, KIP-932's, or KIP-1071's. */
export type GroupType = (typeof groupTypes)[number];

const groupStates = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
  'NotReady',
] as const;
/** What a group is doing: `Stable` if all its members have their assignment, `Empty` without any. Java: GroupState. */
export type GroupState = (typeof groupStates)[number];

/** A group in a list. Java: GroupListing. */
export interface ListedGroup {
  readonly group: string;
  /** `consumer` for consumers of either protocol; `connect` for Kafka Connect; empty for a group that only keeps offsets. */
  readonly protocolType: string;
  /** Such as `Stable` and `Empty`; undefined if the brokers are older than 2.6. */
  readonly state: string | undefined;
  /** `classic`, `consumer` (KIP-848), `share` or `streams`; undefined if the brokers are older than 3.8. */
  readonly type: string | undefined;
}

/** Options of `listGroups`. Several filters are combined. */
export interface ListGroupsOptions extends AdminOptions {
  /** Only groups in one of these states. Needs brokers of 2.6 or newer. Default: all. */
  readonly states?: readonly GroupState[];
  /** Only groups of one of these types. Needs brokers of 3.8 or newer. Default: all. */
  readonly types?: readonly GroupType[];
  /** Only groups with one of these protocol types. Default: all. */
  readonly protocolTypes?: readonly string[];
}

/** The groups, and the brokers that did not answer. */
export interface GroupListing {
  /** By name. */
  readonly groups: ListedGroup[];
  /** The errors of brokers that did not answer, by id; empty if the list is complete. */
  readonly errors: Map<number, Error>;
}

/**
 * Lists the groups of the cluster; each broker lists those that it coordinates. Java: Admin.listGroups, listConsumerGroups;
 * ListGroupsResult.valid and errors. Rejects with TypeError for an unknown state or type, and with the first error if no broker answers.
 */
export async function listGroups(client: KafkaClient, options: ListGroupsOptions = {}): Promise<GroupListing> {
  const cluster = clusterOf('listGroups', client);
  const { states = [], types = [], protocolTypes = [] } = options;
  checkList('states', states, (state) => checkWord('a state of groups', state, groupStates));
  checkList('types', types, (type) => checkWord('a type of groups', type, groupTypes));
  checkList('protocolTypes', protocolTypes);
  const limits = limitsOf(cluster, 'listGroups', options, ['states', 'types', 'protocolTypes']);
  const request = { statesFilter: states, typesFilter: types };
  const ask = async (connection: Connection, id: number, signal: AbortSignal): Promise<ListedGroup[]> => {
    const { errorCode, groups } = await connection.send(listGroupsApi, request, { signal });
    if (errorCode !== 0) throw brokerError(errorCode, `groups of broker ${id}`);
    return groups.map(({ groupId, protocolType, groupState, groupType }) => ({
      ...{ group: groupId, protocolType, state: groupState || undefined, type: groupType?.toLowerCase() || undefined },
    }));
  };
  const { values, errors } = partial(await atBrokers(cluster, await brokerIds(cluster, limits), ask, limits));
  // A group that moves meanwhile may be told twice.
  const byName = new Map(values.flat().map((group) => [group.group, group]));
  const groups = [...byName.values()].filter(({ protocolType }) => protocolTypes.length === 0 || protocolTypes.includes(protocolType));
  return { groups: groups.sort((a, b) => (a.group < b.group ? -1 : 1)), errors };
}

/**
 * Deletes groups of any type without members, and their committed offsets. Java: Admin.deleteConsumerGroups, deleteShareGroups,
 * deleteStreamsGroups. A group's error is BrokerError NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND or GROUP_AUTHORIZATION_FAILED, or says that its
 * coordinator is out of reach. Rejects with TypeError if it gets no list of names.
 */
export async function deleteGroups(client: KafkaClient, groups: readonly string[], options: AdminOptions = {}): Promise<Results<string>> {
  const cluster = clusterOf('deleteGroups', client);
  checkList('groups', groups);
  const limits = limitsOf(cluster, 'deleteGroups', options);
  const removeAll = askedTogether(async (connection: Connection, groupsNames: readonly string[], signal) => {
    const { results } = await connection.send(deleteGroupsApi, { groupsNames }, { signal });
    return new Map(results.map(({ groupId, errorCode }) => [groupId, errorCode]));
  });
  const attempt = async (connection: Connection, group: string, signal: AbortSignal): Promise<Results<string>> => {
    const code = await removeAll(connection, group, signal);
    throwIfPassing(code, `group '${group}'`);
    return new Map([[group, code === 0 ? undefined : brokerError(code, `group '${group}'`)]]);
  };
  const remove = async (group: string): Promise<undefined> => {
    const tracked = tellLostAnswer(errorCodes.GROUP_ID_NOT_FOUND, attempt);
    const result = (await atCoordinator(cluster, 'group', group, tracked, limits)).get(group);
    if (result !== undefined) throw result;
  };
  return eachItem(new Set(groups), remove, limits.signal);
}
