import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import { FetchSession, isSessionError, type SessionPartition } from './fetch-session.ts';

function asked(partition: number, fetchOffset = 0, topicId = 'id'): SessionPartition {
  return {
    name: `orders-${partition}`,
    topic: 'orders',
    topicId,
    partition,
    currentLeaderEpoch: 1,
    fetchOffset,
    lastFetchedEpoch: 1,
    partitionMaxBytes: 100,
  };
}

/** A session that has begun with these. */
function sessionWith(...partitions: SessionPartition[]): FetchSession {
  const session = new FetchSession();
  session.next(partitions);
  session.answered(7);
  return session;
}

describe('FetchSession', () => {
  it('begins with all partitions', () => {
    expect(new FetchSession().next([asked(0), asked(1)])).toEqual({
      sessionId: 0,
      sessionEpoch: 0,
      partitions: [asked(0), asked(1)],
      forgotten: [],
    });
  });

  it('then tells what is new, what has changed and what is not wanted any more', () => {
    const session = sessionWith(asked(0), asked(1), asked(2));
    expect(session.next([asked(0), asked(1, 5), asked(3)])).toEqual({
      sessionId: 7,
      sessionEpoch: 1,
      partitions: [asked(1, 5), asked(3)],
      forgotten: [asked(2)],
    });
    session.answered(7);
    expect(session.next([asked(0), asked(1, 5), asked(3)])).toEqual({ sessionId: 7, sessionEpoch: 2, partitions: [], forgotten: [] });
  });

  it('forgets a topic that was made anew, and asks for its successor', () => {
    const session = sessionWith(asked(0, 5));
    const { partitions, forgotten } = session.next([asked(0, 0, 'other id')]);
    expect([partitions, forgotten]).toEqual([[asked(0, 0, 'other id')], [asked(0, 5)]]);
  });

  it('sends everything each time to a broker that keeps no session', () => {
    const session = new FetchSession();
    session.next([asked(0)]);
    session.answered(0);
    expect(session.next([asked(0)])).toMatchObject({ sessionId: 0, sessionEpoch: 0, partitions: [asked(0)] });
  });

  it.each([
    ['FETCH_SESSION_ID_NOT_FOUND', 0],
    ['INVALID_FETCH_SESSION_EPOCH', 7],
    ['FETCH_SESSION_TOPIC_ID_ERROR', 7],
    ['UNKNOWN_SERVER_ERROR', 7],
  ] as const)('F6: begins anew after %s', (name, sessionId) => {
    const session = sessionWith(asked(0));
    session.next([asked(0)]);
    session.refused(errorCodes[name]);
    expect(session.next([asked(0)])).toEqual({ sessionId, sessionEpoch: 0, partitions: [asked(0)], forgotten: [] });
  });

  it('F6: begins anew when an answer was lost', () => {
    const session = sessionWith(asked(0));
    session.next([asked(0, 3)]);
    session.reset();
    expect(session.next([asked(0, 3)])).toMatchObject({ sessionEpoch: 0, partitions: [asked(0, 3)] });
  });

  it('counts its requests', () => {
    const session = sessionWith(asked(0));
    for (let i = 0; i < 3; i++) session.answered(7);
    expect(session.next([]).sessionEpoch).toBe(4);
  });
});

describe('isSessionError', () => {
  it.each([
    ['FETCH_SESSION_ID_NOT_FOUND', true],
    ['INVALID_FETCH_SESSION_EPOCH', true],
    ['FETCH_SESSION_TOPIC_ID_ERROR', true],
    ['UNKNOWN_SERVER_ERROR', false],
  ] as const)('%s: %s', (name, is) => {
    expect(isSessionError(errorCodes[name])).toBe(is);
  });
});
