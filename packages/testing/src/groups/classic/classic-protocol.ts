import type {
  Decoded,
  HeartbeatRequest,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '@tskafka/core/protocol';
import type { GroupMembers } from '../group-members.ts';

export type JoinGroup = Decoded<JoinGroupRequest>;
export type SyncGroup = Decoded<SyncGroupRequest>;
export type Heartbeat = Decoded<HeartbeatRequest>;
export type LeavingMembers = Decoded<LeaveGroupRequest>['members'];
export type LeftMembers = NonNullable<LeaveGroupResponse['members']>;

/** Who sends the request. */
export interface GroupClient {
  readonly clientId: string | null;
  /** As Kafka shows it: `/127.0.0.1`. */
  readonly clientHost: string;
  readonly version: number;
}

/**
 * What members of the classic protocol ask their group: a classic group, or a consumer group that they are still in while it is
 * migrated (KIP-848). JoinGroup and SyncGroup may wait for other members, so they are answered by a call; some never are.
 */
export interface ClassicProtocol {
  join(request: JoinGroup, client: GroupClient, answer: (response: JoinGroupResponse) => void): void;
  sync(request: SyncGroup, client: GroupClient, answer: (response: SyncGroupResponse) => void): void;
  /** An error code; 0 is none. */
  heartbeat(request: Heartbeat): number;
  leave(members: LeavingMembers): LeftMembers;
}

/** Whether members of the classic protocol can be in this group: they can in all but a share group. */
export function takesClassicMembers<T extends GroupMembers>(members: T): members is T & ClassicProtocol {
  return 'join' in members;
}

/** A JoinGroup that is refused. */
export function joinRefused(errorCode: number, memberId: string): JoinGroupResponse {
  return { errorCode, memberId, protocolType: null, protocolName: null, leader: '', members: [] };
}

/** A SyncGroup that is refused. */
export function syncRefused(errorCode: number): SyncGroupResponse {
  return { errorCode, protocolType: null, protocolName: null, assignment: Buffer.alloc(0) };
}
