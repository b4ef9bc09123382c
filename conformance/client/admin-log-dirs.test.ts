import { alterReplicaLogDirs, describeLogDirs, describeReplicaLogDirs, type KafkaClient, valuesOf } from '@tskafka/core';
import { describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { topicWith, useClient, values } from '../consumer/fixture.ts';

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('describeLogDirs', () => {
  it('tells of each broker its directories, their room and their replicas', async () => {
    const { name } = await topicWith(values(0, 3), { replicationFactor: broker.nodes });
    const all = await describeLogDirs(client);
    expect([...all.keys()]).toEqual(client.brokers.map(({ id }) => id));
    for (const dirs of all.values()) {
      if (dirs instanceof Error) throw dirs;
      expect(dirs[0]).toMatchObject({ error: undefined, isCordoned: false });
      expect(dirs[0]!.totalBytes).toBeGreaterThan(dirs[0]!.usableBytes!);
      const replica = dirs.flatMap(({ replicas }) => replicas).find(({ topic }) => topic === name);
      expect(replica).toMatchObject({ topic: name, partition: 0, offsetLag: 0, isFuture: false });
      expect(replica!.sizeBytes).toBeGreaterThan(0);
    }
  });

  it('says that a broker is not in the cluster, beside what the others tell', async () => {
    const dirs = await describeLogDirs(client, [1, 99]);
    expect(dirs.get(1)).toBeInstanceOf(Array);
    expect(dirs.get(99)).toBeInstanceOf(Error);
    expect((dirs.get(99) as Error).message).toMatch(/^broker 99 is not in the cluster, which has 1/);
  });

  it('refuses an id that is none', async () => {
    await expect(describeLogDirs(client, [1.5])).rejects.toThrow(
      new TypeError("a broker's id must be a whole number of at least 0, not 1.5"),
    );
  });
});

describe('replicas', () => {
  it('are found in their directories, and moved to another of the same broker', async () => {
    const { name } = await topicWith(values(0, 3), { assignments: [[1]] });
    const here = { topic: name, partition: 0, broker: 1 };
    const nowhere = { topic: name, partition: 0, broker: 99 };
    const found = await describeReplicaLogDirs(client, [here, nowhere]);
    const { current, future } = valuesOf(new Map([[here, found.get(here)!]])).get(here)!;
    expect(current).toMatchObject({ path: expect.stringMatching(/^\//), offsetLag: 0 });
    expect(future).toBeUndefined();
    expect(found.get(nowhere)).toBeInstanceOf(Error);
    const moves = [
      { ...here, path: current!.path },
      { ...here, partition: 7, path: '/no/such/directory' },
      { ...nowhere, path: '/anywhere' },
    ];
    const moved = await alterReplicaLogDirs(client, moves);
    expect([...moved.keys()]).toEqual(moves);
    expect(moved.get(moves[0]!)).toBeUndefined();
    expect(moved.get(moves[1]!)).toMatchObject({ errorName: 'LOG_DIR_NOT_FOUND' });
    expect((moved.get(moves[2]!) as Error).message).toMatch(/^broker 99 is not in the cluster/);
    await expect(alterReplicaLogDirs(client, [{ ...here, path: '' }])).rejects.toThrow(/a path must be/);
  });
});
