import { type GroupOffset, groupOffsets, type KafkaClient, type ShareGroupOffset, shareGroupOffsets } from '@tskafka/core';

/** How far a group has come in a partition. */
export interface Progress {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Where it goes on; of a share group, before which all is dealt with. Undefined where it has not begun. */
  readonly committed: number | undefined;
  /** Where the partition ends; of a share group, and where no leader tells, undefined. */
  readonly end: number | undefined;
  readonly lag: number | undefined;
}

/** A group as it was listed or described; brokers before 3.8 list no types, and have no share groups. */
export interface TypedGroup {
  readonly group: string;
  readonly type: string | undefined;
}

/** How far each of these groups has come; the error of one that could not be asked. Each broker is asked once for all of them. */
export async function progressOf(
  client: KafkaClient,
  groups: readonly TypedGroup[],
  signal: AbortSignal,
): Promise<Map<string, Progress[] | Error>> {
  const named = (areShare: boolean): string[] => groups.filter(({ type }) => (type === 'share') === areShare).map(({ group }) => group);
  const [read, shared] = await Promise.all([
    groupOffsets(client, named(false), { signal }),
    shareGroupOffsets(client, named(true), { signal }),
  ]);
  const all = new Map<string, readonly (GroupOffset | ShareGroupOffset)[] | Error>([...read, ...shared]);
  return new Map(groups.map(({ group }) => [group, progressIn(group, all.get(group)!)]));
}

function progressIn(group: string, told: readonly (GroupOffset | ShareGroupOffset)[] | Error): Progress[] | Error {
  if (told instanceof Error) return told;
  return told.map((place) => ({
    ...{ group, topic: place.topic, partition: place.partition, committed: place.offset, lag: place.lag },
    end: 'end' in place ? place.end : undefined,
  }));
}

/** The sum of what is known. */
export function totalLag(rows: readonly Progress[]): number {
  return rows.reduce((sum, { lag = 0 }) => sum + lag, 0);
}

/** Whether it cannot be told how far the group is behind there, although it has begun. */
export function isUnknown({ committed, lag }: Progress): boolean {
  return committed !== undefined && lag === undefined;
}
