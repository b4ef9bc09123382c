import { describe, expect, it } from 'vitest';
import { Position } from './positions.ts';

function position(offset: number, isGiven = false): Position {
  return new Position({ topic: 'orders', partition: 0 }, offset, isGiven);
}

describe('Position', () => {
  it('is at 5 after message 4, and 5 is what a commit stores', () => {
    const p = position(4);
    p.fetched(9, 3);
    p.delivered(4, 2);
    expect([p.next, p.toFetch, p.leaderEpoch, p.fetchedEpoch]).toEqual([5, 10, 2, 3]);
  });

  it('F9: passes what nobody sees, and never moves back by it', () => {
    const p = position(4);
    p.passed(6, 1);
    expect(p.next).toBe(7);
    p.passed(5, 1);
    expect(p.next).toBe(7);
  });

  it('F9: is not moved back by what is handed out behind its back: a batch that was passed, and is iterated still', () => {
    const p = position(4);
    p.begin();
    p.passed(9, 3);
    p.delivered(5, 2);
    expect([p.next, p.leaderEpoch, p.isReadUpTo(p.next)]).toEqual([10, 3, true]);
  });

  it('passes no end that is set', () => {
    const p = position(4);
    p.passed(6, 1, 5);
    expect(p.next).toBe(5);
  });

  it('F8: is not moved back by a batch that begins and ends before it', () => {
    const p = position(4);
    p.fetched(2, 1);
    expect(p.toFetch).toBe(4);
  });

  it('F3: tells whoever asked before a jump that the answer is stale', () => {
    const p = position(4);
    const { moves } = p;
    p.moveTo(4);
    expect(p.moves).not.toBe(moves);
  });

  it('F12: asks again for what was fetched and not handed out', () => {
    const p = position(4);
    p.fetched(9, 3);
    p.delivered(4, -1);
    p.dropFetched();
    expect([p.next, p.toFetch, p.fetchedEpoch]).toEqual([5, 5, -1]);
  });

  it('is given until something is fetched from it, and again after a jump', () => {
    const p = position(4, true);
    expect(p.isGiven).toBe(true);
    p.fetched(5, 1);
    expect(p.isGiven).toBe(false);
    p.moveTo(0);
    expect(p.isGiven).toBe(true);
  });

  it('is read once a message was handed out, and by nothing else', () => {
    const p = position(4);
    p.passed(5, 1);
    p.moveTo(6);
    expect(p.isReadUpTo(6)).toBe(false);
    p.delivered(6, -1);
    expect([p.isReadUpTo(6), p.isReadUpTo(7)]).toEqual([false, true]);
    p.moveTo(2);
    expect(p.isReadUpTo(2)).toBe(true);
  });

  it('is unread where somebody chose it, until something is handed out', () => {
    const [chosen, committed] = [position(4, true), position(4)];
    chosen.fetched(9, 3);
    expect([chosen.isUnread, committed.isUnread]).toEqual([true, false]);
    committed.moveTo(6);
    chosen.delivered(4, 2);
    expect([chosen.isUnread, committed.isUnread]).toEqual([false, true]);
  });

  it('F14: returns to what was handed out and not handled, and never moves on by it', () => {
    const p = position(4);
    p.delivered(4, 2);
    p.delivered(5, 3);
    p.fetched(9, 3);
    p.returnTo(5, 2);
    expect([p.next, p.toFetch, p.leaderEpoch]).toEqual([5, 5, 2]);
    p.returnTo(8, 2);
    expect(p.next).toBe(5);
  });
});
