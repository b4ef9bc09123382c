import type { Connection } from '../connection/connection.ts';
import { consumerGroupDescribe } from '../protocol/apis/consumer-group-describe.ts';
import { describeGroups } from '../protocol/apis/describe-groups.ts';
import { shareGroupDescribe } from '../protocol/apis/share-group-describe.ts';
import { streamsGroupDescribe } from '../protocol/apis/streams-group-describe.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { GroupDescription } from './describe-groups.ts';
import { classicMember, consumerMember, shareMember, streamsMember } from './group-member.ts';

/** What a coordinator tells of a group, whatever its type. */
interface Told extends Omit<GroupDescription, 'group' | 'coordinator' | 'authorizedOperations'> {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authorizedOperations: number;
}

interface Wanted {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

/** Asks for groups of one type, by name; each is undefined where the broker has no such groups. */
export type GroupDescriber = (
  connection: Connection,
  wanted: Wanted,
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, Told | undefined>>;

const consumer: GroupDescriber = async (connection, wanted, signal) => {
  if (!connection.versions.offers(consumerGroupDescribe)) return none(wanted);
  const { groups } = await connection.send(consumerGroupDescribe, wanted, { signal });
  return byName(groups, (group) => ({
    ...{ ...common(group), type: 'consumer', protocolType: 'consumer', assignor: group.assignorName },
    ...{ epoch: group.groupEpoch, assignmentEpoch: group.assignmentEpoch, members: group.members.map(consumerMember) },
  }));
};

const classic: GroupDescriber = async (connection, { groupIds, includeAuthorizedOperations }, signal) => {
  const { groups } = await connection.send(describeGroups, { groups: groupIds, includeAuthorizedOperations }, { signal });
  return byName(groups, (group) => {
    const { protocolType, protocolData, members } = group;
    const told: Told = {
      ...{ ...common(group), type: 'classic', protocolType, assignor: protocolData },
      ...{ epoch: undefined, assignmentEpoch: undefined, members: members.map((member) => classicMember(member, protocolType)) },
    };
    // Up to version 5 a group that does not exist is dead.
    return told.errorCode === 0 && told.state === 'Dead' ? { ...told, errorCode: errorCodes.GROUP_ID_NOT_FOUND } : told;
  });
};

const share: GroupDescriber = async (connection, wanted, signal) => {
  if (!connection.versions.offers(shareGroupDescribe)) return none(wanted);
  const { groups } = await connection.send(shareGroupDescribe, wanted, { signal });
  return byName(groups, (group) => ({
    ...{ ...common(group), type: 'share', protocolType: 'share', assignor: group.assignorName },
    ...{ epoch: group.groupEpoch, assignmentEpoch: group.assignmentEpoch, members: group.members.map(shareMember) },
  }));
};

const streams: GroupDescriber = async (connection, wanted, signal) => {
  if (!connection.versions.offers(streamsGroupDescribe)) return none(wanted);
  const { groups } = await connection.send(streamsGroupDescribe, wanted, { signal });
  return byName(groups, (group) => {
    const { groupEpoch: epoch, assignmentEpoch, members, topology } = group;
    return {
      ...{ ...common(group), type: 'streams', protocolType: 'streams', assignor: '', epoch, assignmentEpoch },
      members: members.map((member) => streamsMember(member, topology)),
    };
  });
};

/** In the order in which they are worth asking. */
export const groupDescribers: readonly GroupDescriber[] = [consumer, classic, share, streams];

function none({ groupIds }: Wanted): Map<string, undefined> {
  return new Map(groupIds.map((group) => [group, undefined]));
}

function byName<Group extends { readonly groupId: string }>(groups: readonly Group[], told: (group: Group) => Told): Map<string, Told> {
  return new Map(groups.map((group) => [group.groupId, told(group)]));
}

interface AnyGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupState: string;
  readonly authorizedOperations: number;
}

function common({ errorCode, errorMessage, groupState: state, authorizedOperations }: AnyGroup) {
  return { errorCode, errorMessage, state, authorizedOperations };
}
