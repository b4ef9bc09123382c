import { javaHash } from '../coordinator-key.ts';
import type { Protocols } from './classic-member.ts';

interface Voter {
  readonly protocols: readonly { readonly name: string }[];
}

/** Whether all members have at least one of these protocols. */
export function isSupported(names: readonly string[], members: readonly Voter[]): boolean {
  return names.some((name) => members.every(({ protocols }) => protocols.some((protocol) => protocol.name === name)));
}

/** The protocol of the next generation: each member votes for the first of its own that all have, and the most votes win. */
export function selectProtocol(members: readonly Voter[]): string {
  const votes = new Map<string, number>();
  for (const { protocols } of members) {
    const favourite = protocols.find(({ name }) => isSupported([name], members))!.name;
    votes.set(favourite, (votes.get(favourite) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  const winners = [...votes.keys()].filter((name) => votes.get(name) === most);
  return winners.sort((a, b) => bucket(a) - bucket(b))[0]!;
}

/** Kafka counts votes in a Java HashMap, and with equal votes takes the first that it comes by. */
function bucket(name: string): number {
  const hash = javaHash(name);
  return (hash ^ (hash >>> 16)) & 15;
}

/** Whether a member says the same as before, in the same order. */
export function areSame(a: Protocols, b: Protocols): boolean {
  return a.length === b.length && a.every(({ name, metadata }, i) => name === b[i]!.name && Buffer.compare(metadata, b[i]!.metadata) === 0);
}
