import { errorCodes } from '@tskafka/core/protocol';
import { ClassicMember } from './classic-member.ts';
import { isSupported } from './protocols.ts';

/** Who is in a classic group, who has still to join or to sync, and who leads. */
export class ClassicRoster {
  readonly members = new Map<string, ClassicMember>();
  /** Those who were given an id and have to join with it (KIP-394). */
  readonly pendingJoin = new Set<string>();
  readonly pendingSync = new Set<string>();
  protocolType: string | null = null;
  leader: string | null = null;
  /** group.instance.id -> member id (KIP-345). */
  readonly #static = new Map<string, string>();

  get all(): ClassicMember[] {
    return [...this.members.values()];
  }

  get awaitingJoin(): number {
    return this.all.filter((member) => member.isAwaitingJoin).length;
  }

  get hasAllJoined(): boolean {
    return this.pendingJoin.size === 0 && this.all.every((member) => member.isAwaitingJoin);
  }

  /** The longest that any member wants to be waited for. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...this.all.map((member) => member.rebalanceTimeoutMs));
  }

  get(memberId: string): ClassicMember | undefined {
    return this.members.get(memberId);
  }

  staticMemberId(groupInstanceId: string | null): string | undefined {
    return groupInstanceId === null ? undefined : this.#static.get(groupInstanceId);
  }

  add(member: ClassicMember): void {
    if (this.members.size === 0) this.protocolType = member.protocolType;
    if (member.groupInstanceId !== null) this.#static.set(member.groupInstanceId, member.id);
    this.leader ??= member.id;
    this.members.set(member.id, member);
    this.pendingJoin.delete(member.id);
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId);
    this.members.delete(memberId);
    this.pendingJoin.delete(memberId);
    this.pendingSync.delete(memberId);
    if (member !== undefined && member.groupInstanceId !== null) this.#static.delete(member.groupInstanceId);
    if (this.leader === memberId) this.leader = this.members.keys().next().value ?? null;
  }

  /** The same static member under another id. Whoever still uses the old one is fenced. */
  replaceStatic(old: ClassicMember, memberId: string): ClassicMember {
    const errorCode = errorCodes.FENCED_INSTANCE_ID;
    old.answerJoin({ errorCode, memberId: old.id, protocolName: null, leader: '', members: [] });
    old.answerSync({ errorCode, assignment: Buffer.alloc(0) });
    const member = new ClassicMember({ ...old.identity, memberId }, old.assignment);
    this.members.delete(old.id);
    this.members.set(memberId, member);
    this.#static.set(old.groupInstanceId!, memberId);
    if (this.leader === old.id) this.leader = memberId;
    return member;
  }

  /** Why this is not a member: unknown, or another has taken the place of its instance id. */
  errorOf(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const current = this.#static.get(groupInstanceId);
      if (current === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
      if (current !== memberId) return errorCodes.FENCED_INSTANCE_ID;
    }
    return this.members.has(memberId) ? errorCodes.NONE : errorCodes.UNKNOWN_MEMBER_ID;
  }

  /** Whether somebody with these protocols can be a member besides those who are there. */
  supports(protocolType: string, names: readonly string[]): boolean {
    return this.protocolType === protocolType && isSupported(names, this.all);
  }

  /** Whether a member that has joined leads; where the leader has not, the first that has takes its place. */
  electJoinedLeader(): boolean {
    if (this.leader === null) return false;
    if (this.members.get(this.leader)!.isAwaitingJoin) return true;
    const joined = this.all.find((member) => member.isAwaitingJoin);
    if (joined !== undefined) this.leader = joined.id;
    return joined !== undefined;
  }
}
