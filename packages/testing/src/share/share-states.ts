import { errorCodes } from '@tskafka/core/protocol';
import type { ShareError } from './acknowledge.ts';
import type { StateBatch } from './in-flight-batch.ts';
import type { ShareStateUpdate } from './share-partition.ts';
import { combineStateBatches } from './state-batches.ts';

/** What is known of a share partition when no broker has it in hand. */
export interface StoredShareState {
  /** The group's epoch when it was begun: whoever has it from before must let it go. */
  readonly stateEpoch: number;
  /** That of the last leader that has read it. */
  readonly leaderEpoch: number;
  /** -1 when the group has not begun to read yet. */
  readonly startOffset: number;
  /** How many records behind the start are done with; -1 when the group has not begun to read. */
  readonly deliveryCompleteCount: number;
  readonly batches: readonly StateBatch[];
}

const failed = (code: number, message: string): ShareError => ({ code, message });
const olderLeader = 'The leader epoch in the request is older than the epoch on the broker.';
const olderState = 'The share coordinator rejected the request because the share-group state epoch did not match.';

/** The states of all share partitions: what `__share_group_state` and its coordinators keep in a real cluster. */
export class ShareStates {
  /** By group, topic id and partition. */
  readonly #groups = new Map<string, Map<string, Map<number, StoredShareState>>>();

  copyFrom(other: ShareStates): void {
    for (const [groupId, topics] of other.#groups) {
      for (const [topicId, partitions] of topics) {
        for (const [partition, state] of partitions) this.#put(groupId, topicId, partition, state);
      }
    }
  }

  get(groupId: string, topicId: string, partition: number): StoredShareState | undefined {
    return this.#groups.get(groupId)?.get(topicId)?.get(partition);
  }

  /** The partitions of a group that have one, by topic id. */
  partitionsOf(groupId: string): ReadonlyMap<string, ReadonlyMap<number, StoredShareState>> {
    return this.#groups.get(groupId) ?? new Map();
  }

  /** Begins anew: at an offset, or (-1) where the group's configuration says when somebody first fetches. */
  initialize(groupId: string, topicId: string, partition: number, stateEpoch: number, startOffset = -1): void {
    const state = { stateEpoch, leaderEpoch: 0, startOffset, deliveryCompleteCount: -1, batches: [] };
    this.#put(groupId, topicId, partition, startOffset === -1 ? state : { ...state, deliveryCompleteCount: 0 });
  }

  /** A leader takes it in hand; nobody with an older epoch writes it from now on. */
  read(groupId: string, topicId: string, partition: number, leaderEpoch: number): StoredShareState | ShareError {
    const state = this.get(groupId, topicId, partition);
    if (state === undefined) return failed(errorCodes.UNKNOWN_SERVER_ERROR, 'Read operation on uninitialized share partition not allowed.');
    if (state.leaderEpoch > leaderEpoch) return failed(errorCodes.NOT_LEADER_OR_FOLLOWER, olderLeader);
    const read = { ...state, leaderEpoch };
    this.#put(groupId, topicId, partition, read);
    return read;
  }

  write(
    groupId: string,
    topicId: string,
    partition: number,
    epochs: { readonly stateEpoch: number; readonly leaderEpoch: number },
    update: ShareStateUpdate,
  ): ShareError | undefined {
    const state = this.get(groupId, topicId, partition);
    if (state === undefined)
      return failed(errorCodes.UNKNOWN_SERVER_ERROR, 'Write operation on uninitialized share partition not allowed.');
    if (state.leaderEpoch > epochs.leaderEpoch) return failed(errorCodes.NOT_LEADER_OR_FOLLOWER, olderLeader);
    if (state.stateEpoch > epochs.stateEpoch) return failed(errorCodes.NOT_LEADER_OR_FOLLOWER, olderState);
    const { startOffset, deliveryCompleteCount } = update;
    const batches = combineStateBatches(state.batches, update.batches, startOffset);
    this.#put(groupId, topicId, partition, { ...state, startOffset, deliveryCompleteCount, batches });
    return undefined;
  }

  /** Forgets a group, or what it knows of one topic. */
  delete(groupId: string, topicId?: string): void {
    if (topicId === undefined) this.#groups.delete(groupId);
    else this.#groups.get(groupId)?.delete(topicId);
  }

  forgetTopic(topicId: string): void {
    for (const topics of this.#groups.values()) topics.delete(topicId);
  }

  #put(groupId: string, topicId: string, partition: number, state: StoredShareState): void {
    let topics = this.#groups.get(groupId);
    if (topics === undefined) this.#groups.set(groupId, (topics = new Map<string, Map<number, StoredShareState>>()));
    let partitions = topics.get(topicId);
    if (partitions === undefined) topics.set(topicId, (partitions = new Map<number, StoredShareState>()));
    partitions.set(partition, state);
  }
}
