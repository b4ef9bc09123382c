import type { TopicPartition } from '@tskafka/core';
import type { Cluster, CommitIdentity, ReadingMember } from '@tskafka/core/internal';
import type { Assignor } from './assignors/assignor.ts';

/** What a member does with what the group tells it. */
export interface GroupEvents {
  /** These come on top of what the member has. Resolves with true when they are read, and with false when the signal comes first. Never rejects. */
  assigned(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<boolean>;
  /** These go, and are still the member's until this resolves. Never rejects. */
  revoked(partitions: readonly TopicPartition[]): Promise<void>;
  /** These are somebody else's already. Never rejects. */
  lost(partitions: readonly TopicPartition[]): Promise<void>;
  /** The member is up to date with its group. */
  settled(): void;
  /** The session lives again after it was in doubt. */
  alive(): void;
  /** No broker can be reached; the member goes on trying. */
  unavailable(error: Error): void;
  /** The member may not see one of its topics any more: it stays one, and goes on asking. */
  denied(error: Error): void;
  /** The group will not have this member: it has given up. */
  failed(error: Error): void;
}

/** What a subscription names: topics, or all whose whole name matches. */
export type TopicsOf = readonly string[] | RegExp;

export interface GroupMemberOptions {
  readonly cluster: Cluster;
  readonly group: string;
  readonly topics: TopicsOf;
  readonly groupInstanceId: string | null;
  readonly rackId: string | null;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly assignors: readonly Assignor[];
  readonly serverAssignor: string | null;
  readonly events: GroupEvents;
}

/** One member of a group, by either protocol. */
export interface GroupMember {
  /** Who commits; undefined while it is no member. */
  readonly identity: CommitIdentity | undefined;
  /** Who asks what the group has committed; undefined while it is no member, and by the classic protocol, which does not say it. */
  readonly reader: ReadingMember | undefined;
  /** Whether the group still counts on this member, as far as it can know: what it has may be handed out. */
  readonly isAlive: boolean;
  /** Joins, and goes on being a member. */
  start(): void;
  /** Other topics from now on. */
  subscribe(topics: TopicsOf): void;
  /** Leaves, once, and says so for up to this time; a static member of a classic group only goes silent. Never rejects. */
  leave(timeoutMs: number): Promise<void>;
}
