import { alterGroupOffsets, KafkaClient, valuesOf } from '@tskafka/core';
import { MockCluster } from '@tskafka/testing';
import { expect, it } from 'vitest';
import { tskafka } from '../programs/tskafka.ts';

it('tskafka group describe says that nothing is committed only where it knows', async () => {
  await using cluster = await MockCluster.start({ brokers: 1, topics: { orders: 1 } });
  const brokers = (await cluster.listen()).brokers.join(',');
  await using client = await KafkaClient.connect({ brokers });
  valuesOf(await alterGroupOffsets(client, 'billing', [{ topic: 'orders', partition: 0, offset: 0 }]));
  cluster.fail('OffsetFetch', ['GROUP_AUTHORIZATION_FAILED']);
  const denied = await tskafka('group describe billing', { brokers });
  expect(denied).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('may not read group billing') });
  expect(denied.stderr).not.toContain('no commits');
  expect((await tskafka('group describe billing', { brokers })).stdout).toMatch(/^orders +0 /m);
});
