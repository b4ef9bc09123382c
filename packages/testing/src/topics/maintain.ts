import type { Clock } from '@tskafka/core/protocol';
import { type BrokerConfigs, topicConfig, topicConfigNumber } from '../configs/configs.ts';
import { cleanableRange, compact, type CompactionRules, groupSegments } from '../log/compaction.ts';
import { expiredSegments } from '../log/retention.ts';
import type { PartitionState } from './topic.ts';

export interface MaintenanceEnvironment {
  readonly clock: Clock;
  readonly configs: BrokerConfigs;
}

/**
 * Does what the broker's housekeeping would have done since somebody last looked: retention, compaction, and forgetting producers, each at
 * its interval since the topic was created (`log.retention.check.interval.ms`, `log.cleaner.backoff.ms`, `producer.id.expiration.check.interval.ms`).
 *
 * It is done when somebody looks, and not by timers: a log that nobody looks at keeps no process alive.
 */
export function maintain(partition: PartitionState, environment: MaintenanceEnvironment): void {
  const { clock, configs } = environment;
  const since = partition.maintainedAt;
  const now = clock.now();
  if (now - since < 1) return;
  partition.maintainedAt = now;
  const wallTimeAt = (time: number): number => clock.wallTime() - (now - time);
  const { createdAt } = partition.topic;
  const due = (config: string): number | undefined => lastTurn(configs.number(config), createdAt, since, now);

  const policy = policyOf(partition, configs);
  const cleaning = policy.compacts ? due('log.cleaner.backoff.ms') : undefined;
  if (cleaning !== undefined) {
    for (const time of cleaningTimes(partition, environment, since, now))
      compactPartition(partition, configs, wallTimeAt(time), 'when due');
  }
  // The cleaner also deletes, where both is to be done.
  const checking = policy.compacts ? cleaning : due('log.retention.check.interval.ms');
  if (checking !== undefined) applyRetention(partition, configs, wallTimeAt(checking));
  const forgetting = due('producer.id.expiration.check.interval.ms');
  if (forgetting !== undefined) partition.log.expireProducers(wallTimeAt(forgetting) - configs.number('producer.id.expiration.ms'));
}

/** Deletes the segments that have had their time, or are too many. */
export function applyRetention(partition: PartitionState, configs: BrokerConfigs, wallTime: number): void {
  const { log, topic } = partition;
  const setting = (name: string): number => topicConfigNumber(name, topic.configs, configs);
  const rules = { deletes: policyOf(partition, configs).deletes, maxMs: setting('retention.ms'), maxBytes: setting('retention.bytes') };
  log.deleteSegments(expiredSegments(log, rules, wallTime));
}

/** Cleans a log whose policy is to compact: if there is enough to do, or in any case. */
export function compactPartition(partition: PartitionState, configs: BrokerConfigs, wallTime: number, when: 'when due' | 'now'): void {
  const { log, topic } = partition;
  if (!policyOf(partition, configs).compacts) return;
  const rules = compactionRules(partition, configs);
  // A system clock has fractions of a millisecond, and a batch has not.
  const time = Math.trunc(wallTime);
  const range = cleanableRange(log, rules, time);
  if (when === 'when due' && !range.isDue) return;
  const end = range.firstUncleanableOffset;
  const before = log.batches.filter(({ baseOffset }) => baseOffset < end);
  const cleaned = compact(before, {
    ...{ range, wallTime: time, deleteRetentionMs: rules.deleteRetentionMs },
    aborted: log.transactions.abortedBetween(0, end),
    isLastOfProducer: (batch) => {
      const state = log.producers.get(batch.producerId);
      const last = state?.batches.at(-1);
      return last === undefined ? batch.isControl && batch.producerEpoch === state?.epoch : batch.lastOffset === last.lastOffset;
    },
  });
  log.replaceBefore(end, cleaned, groupSegments(log.segments, end, topicConfigNumber('segment.bytes', topic.configs, configs)));
}

function policyOf({ topic }: PartitionState, configs: BrokerConfigs): { readonly compacts: boolean; readonly deletes: boolean } {
  const policy = topicConfig('cleanup.policy', topic.configs, configs);
  return { compacts: policy.includes('compact'), deletes: policy.includes('delete') };
}

function compactionRules({ topic }: PartitionState, configs: BrokerConfigs): CompactionRules {
  const setting = (name: string): number => topicConfigNumber(name, topic.configs, configs);
  return {
    deleteRetentionMs: setting('delete.retention.ms'),
    minLagMs: setting('min.compaction.lag.ms'),
    maxLagMs: setting('max.compaction.lag.ms'),
    minDirtyRatio: setting('min.cleanable.dirty.ratio'),
  };
}

/** The last time in (since, now] at which something was due that happens every `interval` after `start`. */
export function lastTurn(interval: number, start: number, since: number, now: number): number | undefined {
  const last = start + Math.floor((now - start) / interval) * interval;
  return last > since ? last : undefined;
}

/**
 * The turns of the cleaner up to `last` that may have found something to do: the first, the last, and the first after a segment became old
 * enough. Between them nothing changed.
 */
function cleaningTimes(partition: PartitionState, { clock, configs }: MaintenanceEnvironment, since: number, last: number): number[] {
  const interval = configs.number('log.cleaner.backoff.ms');
  const { minLagMs, maxLagMs } = compactionRules(partition, configs);
  const { createdAt } = partition.topic;
  const clockStart = clock.wallTime() - clock.now();
  const old = partition.log.segments.flatMap(({ largestTimestamp, firstTimestamp = Infinity }) => [
    largestTimestamp + minLagMs - clockStart,
    firstTimestamp + maxLagMs - clockStart,
  ]);
  const turnAfter = (time: number): number => createdAt + (Math.floor((Math.max(time, since) - createdAt) / interval) + 1) * interval;
  const turns = [since, ...old].map(turnAfter).filter((turn) => turn < last);
  return [...new Set([...turns, last])].sort((a, b) => a - b);
}
