import { afterAll, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { emptyFrame } from '../empty-frame.ts';

afterAll(() => broker.closeWires());

it.each([
  ['ListOffsets', 0, apis.listOffsets],
  ['CreateTopics', 1, apis.createTopics],
  ['DescribeConfigs', 0, apis.describeConfigs],
  ['CreateTopics', 99, apis.createTopics],
])('ends the connection of a client that sends %s version %i', async (_, version, api) => {
  const wire = await broker.wire();
  const answer = wire.sendBytes(1, emptyFrame(api.key, version));
  await expect(answer).rejects.toThrow('the broker ended the connection');
});
