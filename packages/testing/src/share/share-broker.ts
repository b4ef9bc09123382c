import { errorCodes } from '@tskafka/core/protocol';
import type { ClusterState } from '../cluster-state.ts';
import type { Session } from '../handler.ts';
import type { PartitionState } from '../topics/topic.ts';
import type { ShareError } from './acknowledge.ts';
import { keyOf, ShareSession, type SessionPartition } from './share-session.ts';
import { SharePartition } from './share-partition.ts';
import { shareSettings } from './share-settings.ts';
import { startOffsetOf } from './start-offset.ts';

/** The session with which a request goes on; undefined when it begins or ends one. */
export type SessionOrError = { readonly session: ShareSession<Session> | undefined } | { readonly errorCode: number };

export const sessionEpoch = { initial: 0, final: -1 } as const;

interface Loaded {
  readonly share: SharePartition;
  readonly leaderEpoch: number;
  readonly topicId: string;
  readonly partition: number;
}

/** What one broker keeps for share groups: the share partitions that it leads, and the sessions of members that fetch from it. */
export class ShareBroker {
  readonly #state: ClusterState;
  readonly #brokerId: number;
  /** By group, and topic id with partition. */
  readonly #loaded = new Map<string, Map<string, Loaded>>();
  readonly #sessions = new Map<string, ShareSession<Session>>();
  /** The session that each connection has begun last. */
  readonly #connections = new Map<Session, ShareSession<Session>>();

  constructor(state: ClusterState, brokerId: number) {
    this.#state = state;
    this.#brokerId = brokerId;
  }

  session(groupId: string, memberId: string): ShareSession<Session> | undefined {
    return this.#sessions.get(sessionKey(groupId, memberId));
  }

  /** Begins, goes on with or is about to end the session of a ShareFetch. */
  fetchSession(
    groupId: string,
    memberId: string,
    epoch: number,
    request: { readonly added: SessionPartition[]; readonly forgotten: SessionPartition[]; readonly acknowledges: boolean },
    connection: Session,
  ): SessionOrError {
    if (epoch === sessionEpoch.initial) {
      if (request.acknowledges) return { errorCode: errorCodes.INVALID_REQUEST };
      this.#sessions.delete(sessionKey(groupId, memberId));
      if (this.#sessions.size >= this.#state.configs.number('group.share.max.share.sessions')) {
        return { errorCode: errorCodes.SHARE_SESSION_LIMIT_REACHED };
      }
      this.#begin(new ShareSession(groupId, memberId, connection, request.added));
      return { session: undefined };
    }
    const session = this.session(groupId, memberId);
    if (session === undefined) return { errorCode: errorCodes.SHARE_SESSION_NOT_FOUND };
    if (epoch === sessionEpoch.final) return { session: undefined };
    if (session.epoch !== epoch) return { errorCode: errorCodes.INVALID_SHARE_SESSION_EPOCH };
    session.advance(request.added, request.forgotten);
    return { session };
  }

  /** Goes on with the session of a ShareAcknowledge; gives what is wrong with it. */
  acknowledgeSession(groupId: string, memberId: string, epoch: number): number {
    if (epoch === sessionEpoch.initial) return errorCodes.INVALID_SHARE_SESSION_EPOCH;
    const session = this.session(groupId, memberId);
    if (session === undefined) return errorCodes.SHARE_SESSION_NOT_FOUND;
    if (epoch === sessionEpoch.final) return errorCodes.NONE;
    if (session.epoch !== epoch) return errorCodes.INVALID_SHARE_SESSION_EPOCH;
    session.advance();
    return errorCodes.NONE;
  }

  /** Ends a session: what its member has acquired is available again. */
  endSession(groupId: string, memberId: string): void {
    const session = this.session(groupId, memberId);
    if (session === undefined) return;
    this.#sessions.delete(sessionKey(groupId, memberId));
    for (const partition of session.partitions) {
      const share = this.#loaded.get(groupId)?.get(keyOf(partition))?.share;
      const error = share?.release(memberId);
      if (error !== undefined) this.dropIfLost(groupId, partition, error);
    }
  }

  /** The share partition, if this broker has it in hand. */
  loaded(groupId: string, partition: Pick<SessionPartition, 'topicId' | 'partition'>): SharePartition | undefined {
    const loaded = this.#loaded.get(groupId)?.get(keyOf(partition));
    if (loaded === undefined) return undefined;
    const { leader, leaderEpoch } = this.#state.topicById(loaded.topicId)?.partitions[loaded.partition] ?? { leader: -1, leaderEpoch: -1 };
    if (leader === this.#brokerId && leaderEpoch === loaded.leaderEpoch) return loaded.share;
    this.drop(groupId, partition);
    return undefined;
  }

  /** The share partition, from what is stored of it where need be. */
  load(groupId: string, partition: PartitionState): SharePartition | ShareError {
    const state = this.#state;
    const { topic, index, leaderEpoch, log } = partition;
    const key = { topicId: topic.id, partition: index };
    const known = this.loaded(groupId, key);
    if (known !== undefined) return known;
    const stored = state.shareStates.read(groupId, topic.id, index, leaderEpoch);
    if ('code' in stored) return stored;
    const { stateEpoch, batches } = stored;
    const reset = state.groupConfigs(groupId).value('share.auto.offset.reset');
    const startOffset = stored.startOffset === -1 ? startOffsetOf(log, reset, state.clock.wallTime()) : stored.startOffset;
    if (startOffset === undefined) {
      return { code: errorCodes.OFFSET_NOT_AVAILABLE, message: `Offset not found for topic partition: ${topic.name}-${index}` };
    }
    const share = new SharePartition({
      clock: state.clock,
      settings: () => shareSettings(state, groupId),
      write: (update) => state.shareStates.write(groupId, topic.id, index, { stateEpoch, leaderEpoch }, update),
      startOffset,
      batches,
    });
    let partitions = this.#loaded.get(groupId);
    if (partitions === undefined) this.#loaded.set(groupId, (partitions = new Map<string, Loaded>()));
    partitions.set(keyOf(key), { share, leaderEpoch, ...key });
    return share;
  }

  /** The share partitions of a group that this broker has in hand. */
  *loadedOf(groupId: string): Iterable<{ readonly share: SharePartition; readonly topicId: string; readonly partition: number }> {
    for (const loaded of [...(this.#loaded.get(groupId)?.values() ?? [])]) {
      if (this.loaded(groupId, loaded) !== undefined) yield loaded;
    }
  }

  /** Lets a share partition go after an error that says that somebody else has it. */
  dropIfLost(groupId: string, partition: Pick<SessionPartition, 'topicId' | 'partition'>, { code }: ShareError): void {
    if (lost.has(code)) this.drop(groupId, partition);
  }

  drop(groupId: string, partition: Pick<SessionPartition, 'topicId' | 'partition'>): void {
    const partitions = this.#loaded.get(groupId);
    const dropped = partitions?.get(keyOf(partition));
    partitions?.delete(keyOf(partition));
    if (partitions?.size === 0) this.#loaded.delete(groupId);
    // Whoever waits for it is told now, and finds it gone.
    dropped?.share.close();
  }

  #begin(session: ShareSession<Session>): void {
    const { connection } = session;
    this.#sessions.set(sessionKey(session.groupId, session.memberId), session);
    if (!this.#connections.has(connection)) connection.onClose(() => this.#disconnected(connection));
    this.#connections.set(connection, session);
  }

  /** The session goes with its connection, and the share partitions with the last session of their group. */
  #disconnected(connection: Session): void {
    const session = this.#connections.get(connection);
    this.#connections.delete(connection);
    if (session === undefined) return;
    const { groupId, memberId } = session;
    if (!this.#state.isAlive(this.#brokerId)) return this.#forget(); // a broker that dies cannot store anything
    if (this.session(groupId, memberId) === session) this.endSession(groupId, memberId);
    if ([...this.#sessions.values()].some((other) => other.groupId === groupId)) return;
    for (const loaded of [...(this.#loaded.get(groupId)?.values() ?? [])]) this.drop(groupId, loaded);
  }

  #forget(): void {
    this.#sessions.clear();
    for (const [groupId, partitions] of [...this.#loaded]) for (const loaded of [...partitions.values()]) this.drop(groupId, loaded);
  }
}

const lost: ReadonlySet<number> = new Set([
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.FENCED_STATE_EPOCH,
  errorCodes.GROUP_ID_NOT_FOUND,
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
]);

function sessionKey(groupId: string, memberId: string): string {
  return JSON.stringify([groupId, memberId]);
}
