import { apis, type Decoded, type ConsumerGroupHeartbeatResponse } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import type { Talk } from '../talk.ts';

type Owned = NonNullable<Decoded<ConsumerGroupHeartbeatResponse>['assignment']>['topicPartitions'];

/** A member of a consumer group (KIP-848), as far as it has come. */
export interface ConsumerMember {
  readonly groupId: string;
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly serverAssignor: 'uniform' | 'range';
  /** What it may subscribe to. */
  readonly topics: readonly TestTopic[];
  epoch: number;
  owned: Owned;
}

/** Members a and b, and c that comes back as d. */
const identities: readonly (readonly [memberId: string, instanceId: string | null])[] = [
  ['a', null],
  ['b', null],
  ['c', 'static'],
  ['d', 'static'],
];

/**
 * The members of two groups, whose target assignments are computed at once. The order of topics in which `uniform` assigns comes of
 * their ids, which are not those of the other cluster: its group has one topic.
 */
export async function consumersOf(talk: Talk, topics: readonly TestTopic[]): Promise<ConsumerMember[]> {
  const groups = [
    { groupId: talk.name('uniform'), serverAssignor: 'uniform', topics: topics.slice(0, 1) },
    { groupId: talk.name('range'), serverAssignor: 'range', topics },
  ] as const;
  const configs = [{ name: 'consumer.assignment.interval.ms', configOperation: 0, value: '0' }];
  const resources = groups.map(({ groupId }) => ({ resourceType: 32, resourceName: groupId, configs }));
  await talk.peek(apis.incrementalAlterConfigs, { resources, validateOnly: false });
  for (const { groupId } of groups) await talk.coordinator(groupId);
  return groups.flatMap((group) =>
    identities.map(([memberId, instanceId]) => ({ ...group, memberId, instanceId, epoch: 0, owned: [] satisfies Owned })),
  );
}
