/** Of whatever is told of partitions. */
export const partitionColumns = [
  { name: 'topic', value: ({ topic }: { topic: string }) => topic },
  { name: 'partition', value: ({ partition }: { partition: number }) => partition, isId: true },
] as const;
