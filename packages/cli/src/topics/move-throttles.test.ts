import { expect, it } from 'vitest';
import { moveThrottles } from './move-throttles.ts';

const rates = (name: string) => ({
  ...{ type: 'broker', name },
  set: { 'leader.replication.throttled.rate': '1000', 'follower.replication.throttled.rate': '1000' },
});

it('throttles who is read from and who is written, of each topic, and each broker that has to do with it', () => {
  const moves = [
    { topic: 'orders', partition: 0, from: [1, 2], adding: [], to: [2, 3] },
    { topic: 'orders', partition: 1, from: [2, 1], adding: [], to: [2, 1] },
    { topic: 'logs', partition: 4, from: [1], adding: [], to: [4] },
  ];
  expect(moveThrottles(moves, 1000)).toEqual([
    {
      ...{ type: 'topic', name: 'orders' },
      set: {
        'leader.replication.throttled.replicas': '0:1,0:2,1:2,1:1',
        'follower.replication.throttled.replicas': '0:3',
      },
    },
    {
      ...{ type: 'topic', name: 'logs' },
      set: { 'leader.replication.throttled.replicas': '4:1', 'follower.replication.throttled.replicas': '4:4' },
    },
    ...['1', '2', '3', '4'].map(rates),
  ]);
});

it('who is getting it already is written, and not read from', () => {
  const [topic] = moveThrottles([{ topic: 'orders', partition: 0, from: [3, 1], adding: [3], to: [3] }], 1000);
  expect(topic!.set).toEqual({
    'leader.replication.throttled.replicas': '0:1',
    'follower.replication.throttled.replicas': '0:3',
  });
});
