import { expect, it } from 'vitest';
import { ShareSession } from './share-session.ts';

const partition = (topicId: string, number: number) => ({ topic: 'orders', topicId, partition: number });
const [a0, a1, b0] = [partition('a', 0), partition('a', 1), partition('b', 0)];

it('begins with all partitions, and then says only what changes', () => {
  const session = new ShareSession();
  expect(session.isOpen).toBe(false);
  expect(session.change([a0, a1])).toEqual({ epoch: 0, added: [a0, a1], forgotten: [] });
  session.answered();
  expect(session.isOpen).toBe(true);
  expect(session.change([a0, a1])).toEqual({ epoch: 1, added: [], forgotten: [] });
  session.answered();
  expect(session.change([a1, b0])).toEqual({ epoch: 2, added: [b0], forgotten: [a0] });
});

it('takes a topic that was made anew for another one', () => {
  const session = new ShareSession();
  session.change([a0]);
  session.answered();
  expect(session.change([b0])).toEqual({ epoch: 1, added: [b0], forgotten: [a0] });
});

it('begins anew when both sides may disagree', () => {
  const session = new ShareSession();
  session.change([a0]);
  session.answered();
  session.reset();
  expect(session.isOpen).toBe(false);
  expect(session.change([a0])).toEqual({ epoch: 0, added: [a0], forgotten: [] });
});

it('counts from 1 again behind the highest epoch, for 0 would be a new session', () => {
  const session = new ShareSession(0x7fffffff);
  session.answered();
  expect(session.epoch).toBe(1);
});
