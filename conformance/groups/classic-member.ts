import { apis, consumerProtocolAssignment, consumerProtocolSubscription, Writer } from '@tskafka/core/protocol';
import type { Decoded, HeartbeatResponse, JoinGroupResponse, LeaveGroupResponse, SyncGroupResponse } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

export interface MemberOptions {
  readonly groupInstanceId?: string | null;
  readonly protocolType?: string;
  /** Name -> metadata. Default: `range`, subscribed to nothing. */
  readonly protocols?: readonly (readonly [name: string, metadata: Uint8Array])[];
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

/** What a consumer says of itself when it joins. */
export function subscription(...topics: string[]): Buffer {
  const w = new Writer();
  w.int16(0);
  consumerProtocolSubscription.write(w, 0, { topics });
  return Buffer.concat(w.finish());
}

/** What a leader gives a consumer to read. */
export function assignment(topic: string, ...partitions: number[]): Buffer {
  const w = new Writer();
  w.int16(0);
  consumerProtocolAssignment.write(w, 0, { assignedPartitions: [{ topic, partitions }], userData: null });
  return w.toBuffer();
}

/** A member of a classic group that does what a test says and nothing else: each has a connection of its own, for a join holds it. */
export class Member {
  readonly groupId: string;
  readonly wire: Wire;
  options: MemberOptions;
  memberId = '';
  generation = -1;
  protocolName: string | null = null;
  leader = '';

  static async connect(groupId: string, options: MemberOptions = {}): Promise<Member> {
    return new Member(groupId, await broker.coordinatorWire(groupId), options);
  }

  constructor(groupId: string, wire: Wire, options: MemberOptions = {}) {
    this.groupId = groupId;
    this.wire = wire;
    this.options = options;
  }

  get protocolType(): string {
    return this.options.protocolType ?? 'consumer';
  }

  get isLeader(): boolean {
    return this.leader === this.memberId;
  }

  /** One JoinGroup, with the answer as it is. */
  async joinOnce(version = 9): Promise<Decoded<JoinGroupResponse>> {
    const {
      groupInstanceId = null,
      protocols = [['range', subscription()]],
      sessionTimeoutMs = 30_000,
      rebalanceTimeoutMs = 30_000,
    } = this.options;
    const answer = await this.wire.send(apis.joinGroup, version, {
      groupId: this.groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId: this.memberId,
      groupInstanceId,
      protocolType: this.protocolType,
      protocols: protocols.map(([name, metadata]) => ({ name, metadata })),
    });
    if (answer.errorCode === code.none || answer.errorCode === code.memberIdRequired) this.memberId = answer.memberId;
    if (answer.errorCode === code.none) {
      this.generation = answer.generationId;
      this.leader = answer.leader;
      this.protocolName = answer.protocolName;
    }
    return answer;
  }

  /** Joins, with the id that it is given where it needs one. */
  async join(version = 9): Promise<Decoded<JoinGroupResponse>> {
    const answer = await this.joinOnce(version);
    return answer.errorCode === code.memberIdRequired ? this.joinOnce(version) : answer;
  }

  sync(
    assignments: Readonly<Record<string, string | Uint8Array>> = {},
    {
      version = 5,
      ...fields
    }: { version?: number; generationId?: number; memberId?: string; protocolType?: string; protocolName?: string } = {},
  ): Promise<Decoded<SyncGroupResponse>> {
    return this.wire.send(apis.syncGroup, version, {
      groupId: this.groupId,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: version >= 3 ? (this.options.groupInstanceId ?? null) : null,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      assignments: Object.entries(assignments).map(([memberId, given]) => ({
        ...{ memberId, assignment: typeof given === 'string' ? Buffer.from(given) : given },
      })),
      ...fields,
    });
  }

  async heartbeat(
    fields: { memberId?: string; generationId?: number; groupInstanceId?: string | null } = {},
    version = 4,
  ): Promise<number> {
    const { errorCode }: HeartbeatResponse = await this.wire.send(apis.heartbeat, version, {
      groupId: this.groupId,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: this.options.groupInstanceId ?? null,
      ...fields,
    });
    return errorCode;
  }

  leave(): Promise<Decoded<LeaveGroupResponse>> {
    return leave(this.wire, this.groupId, [{ memberId: this.memberId, groupInstanceId: this.options.groupInstanceId ?? null }]);
  }

  /** Resolves once the broker asks it to join again. */
  async isAskedToRejoin(): Promise<void> {
    await until(`${this.memberId} has to join again`, async () => (await this.heartbeat()) === code.rebalanceInProgress);
  }
}

export function leave(
  wire: Wire,
  groupId: string,
  members: readonly { memberId: string; groupInstanceId?: string | null; reason?: string | null }[],
): Promise<Decoded<LeaveGroupResponse>> {
  return wire.send(apis.leaveGroup, 5, { groupId, members });
}

/** All of them ask for their assignments; the leader says who gets what: `for <id>`. */
export async function syncAll(members: readonly Member[]): Promise<Decoded<SyncGroupResponse>[]> {
  const assignments = Object.fromEntries(members.map(({ memberId }) => [memberId, `for ${memberId}`]));
  return Promise.all(members.map((member) => member.sync(member.isLeader ? assignments : {})));
}

/** Lets one more member into a stable group, and makes it stable again. */
export async function admit(members: readonly Member[], newcomer: Member): Promise<Member[]> {
  const joining = newcomer.join();
  await members[0]?.isAskedToRejoin();
  await Promise.all([joining, ...members.map((member) => member.join())]);
  const all = [...members, newcomer];
  await syncAll(all);
  return all;
}

/** A stable group of so many members; the first leads. */
export async function stableGroup(size: number, options: MemberOptions | readonly MemberOptions[] = {}): Promise<Member[]> {
  const groupId = broker.freshName('classic');
  let members: Member[] = [];
  for (let i = 0; i < size; i++) {
    const own = Array.isArray(options) ? (options as readonly MemberOptions[])[i] : (options as MemberOptions);
    members = await admit(members, await Member.connect(groupId, own));
  }
  return members;
}
