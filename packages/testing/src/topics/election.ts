/** Who leads a partition: pure rules. */

/** `online`: whoever may; `preferred`: the first replica if it may; `unclean`: somebody, even with the loss of records. */
export type Election = 'online' | 'preferred' | 'unclean';

export interface Candidates {
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Those that were in sync while the partition had enough of them (KIP-966). */
  readonly elr: readonly number[];
}

export interface Elected {
  /** -1: nobody. */
  readonly leader: number;
  /** Whether it may lack records. */
  readonly unclean: boolean;
}

export function electLeader(election: Election, candidates: Candidates, isAlive: (id: number) => boolean): Elected {
  const { leader, replicas, isr, elr } = candidates;
  const mayLead = (id: number): boolean => (isr.includes(id) || (isr.length === 0 && elr.includes(id))) && isAlive(id);
  const clean = (id: number): Elected => ({ leader: id, unclean: false });
  if (election === 'preferred' && mayLead(replicas[0]!)) return clean(replicas[0]!);
  if (mayLead(leader)) return clean(leader);
  const online = replicas.find(mayLead);
  if (online !== undefined) return clean(online);
  const any = election === 'unclean' ? replicas.find(isAlive) : undefined;
  return any === undefined ? clean(-1) : { leader: any, unclean: true };
}
