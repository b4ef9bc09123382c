import {
  alterGroupOffsets,
  alterShareGroupOffsets,
  deleteGroupOffsets,
  deleteShareGroupOffsets,
  describeGroups,
  groupOffsets,
  type KafkaClient,
  type Results,
  shareGroupOffsets,
  type TopicPartition,
} from '@tskafka/core';

export interface PlaceOfGroup extends TopicPartition {
  readonly offset: number;
}

/** Where a group goes on in partitions, and how that is changed, whatever its type: share groups have requests of their own. */
export interface OffsetsOfGroup {
  readonly isShare: boolean;
  read(): Promise<readonly PlaceOfGroup[]>;
  alter(places: readonly PlaceOfGroup[]): Promise<(Error | undefined)[]>;
  /** Forgets what is known of these partitions; of a share group, of all that their topics have. */
  forget(places: readonly PlaceOfGroup[]): Promise<(Error | undefined)[]>;
}

/** A group that there is not becomes one of consumers, unless `isNewShare`. */
export async function offsetsOfGroup(client: KafkaClient, group: string, signal: AbortSignal, isNewShare = false): Promise<OffsetsOfGroup> {
  const described = (await describeGroups(client, [group], { signal })).get(group);
  const isShare = described === undefined || described instanceof Error ? isNewShare : described.type === 'share';
  const errorsOf = <Item>(items: readonly Item[], results: Results<Item>): (Error | undefined)[] => items.map((item) => results.get(item));
  if (!isShare) {
    return {
      isShare,
      read: () => groupOffsets(client, group, { signal }),
      alter: async (places) => errorsOf(places, await alterGroupOffsets(client, group, places, { signal })),
      forget: async (places) => errorsOf(places, await deleteGroupOffsets(client, group, places, { signal })),
    };
  }
  return {
    isShare,
    read: async () =>
      (await shareGroupOffsets(client, group, { signal })).flatMap(({ offset, ...place }) =>
        offset === undefined ? [] : { ...place, offset },
      ),
    alter: async (places) => errorsOf(places, await alterShareGroupOffsets(client, group, places, { signal })),
    forget: async (places) => {
      const results = await deleteShareGroupOffsets(client, group, [...new Set(places.map(({ topic }) => topic))], { signal });
      return places.map(({ topic }) => results.get(topic));
    },
  };
}
