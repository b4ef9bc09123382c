import type { PartitionDescription } from '@tskafka/core';

/** What may be wrong with a partition. Java: the filters of kafka-topics.sh --describe. */
export const healthFilters = ['unavailable', 'under-replicated', 'under-min-isr', 'at-min-isr'] as const;
export type HealthFilter = (typeof healthFilters)[number];

/** Whether that is wrong with it; `minIsr` is its topic's `min.insync.replicas`. */
export function isWrong(
  filter: HealthFilter,
  { leader, replicas, isr }: Pick<PartitionDescription, 'leader' | 'replicas' | 'isr'>,
  minIsr: number,
): boolean {
  switch (filter) {
    case 'unavailable':
      return leader === undefined;
    case 'under-replicated':
      return isr.length < replicas.length;
    case 'under-min-isr':
      return leader === undefined || isr.length < minIsr;
    case 'at-min-isr':
      return isr.length === minIsr;
  }
}
