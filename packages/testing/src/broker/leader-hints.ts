import type { HandlerContext } from '../handler.ts';

interface LeaderHint {
  readonly currentLeader: { readonly leaderId: number; readonly leaderEpoch: number };
}

interface Endpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** Tells who leads instead, so that the client need not ask for metadata first (KIP-951). */
export function leaderHints({ state, session }: HandlerContext): {
  of(topic: string, partition: number): LeaderHint;
  endpoints(): Endpoint[];
} {
  const leaders = new Set<number>();
  return {
    of(topic, index) {
      const { leader, leaderEpoch } = state.partition(topic, index)!;
      if (state.isAlive(leader)) leaders.add(leader);
      return { currentLeader: { leaderId: leader, leaderEpoch } };
    },
    endpoints: () => [...leaders].map((id) => ({ nodeId: id, ...session.addressOf(id), rack: state.brokers.get(id)?.rack ?? null })),
  };
}
