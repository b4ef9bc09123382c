import { brokerError, errorCodes, TimeoutError } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { afterHeartbeatError, type NextStep } from './after-heartbeat-error.ts';

const newcomer = { epoch: 0, wasMember: false };
const rejoining = { epoch: 0, wasMember: true };
const member = { epoch: 3, wasMember: true };

describe('afterHeartbeatError', () => {
  it.each<[code: keyof typeof errorCodes, of: typeof member, step: NextStep]>([
    ['UNKNOWN_MEMBER_ID', member, 'join anew'],
    ['FENCED_MEMBER_EPOCH', member, 'join anew'],
    ['FENCED_MEMBER_EPOCH', newcomer, 'join anew'],
    ['GROUP_ID_NOT_FOUND', member, 'join anew'],
    ['GROUP_ID_NOT_FOUND', rejoining, 'end'],
    ['TOPIC_AUTHORIZATION_FAILED', newcomer, 'end'],
    ['TOPIC_AUTHORIZATION_FAILED', member, 'wait and tell'],
    ['TOPIC_AUTHORIZATION_FAILED', rejoining, 'wait and tell'],
    ['UNRELEASED_INSTANCE_ID', newcomer, 'wait'],
    ['NOT_COORDINATOR', member, 'wait'],
    ['GROUP_AUTHORIZATION_FAILED', member, 'end'],
    ['INVALID_REQUEST', member, 'end'],
  ])('%s', (code, of, step) => {
    expect(afterHeartbeatError(brokerError(errorCodes[code], 'heartbeat'), of)).toBe(step);
  });

  it('waits when no answer came', () => {
    expect(afterHeartbeatError(new TimeoutError('no answer', { retriable: true }), member)).toBe('wait');
  });
});
