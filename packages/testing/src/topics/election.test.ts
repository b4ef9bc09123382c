import { expect, it } from 'vitest';
import { type Candidates, type Election, electLeader } from './election.ts';

const of = (leader: number, replicas: number[], isr: number[], elr: number[] = []): Candidates => ({ leader, replicas, isr, elr });

it.each<[string, Election, Candidates, alive: number[], leader: number, unclean: boolean]>([
  ['the leader stays while it may', 'online', of(2, [1, 2], [1, 2]), [1, 2], 2, false],
  ['the next in the order of replicas', 'online', of(1, [1, 3, 2], [1, 2, 3]), [2, 3], 3, false],
  ['nobody out of sync', 'online', of(1, [1, 2], [1]), [2], -1, false],
  ['an eligible one when nobody is in sync', 'online', of(-1, [1, 2], [], [2]), [1, 2], 2, false],
  ['no eligible one while somebody is in sync', 'online', of(-1, [1, 2], [1], [2]), [2], -1, false],
  ['the preferred one', 'preferred', of(2, [1, 2], [1, 2]), [1, 2], 1, false],
  ['the leader where the preferred one is out of sync', 'preferred', of(2, [1, 2], [2]), [1, 2], 2, false],
  ['another where both cannot', 'preferred', of(2, [1, 2, 3], [2, 3]), [1, 3], 3, false],
  ['one in sync before one that is not', 'unclean', of(-1, [1, 2], [2]), [1, 2], 2, false],
  ['one that is alive, if nobody else can', 'unclean', of(-1, [1, 2], [1]), [2], 2, true],
  ['nobody where all are dead', 'unclean', of(-1, [1, 2], [1]), [3], -1, false],
])('%s', (_, election, candidates, alive, leader, unclean) => {
  expect(electLeader(election, candidates, (id) => alive.includes(id))).toEqual({ leader, unclean });
});
