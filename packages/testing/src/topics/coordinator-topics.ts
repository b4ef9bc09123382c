/** The internal topics whose partitions' leaders are the coordinators. */
export const coordinatorTopics = { group: '__consumer_offsets', transaction: '__transaction_state' } as const;
export type CoordinatorType = keyof typeof coordinatorTopics;
