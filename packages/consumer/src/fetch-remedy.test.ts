import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { remedyFor } from './fetch-remedy.ts';

describe('what helps against an error of a partition in an answer to Fetch', () => {
  it.each([
    ['OFFSET_OUT_OF_RANGE', 'reset'],
    ['NOT_LEADER_OR_FOLLOWER', 'refresh'],
    ['FENCED_LEADER_EPOCH', 'refresh'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'refresh'],
    ['UNKNOWN_TOPIC_ID', 'refresh'],
    ['INCONSISTENT_TOPIC_ID', 'refresh'],
    ['REPLICA_NOT_AVAILABLE', 'refresh'],
    ['LEADER_NOT_AVAILABLE', 'refresh'],
    ['KAFKA_STORAGE_ERROR', 'refresh'],
    ['UNKNOWN_LEADER_EPOCH', 'wait'],
    ['OFFSET_NOT_AVAILABLE', 'wait'],
    ['UNKNOWN_SERVER_ERROR', 'wait'],
    ['TOPIC_AUTHORIZATION_FAILED', 'report'],
    ['CORRUPT_MESSAGE', 'report'],
    ['UNSUPPORTED_COMPRESSION_TYPE', 'report'],
  ] as const)('%s: %s', (name, remedy) => {
    expect(remedyFor(errorCodes[name])).toBe(remedy);
  });

  it('tells the reader of a code that is newer than this library', () => {
    expect(remedyFor(999)).toBe('report');
  });
});
