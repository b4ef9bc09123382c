import { afterAll, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';

afterAll(() => broker.closeWires());

/** The frame of a request without a body, of a client without a name. */
function frameOf(apiKey: number, version: number): Buffer {
  const frame = Buffer.alloc(14);
  frame.writeInt32BE(10, 0);
  frame.writeInt16BE(apiKey, 4);
  frame.writeInt16BE(version, 6);
  frame.writeInt32BE(1, 8);
  frame.writeInt16BE(-1, 12);
  return frame;
}

it.each([
  ['ListOffsets', 0, apis.listOffsets],
  ['CreateTopics', 1, apis.createTopics],
  ['DescribeConfigs', 0, apis.describeConfigs],
  ['CreateTopics', 99, apis.createTopics],
])('ends the connection of a client that sends %s version %i', async (_, version, api) => {
  const wire = await broker.wire();
  const answer = wire.sendBytes(1, frameOf(api.key, version));
  await expect(answer).rejects.toThrow('the broker ended the connection');
});
