import type { Decoded, JoinGroupRequest, JoinGroupResponse, SyncGroupResponse } from '@tskafka/core/protocol';

export type Protocols = Decoded<JoinGroupRequest>['protocols'];

export const noAssignment: Uint8Array = Buffer.alloc(0);

/** What stays of a member when its coordinator restarts. */
export interface MemberIdentity {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  readonly clientHost: string;
  readonly protocolType: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** In the order in which the member prefers them. */
  readonly protocols: Protocols;
}

/** One member of a classic group, and the requests of its that wait for the others. */
export class ClassicMember {
  readonly id: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string | null;
  readonly clientHost: string;
  readonly protocolType: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: Protocols;
  assignment: Uint8Array;
  /** Whether it has never got an answer to a JoinGroup: then it cannot send heartbeats, and waiting does not keep it in. */
  isNew = false;
  #answerJoin: ((answer: JoinGroupResponse) => void) | undefined;
  #answerSync: ((answer: SyncGroupResponse) => void) | undefined;

  constructor(identity: MemberIdentity, assignment = noAssignment) {
    this.id = identity.memberId;
    this.groupInstanceId = identity.groupInstanceId;
    this.clientId = identity.clientId;
    this.clientHost = identity.clientHost;
    this.protocolType = identity.protocolType;
    this.sessionTimeoutMs = identity.sessionTimeoutMs;
    this.rebalanceTimeoutMs = identity.rebalanceTimeoutMs;
    this.protocols = identity.protocols;
    this.assignment = assignment;
  }

  get identity(): MemberIdentity {
    const { id, groupInstanceId, clientId, clientHost, protocolType, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = this;
    return { memberId: id, groupInstanceId, clientId, clientHost, protocolType, sessionTimeoutMs, rebalanceTimeoutMs, protocols };
  }

  get isAwaitingJoin(): boolean {
    return this.#answerJoin !== undefined;
  }

  get isAwaitingSync(): boolean {
    return this.#answerSync !== undefined;
  }

  /** Whoever waits for a rebalance need not send heartbeats. */
  get hasSatisfiedHeartbeat(): boolean {
    return !this.isNew && (this.isAwaitingJoin || this.isAwaitingSync);
  }

  /** An earlier request that waits is never answered: its client has given it up. */
  awaitJoin(answer: (answer: JoinGroupResponse) => void): void {
    this.#answerJoin = answer;
  }

  awaitSync(answer: (answer: SyncGroupResponse) => void): void {
    this.#answerSync = answer;
  }

  answerJoin(answer: JoinGroupResponse): void {
    this.#answerJoin?.(answer);
    this.#answerJoin = undefined;
  }

  /** Whether one was waiting. */
  answerSync(answer: SyncGroupResponse): boolean {
    const waiting = this.#answerSync;
    this.#answerSync = undefined;
    waiting?.(answer);
    return waiting !== undefined;
  }

  /** What it said with this protocol; empty when it does not have it. */
  metadata(protocolName: string | null): Uint8Array {
    return this.protocols.find(({ name }) => name === protocolName)?.metadata ?? noAssignment;
  }
}
