import { type GroupOffset, groupOffsets, type KafkaClient, KafkaError, shareGroupOffsets } from '@tskafka/core';

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

/** How far each of these groups has come; the error of one that could not be asked. The ends of partitions are asked once for all. */
export async function progressOf(
  client: KafkaClient,
  groups: readonly TypedGroup[],
  signal: AbortSignal,
): Promise<Map<string, Progress[] | Error>> {
  const isShare = ({ type }: TypedGroup): boolean => type === 'share';
  const readers = groups.filter((group) => !isShare(group)).map(({ group }) => group);
  const ofShare = async ({ group }: TypedGroup): Promise<readonly [string, Progress[] | Error]> => {
    try {
      const offsets = await shareGroupOffsets(client, group, { signal });
      return [
        group,
        offsets.map(({ topic, partition, offset, lag }) => ({ ...{ group, topic, partition, lag }, committed: offset, end: undefined })),
      ];
    } catch (error) {
      if (error instanceof KafkaError && !signal.aborted) return [group, error];
      throw error;
    }
  };
  const [read, shared] = await Promise.all([groupOffsets(client, readers, { signal }), Promise.all(groups.filter(isShare).map(ofShare))]);
  const ofReader = ([group, told]: [string, GroupOffset[] | Error]): readonly [string, Progress[] | Error] => {
    if (told instanceof Error) return [group, told];
    return [group, told.map(({ topic, partition, offset, end, lag }) => ({ ...{ group, topic, partition, end, lag }, committed: offset }))];
  };
  const all = new Map([...[...read].map(ofReader), ...shared]);
  return new Map(groups.map(({ group }) => [group, all.get(group)!]));
}

/** The sum of what is known. */
export function totalLag(rows: readonly Progress[]): number {
  return rows.reduce((sum, { lag = 0 }) => sum + lag, 0);
}

/** Whether it cannot be told how far the group is behind there, although it has begun. */
export function isUnknown({ committed, lag }: Progress): boolean {
  return committed !== undefined && lag === undefined;
}
