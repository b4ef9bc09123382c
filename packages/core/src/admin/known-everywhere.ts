import { delay } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { metadata as metadataApi } from '../protocol/apis/metadata.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { LinkedAbort, raceWithSignal } from '../signal.ts';
import type { AdminLimits } from './admin-options.ts';

/** A broker that has not heard after three seconds is not waited for any longer: it may be silent. */
const longestMs = 3000;
const pauseMs = 10;

const unheardOf: ReadonlySet<number> = new Set([errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorCodes.LEADER_NOT_AVAILABLE]);

/**
 * Resolves when all brokers know these topics. Each hears of a new topic a moment after the controller has made it, and would say until then that
 * there is none. A broker that cannot be reached is not waited for, and none for longer than the limits or three seconds: the topics exist all the same.
 * Rejects only when the signal is aborted, or the client closed.
 */
export async function knownEverywhere(cluster: Cluster, topics: readonly string[], { timeoutMs, signal }: AdminLimits): Promise<void> {
  const { clock } = cluster.options;
  const patience = new LinkedAbort(signal, cluster.closing);
  const timer = clock.setTimeout(() => patience.abort(), Math.min(timeoutMs, longestMs));
  const hears = async (broker: number): Promise<void> => {
    const connection = await cluster.connection(broker, 'main', patience.signal);
    const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false };
    for (;;) {
      const answer = await connection.send(metadataApi, request, { minVersion: 4, signal: patience.signal });
      if (!answer.topics.some(({ errorCode }) => unheardOf.has(errorCode))) return;
      await delay(clock, pauseMs, patience.signal);
    }
  };
  try {
    await Promise.all([...cluster.metadata.brokers.keys()].map((broker) => raceWithSignal(hears(broker), patience.signal).catch(() => {})));
  } finally {
    timer.cancel();
    patience.unlink();
  }
  signal?.throwIfAborted();
  cluster.closing.throwIfAborted();
}
