import type { BrokerNode } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

describe('answers that cannot be right', () => {
  let scene: Scene;
  beforeEach(async () => {
    const begun = await Scene.start({ brokers: 1, topics: { orders: 1 } });
    onTestFinished(() => begun[Symbol.asyncDispose]());
    scene = begun;
  });

  it('H13: brokers of the metadata whose address cannot be dialled are left out, and the others serve', async () => {
    const bad: Partial<BrokerNode>[] = [
      { host: '' },
      { port: 0 },
      { port: -1 },
      { port: 70_000 },
      { id: -1 },
      { host: 'evil\u001b[2Jhost' },
      { host: 'two words' },
      { host: 'x'.repeat(256) },
    ];
    scene.cluster.intercept('Metadata', async (call) => {
      const response = (await call.pass())!;
      const hostile = bad.map((wrong, i) => {
        const { id, host, port } = { id: 10 + i, host: 'mock-1', port: 9092, ...wrong };
        return { ...response.brokers[0]!, nodeId: id, host, port };
      });
      return { ...response, brokers: [...response.brokers, ...hostile] };
    });
    await scene.connect();
    expect(scene.client.brokers.map(({ id }) => id)).toEqual([1]);
    await expect(scene.settledWithin(scene.client.topic('orders').latestOffsets(), 1000)).resolves.toEqual(new Map([[0, 0]]));
  });

  it('H13: a coordinator whose address cannot be dialled is never dialled, and the right one is found later', async () => {
    await scene.connect();
    let lies = 3;
    scene.cluster.intercept('FindCoordinator', async (call) => {
      const response = (await call.pass())!;
      if (lies-- <= 0) return response;
      return { ...response, coordinators: response.coordinators!.map((c) => ({ ...c, nodeId: 7, host: 'evil\u001b[2Jhost', port: 0 })) };
    });
    const { coordinators } = scene.client[clusterSymbol];
    const asked: number[] = [];
    const found = coordinators.retry(
      'group',
      'g',
      async (id, signal) => {
        asked.push(id);
        await scene.client[clusterSymbol].connection(id, 'coordinator', signal);
        return id;
      },
      { timeoutMs: 10_000 },
    );
    await expect(scene.settledWithin(found, 5000)).resolves.toBe(1);
    expect(asked).toEqual([7, 7, 7, 1]);
    expect(scene.client.brokers.map(({ id }) => id)).toEqual([1]);
  });

  it.each([-2, -5, Number.MIN_SAFE_INTEGER])(
    'H14: an end of a partition at offset %i is an error, and never read as one',
    async (offset) => {
      await scene.connect();
      scene.cluster.intercept('ListOffsets', async (call) => {
        const response = (await call.pass())!;
        const topics = response.topics.map((topic) => ({ ...topic, partitions: topic.partitions.map((p) => ({ ...p, offset })) }));
        return { ...response, topics };
      });
      for (const ask of [() => scene.client.topic('orders').latestOffsets(), () => scene.client.topic('orders').earliestOffsets()]) {
        const answer = ask();
        answer.catch(() => {});
        await expect(scene.settledWithin(answer, 1000)).rejects.toThrow(`a broker says that an end of orders/0 is ${offset}`);
      }
    },
  );

  it('H14: an offset beyond what a number holds exactly is an error, and never rounded', async () => {
    await scene.connect();
    await scene.client.topic('orders').partitions();
    scene.cluster.bytes('ListOffsets', (frame) => {
      const beyond = Buffer.from(frame);
      // The offset is the int64 before the leader epoch (4 bytes) and the tags (3 bytes) that close the answer.
      beyond.writeBigInt64BE(2n ** 60n + 1n, frame.length - 4 - 3 - 8);
      return beyond;
    });
    const answer = scene.client.topic('orders').latestOffsets();
    answer.catch(() => {});
    await expect(scene.settledWithin(answer, 1000)).rejects.toMatchObject({ name: 'ProtocolError' });
    await expect(scene.settledWithin(scene.client.topic('orders').latestOffsets(), 1000)).resolves.toEqual(new Map([[0, 0]]));
  });

  it('H19: the words of a broker on another cluster hold no control character', async () => {
    await scene.connect();
    scene.cluster.changeClusterId('evil\u001b[2J\r\nid');
    const partitions = scene.client.topic('orders').partitions();
    partitions.catch(() => {});
    await expect(scene.settledWithin(partitions, 1000)).rejects.toThrow('belongs to cluster evil\\u{1b}[2J\\u{d}\\u{a}id, and this client');
  });

  it('H12: a topic name that is too long is refused before it spoils a request that others share', async () => {
    await scene.connect();
    const before = scene.cluster.requests().length;
    await expect(scene.client.topic('x'.repeat(250)).partitions()).rejects.toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' });
    expect(scene.cluster.requests()).toHaveLength(before);
  });
});
