import { errorCodes } from '@tskafka/core/protocol';
import { expect, it } from 'vitest';
import type { PartitionState } from '../topics/topic.ts';
import { replicationOutcome } from './await-replicas.ts';

const committed = { deleted: false, leader: 1, isr: [1, 2], minInSync: 2, log: { highWatermark: 5 } };

it.each([
  ['is committed', {}, errorCodes.NONE],
  ['is not', { log: { highWatermark: 4 } }, undefined],
  ['is committed, and too few are in sync by now', { isr: [1] }, errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND],
  ['is not, and too few are in sync', { isr: [1], log: { highWatermark: 4 } }, undefined],
  ['is with a leader of the past', { leader: 2 }, errorCodes.NOT_LEADER_OR_FOLLOWER],
  ['is in a topic that was deleted', { deleted: true }, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
])('a write that %s', (_what, change, outcome) => {
  const partition = { ...committed, ...change } as unknown as PartitionState;
  expect(replicationOutcome({ partition, requiredOffset: 5 }, 1)).toBe(outcome);
});
