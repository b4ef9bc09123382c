import type { Clock, Timer } from '@tskafka/core/protocol';
import type { BrokerConfigs } from '../configs/configs.ts';
import type { Group } from './group.ts';
import type { CommittedOffset } from './group-offsets.ts';
import type { GroupMembers } from './group-members.ts';

/** Whether an offset has been kept for long enough. Old clients say how long that is when they commit. */
export function isExpired({ expiresAt }: CommittedOffset, keptSince: number, now: number, retentionMs: number): boolean {
  return expiresAt === undefined ? now - keptSince >= retentionMs : now >= expiresAt;
}

/** Forgets the offsets of a group that have been kept for long enough, and that no open transaction may change. Whether none is left. */
function expireOffsets({ members, offsets }: Group, now: number, retentionMs: number): boolean {
  for (const [topic, partitions] of [...offsets.topics]) {
    if (members.isSubscribedTo(topic)) continue;
    for (const [partition, committed] of [...partitions]) {
      const keptSince = members.offsetKeptSince(committed.committedAt);
      const expired = keptSince !== undefined && isExpired(committed, keptSince, now, retentionMs);
      if (expired && !offsets.isUnstable(topic, partition)) offsets.forget(topic, partition);
    }
  }
  return offsets.topics.size === 0 && !offsets.hasOpenTransactions;
}

interface Groups {
  readonly clock: Clock;
  readonly configs: BrokerConfigs;
  readonly groups: ReadonlyMap<string, Group>;
  deleteGroup(id: string): void;
}

/** Looks now and then which offsets have expired, and which groups have nothing left: neither members nor offsets. */
export class GroupExpiry {
  readonly #cluster: Groups;
  #timer: Timer | undefined;

  constructor(cluster: Groups) {
    this.#cluster = cluster;
  }

  /** Goes on for as long as there are groups. */
  start(): void {
    const intervalMs = this.#cluster.configs.number('offsets.retention.check.interval.ms');
    this.#timer ??= this.#cluster.clock.setTimeout(() => this.#expire(), intervalMs, { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const { clock, configs, groups } = this.#cluster;
    const retentionMs = configs.number('offsets.retention.minutes') * 60_000;
    for (const group of [...groups.values()]) {
      if (!canExpire(group.members)) continue;
      if (expireOffsets(group, clock.wallTime(), retentionMs) && group.members.isEmpty) this.#cluster.deleteGroup(group.id);
    }
    if (groups.size > 0) this.start();
  }
}

/** Share groups are there until somebody deletes them. */
function canExpire({ type }: GroupMembers): boolean {
  return type !== 'share';
}
