import { afterAll, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { append, batchOfValues, commit } from '../requests.ts';
import { describeGroupOffsets } from './group-oracle.ts';

afterAll(() => broker.closeWires());

it('reads 5 as the next offset where a consumer of message 4 commits 5', async () => {
  const topic = await broker.createTopic();
  await append(await broker.leaderWire(topic), topic, batchOfValues('0', '1', '2', '3', '4', '5', '6'));
  const group = broker.freshName('group');
  await commit(await broker.coordinatorWire(group), 8, group, topic, 5);
  expect(await describeGroupOffsets(group)).toEqual([{ topic: topic.name, partition: 0, currentOffset: 5, logEndOffset: 7, lag: 2 }]);
});
