import { MockCluster } from '@tskafka/testing';
import { expect, it, onTestFinished } from 'vitest';
import { tskafka } from '../programs/tskafka.ts';

it('what has a leader is read, and what has none is said', async () => {
  const cluster = await MockCluster.start({ topics: { orders: { partitions: 3, replicationFactor: 1 } } });
  onTestFinished(() => cluster.close());
  const topic = cluster.topic('orders');
  for (const partition of [0, 1, 2]) topic.append({ value: `of ${partition}`, partition });
  const brokers = (await cluster.listen()).brokers.join(',');
  await cluster.broker(topic.partition(0).leader!).down();

  for (const command of ['consume orders -p 1', 'tail orders -p 1', 'consume orders -p 1,1 -o @-1h'])
    expect(await tskafka(command, { brokers })).toMatchObject({ code: 0, stdout: 'of 1\n' });
  expect(await tskafka('consume orders --timeout 5s', { brokers })).toEqual({
    code: 1,
    stdout: '',
    stderr: [
      'error: partition orders/0 has no leader',
      'cause: LEADER_NOT_AVAILABLE: the brokers that have it are down',
      'hint:  tskafka topic describe orders shows which they are; -p reads only those that you name\n',
    ].join('\n'),
  });
});
