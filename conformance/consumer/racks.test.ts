import { BalancedConsumer, type KafkaClient } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { until } from '../until.ts';
import { useClient } from './fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

/** Each of three nodes is a rack of its own. */
describe.runIf(broker.nodes === 3).each(['range', 'sticky'] as const)(
  'members of a classic group that say their racks, by %s',
  (assignor) => {
    it('have the partitions that are there', async () => {
      const topic = await broker.createTopic({ assignments: [[1], [2], [3]] });
      // Without racks the names would decide, and each but the second would read from afar.
      const join = (groupInstanceId: string, clientRack: string) =>
        BalancedConsumer.start(client.topic(topic.name), {
          ...{ consumerGroup: `racks-${topic.name}`, groupProtocol: 'classic', partitionAssignors: [assignor], heartbeatIntervalMs: 100 },
          ...{ groupInstanceId, clientRack },
        });
      await using a = await join('a', 'r3');
      await using b = await join('b', 'r2');
      await using c = await join('c', 'r1');
      const assigned = () => [a, b, c].map(({ assignment }) => assignment.map(({ partition }) => partition).join());
      await until('each has the partition of its rack', () => Promise.resolve(assigned().join(' ') === '2 1 0'));
      expect(assigned()).toEqual(['2', '1', '0']);
    });
  },
);
