import type { Clock } from '@tskafka/core/protocol';
import type { MockBroker } from '../mock-broker.ts';
import type { MockCluster } from '../mock-cluster.ts';

/** What may go wrong by chance. */
export type ChaosFault =
  | 'dropRequest'
  | 'dropResponse'
  | 'delay'
  | 'throttle'
  | 'dropConnections'
  | 'blackhole'
  | 'restartBroker'
  | 'moveLeader'
  | 'moveCoordinator';

/** What chance has decided: two numbers in [0, 1), and how long a fault lasts that has an end. */
export interface FaultDraw {
  readonly target: number;
  readonly choice: number;
  readonly forMs: number;
}

/** A fault that has struck. */
interface Struck {
  readonly description: string;
  /** Called after `forMs`. */
  readonly undo?: () => void | Promise<void>;
}

/** Strikes, or gives undefined where there is nothing to strike. */
type Strike = (cluster: MockCluster, clock: Clock, draw: FaultDraw) => Struck | undefined;

/** The longest that an answer is kept back or a client told to wait. */
const mostMs = 300;

/** A client asks for these before anything else: without an answer it takes the broker for an old one. */
const neverDropped: ReadonlySet<string> = new Set(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']);

export const faults: Readonly<Record<ChaosFault, Strike>> = {
  dropRequest: (cluster, _clock, draw) => dropNext(cluster, pick(cluster.brokerIds, draw.target), 'request'),
  dropResponse: (cluster, _clock, draw) => dropNext(cluster, pick(cluster.brokerIds, draw.target), 'answer'),
  delay(cluster, clock, { target, choice, forMs }) {
    const broker = pick(cluster.brokerIds, target);
    const ms = Math.ceil(mostMs * choice);
    const delaying = cluster.intercept('*', async (call) => {
      if (call.broker === broker) await new Promise<void>((resolve) => clock.setTimeout(resolve, ms, { background: true }));
      return await call.pass();
    });
    return { description: `delay requests to broker ${broker} by ${ms} ms for ${whole(forMs)} ms`, undo: () => delaying.stop() };
  },
  throttle(cluster, _clock, { target, choice, forMs }) {
    const broker = pick(cluster.brokerIds, target);
    const ms = Math.ceil(mostMs * choice);
    const throttling = cluster.intercept('*', async (call) => {
      const response = await call.pass();
      if (call.broker !== broker || response === undefined || !isAnswer(response) || !('throttleTimeMs' in response)) return response;
      call.mute(ms);
      return { ...response, throttleTimeMs: ms };
    });
    return { description: `throttle clients of broker ${broker} by ${ms} ms for ${whole(forMs)} ms`, undo: () => throttling.stop() };
  },
  dropConnections(cluster, _clock, { target }) {
    const broker = cluster.broker(pick(cluster.brokerIds, target));
    broker.dropConnections();
    return { description: `break the connections to broker ${broker.id}` };
  },
  blackhole(cluster, _clock, { target, forMs }) {
    const broker = cluster.broker(pick(cluster.brokerIds, target));
    if (isAnyBroken(cluster)) return undefined;
    const hole = broker.blackhole();
    const undo = (): void => {
      hole.stop();
      // What was lost on the way is lost: the stream of bytes has a gap.
      broker.dropConnections();
    };
    return { description: `let nothing through to broker ${broker.id} for ${whole(forMs)} ms`, undo };
  },
  restartBroker(cluster, _clock, { target, choice, forMs }) {
    const broker = cluster.broker(pick(cluster.brokerIds, target));
    if (isAnyBroken(cluster)) return undefined;
    const failover = choice < 0.7;
    const stopped = choice < 0.3 ? broker.shutDown() : broker.down({ failover });
    const how = choice < 0.3 ? 'shut down' : failover ? 'kill' : 'kill, unnoticed,';
    const undo = async (): Promise<void> => {
      await stopped;
      await broker.up();
    };
    return { description: `${how} broker ${broker.id} for ${whole(forMs)} ms`, undo };
  },
  moveLeader(cluster, _clock, { target, choice }) {
    const all = cluster.topicNames.filter((name) => !name.startsWith('__')).map((name) => cluster.topic(name));
    const places = all.flatMap((topic) => Array.from({ length: topic.partitionCount }, (_, partition) => ({ topic, partition })));
    if (places.length === 0) return undefined;
    const { topic, partition } = pick(places, target);
    const { leader, inSync } = topic.partition(partition);
    const others = inSync.filter((id) => id !== leader && isUp(cluster.broker(id)));
    if (others.length === 0) return undefined;
    const next = pick(others, choice);
    topic.moveLeader(partition, next);
    return { description: `let broker ${next} lead ${topic.name}-${partition}` };
  },
  moveCoordinator(cluster, _clock, { target, choice }) {
    const groups = cluster.groupIds.map((id) => ({ name: `group ${id}`, of: cluster.group(id) }));
    const ids = cluster.transactions.map(({ transactionalId }) => transactionalId);
    const transactions = ids.map((id) => ({ name: `transactional id ${id}`, of: cluster.transaction(id) }));
    if (groups.length + transactions.length === 0) return undefined;
    const { name, of } = pick([...groups, ...transactions], target);
    const others = cluster.brokerIds.filter((id) => id !== of.coordinator && isUp(cluster.broker(id)));
    if (others.length === 0) return undefined;
    const next = pick(others, choice);
    of.moveCoordinator(next);
    return { description: `let broker ${next} coordinate ${name}` };
  },
};

export const chaosFaults = Object.keys(faults) as readonly ChaosFault[];

/** The connection of the next request breaks: before the broker has done anything, or after it has done everything. */
function dropNext(cluster: MockCluster, broker: number, what: 'request' | 'answer'): Struck {
  let left = 1;
  const dropping = cluster.intercept('*', async (call) => {
    if (call.broker !== broker || neverDropped.has(call.api) || left-- <= 0) return await call.pass();
    dropping.stop();
    if (what === 'answer') await call.pass();
    return call.drop();
  });
  return { description: `drop the next ${what} of broker ${broker}`, undo: () => dropping.stop() };
}

function isUp({ accepts, isBlackhole }: MockBroker): boolean {
  return accepts && !isBlackhole;
}

/** One broker at a time is out of reach: with more, nobody could expect a cluster to go on. */
function isAnyBroken(cluster: MockCluster): boolean {
  return cluster.brokerIds.some((id) => !isUp(cluster.broker(id)));
}

function isAnswer(response: unknown): response is object {
  return typeof response === 'object';
}

function pick<T>(from: readonly T[], chance: number): T {
  return from[Math.floor(chance * from.length)]!;
}

function whole(ms: number): number {
  return Math.ceil(ms);
}
