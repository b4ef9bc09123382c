import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { DelegationTokens, isOwnerOrRenewer, mayRenew } from './delegation-tokens.ts';

function start() {
  const clock = new VirtualClock();
  const lifetimes = { maxLifetimeMs: 10_000, renewLifetimeMs: 1000, expiryCheckIntervalMs: 60_000 };
  return { clock, tokens: new DelegationTokens({ clock, random: Math.random, secretKey: 'key', ...lifetimes }) };
}

describe('a delegation token', () => {
  it('expires unless it is renewed, and is forgotten when the controller next looks', async () => {
    const { clock, tokens } = start();
    const token = tokens.create('User:alice', 'User:alice', [], -1);
    await clock.advance(1000);
    expect(tokens.isExpired(token)).toBe(false);
    tokens.renew(token, -1);
    await clock.advance(1000);
    expect(tokens.isExpired(token)).toBe(false);
    await clock.advance(1);
    expect(tokens.isExpired(token)).toBe(true);
    expect(tokens.byId(token.id)).toBe(token);
    await clock.advance(60_000 - 2001);
    expect(tokens.byId(token.id)).toBeUndefined();
  });

  it('never lives longer than it was made for', async () => {
    const { clock, tokens } = start();
    const token = tokens.create('User:alice', 'User:alice', [], 1500);
    await clock.advance(1000);
    tokens.renew(token, 1000);
    expect(token.expiresAt).toBe(token.issuedAt + 1500);
    expect(tokens.expire(token, 5000)).toBe(token.issuedAt + 1500);
  });

  it('is renewed by its owner and its renewers, and seen by who asked for it, too', () => {
    const token = start().tokens.create('User:alice', 'User:admin', ['User:bob'], -1);
    const rights = ['User:alice', 'User:admin', 'User:bob', 'User:eve'].map((who) => [mayRenew(token, who), isOwnerOrRenewer(token, who)]);
    expect(rights).toEqual([
      [true, true],
      [false, true],
      [true, true],
      [false, false],
    ]);
  });
});
