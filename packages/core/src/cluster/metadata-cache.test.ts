import { beforeEach, describe, expect, it } from 'vitest';
import { errorCodes } from '../protocol/error-codes.ts';
import { MetadataCache } from './metadata-cache.ts';

const idA = 'AAAAAAAAAAAAAAAAAAAAAQ';
const idB = 'AAAAAAAAAAAAAAAAAAAAAg';

interface Shape {
  topicId?: string;
  partitions?: [partition: number, leader: number, epoch: number][];
  errorCode?: number;
  brokers?: { nodeId: number; host: string; port: number }[];
}

function response({ topicId = idA, partitions = [], errorCode = 0, brokers }: Shape) {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    clusterId: 'c',
    controllerId: 1,
    clusterAuthorizedOperations: 0,
    brokers: (brokers ?? [1, 2].map((nodeId) => ({ nodeId, host: `b${nodeId}`, port: 9092 }))).map((broker) => ({ ...broker, rack: null })),
    topics: [
      {
        errorCode,
        name: 'orders',
        topicId,
        isInternal: false,
        topicAuthorizedOperations: 0,
        partitions: partitions.map(([partitionIndex, leaderId, leaderEpoch]) => ({
          errorCode: 0,
          partitionIndex,
          leaderId,
          leaderEpoch,
          replicaNodes: [1, 2],
          isrNodes: [1, 2],
          offlineReplicas: [],
        })),
      },
    ],
  };
}

describe('MetadataCache', () => {
  let cache: MetadataCache;
  const update = (answer: ReturnType<typeof response>) => {
    cache.updateBrokers(answer);
    cache.updateTopics(answer.topics);
  };
  const leader = (partition = 0) => cache.topic('orders')?.partitions.get(partition)?.leader;
  beforeEach(() => {
    cache = new MetadataCache();
    update(response({ partitions: [[0, 1, 5]] }));
  });

  it('M5: keeps the leader when a broker tells an older epoch', () => {
    update(response({ partitions: [[0, 2, 4]] }));
    expect(leader()).toBe(1);
  });

  it('M4: takes the leader of the same or a newer epoch', () => {
    update(response({ partitions: [[0, 2, 6]] }));
    expect(leader()).toBe(2);
  });

  it('M8: a topic made anew begins with its own epochs and partitions', () => {
    update(response({ topicId: idB, partitions: [[0, 2, 0]] }));
    expect(leader()).toBe(2);
    expect(cache.topicById(idA)).toBeUndefined();
    expect(cache.topicById(idB)?.name).toBe('orders');
  });

  it('M10: a partition without a leader is known, and has none', () => {
    update(response({ partitions: [[0, -1, 6]] }));
    expect(cache.topic('orders')?.partitions.has(0)).toBe(true);
    expect(leader()).toBeUndefined();
  });

  it('M11: a partition that one answer leaves out stays known', () => {
    update(response({ partitions: [] }));
    expect(leader()).toBe(1);
  });

  it('M11: a topic whose answer is a passing error stays known', () => {
    update(response({ errorCode: errorCodes.LEADER_NOT_AVAILABLE }));
    expect(leader()).toBe(1);
  });

  it('M7: a topic that does not exist is forgotten', () => {
    update(response({ errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION }));
    expect(cache.topic('orders')).toBeUndefined();
    expect(cache.topicById(idA)).toBeUndefined();
  });

  it('M3: takes a leader that a response named, if its epoch is newer', () => {
    cache.updateLeader('orders', 0, 2, 6);
    expect(leader()).toBe(2);
    cache.updateLeader('orders', 0, 1, 5);
    expect(leader()).toBe(2);
  });

  it('M3: takes the address of a leader that was not known', () => {
    cache.updateLeader('orders', 0, 9, 6, { id: 9, host: 'b9', port: 9092, rack: null });
    expect(leader()).toBe(9);
    expect(cache.brokers.get(9)?.host).toBe('b9');
  });

  it.each([
    ['an empty host', { nodeId: 3, host: '', port: 9092 }],
    ['port 0', { nodeId: 3, host: 'b', port: 0 }],
    ['port -1', { nodeId: 3, host: 'b', port: -1 }],
    ['port 70000', { nodeId: 3, host: 'b', port: 70000 }],
    ['a host with an escape sequence', { nodeId: 3, host: '\u001b[31mb', port: 9092 }],
    ['a host with a line break', { nodeId: 3, host: 'b\n', port: 9092 }],
    ['a negative id', { nodeId: -1, host: 'b', port: 9092 }],
  ])('H13: does not take a broker with %s', (_what, broker) => {
    update(response({ brokers: [broker] }));
    expect(cache.brokers.size).toBe(0);
  });

  it.each(['__proto__', 'constructor', 'shift'])('H12: a topic may be called %s', (name) => {
    const answer = response({ partitions: [[0, 1, 0]] });
    answer.topics[0]!.name = name;
    update(answer);
    expect(cache.topic(name)?.partitions.get(0)?.leader).toBe(1);
    expect(({} as Record<string, unknown>)['partitions']).toBeUndefined();
  });
});
