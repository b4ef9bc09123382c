import { describe, expect, it } from 'vitest';
import { BrokerError } from '../errors.ts';
import { brokerError, errorCodes, errorName, isRetriable, isStaleMetadata } from './error-codes.ts';

describe('error codes', () => {
  it('a code that is newer than this library has a name with its number, and is not retried', () => {
    expect(errorName(9999)).toBe('ERROR_9999');
    expect(isRetriable(9999)).toBe(false);
    expect(isStaleMetadata(9999)).toBe(false);
  });

  it('every code that means stale metadata is retriable', () => {
    const stale = Object.values(errorCodes).filter(isStaleMetadata);
    expect(stale.length).toBeGreaterThan(0);
    expect(stale.filter((code) => !isRetriable(code))).toEqual([]);
  });

  it('brokerError says what failed, the name and the number', () => {
    const error = brokerError(errorCodes.NOT_LEADER_OR_FOLLOWER, "Produce to 'orders' partition 3");
    expect(error).toBeInstanceOf(BrokerError);
    expect(error).toMatchObject({ code: 6, errorName: 'NOT_LEADER_OR_FOLLOWER', retriable: true });
    expect(error.message).toBe("Produce to 'orders' partition 3: NOT_LEADER_OR_FOLLOWER (6)");
  });

  it('the caller may know better whether it is retriable, and what caused it', () => {
    const cause = new Error('why');
    expect(brokerError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'x', { retriable: false, cause })).toMatchObject({ retriable: false, cause });
  });

  it("H19: the broker's own words are cut short, and cannot steer a terminal", () => {
    const { message } = brokerError(errorCodes.INVALID_REQUEST, 'x', { detail: `\u001b[31mred\n\u202e${'y'.repeat(1_000_000)}` });
    expect(message.startsWith('x: INVALID_REQUEST (42), \\u{1b}[31mred\\u{a}\\u{202e}yyy')).toBe(true);
    expect(message.length).toBeLessThan(1100);
    expect(brokerError(1, 'x', { detail: null }).message).toBe('x: OFFSET_OUT_OF_RANGE (1)');
  });
});
