import { apis } from '@tskafka/core/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf, newProducer, produceTo } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import { type Protocol, TransactionalProducer } from './transactional-producer.ts';

afterAll(() => broker.closeWires());

describe('DescribeTransactions', () => {
  it.each<Protocol>([1, 2])('tells each state that a transaction comes through (protocol %i)', async (protocol) => {
    const topic = await broker.createTopic({ partitions: 2 });
    const producer = await TransactionalProducer.start(protocol, { timeoutMs: 30_000 });
    const { transactionalId } = producer;
    const fresh = { errorCode: code.none, transactionalId, transactionTimeoutMs: 30_000, topics: [] };
    expect(await producer.describe()).toEqual({ ...fresh, ...producer.identity, transactionState: 'Empty', transactionStartTimeMs: -1 });
    const before = Date.now();
    await producer.write(topic, ['a'], 1);
    const { transactionStartTimeMs, ...ongoing } = await producer.describe();
    const topics = [{ topic: topic.name, partitions: [1] }];
    expect(ongoing).toEqual({ ...fresh, ...producer.identity, transactionState: 'Ongoing', topics });
    expect(transactionStartTimeMs).toBeGreaterThanOrEqual(before);
    expect(transactionStartTimeMs).toBeLessThanOrEqual(Date.now());
    await producer.end(true);
    const complete = { ...fresh, transactionStartTimeMs };
    expect(await producer.describe()).toEqual({ ...complete, ...producer.identity, transactionState: 'CompleteCommit' });
    await producer.write(topic, ['b']);
    await producer.end(false);
    expect(await producer.describe()).toMatchObject({ ...producer.identity, transactionState: 'CompleteAbort' });
    await producer.initialize();
    expect(await producer.describe()).toMatchObject({ transactionState: 'Empty', transactionStartTimeMs: -1 });
  });

  const nothing = { producerId: 0, producerEpoch: 0, transactionState: '', transactionTimeoutMs: 0, transactionStartTimeMs: 0, topics: [] };
  it.each([
    ['a transactional id that nobody has used', broker.freshName('none'), code.transactionalIdNotFound],
    ['an empty one', '', code.invalidRequest],
  ])('does not know %s', async (_what, transactionalId, errorCode) => {
    const coordinator = await broker.coordinatorWire(transactionalId, 'transaction');
    const { transactionStates } = await coordinator.send(apis.describeTransactions, 0, { transactionalIds: [transactionalId] });
    expect(transactionStates).toEqual([{ errorCode, transactionalId, ...nothing }]);
  });

  if (broker.nodes > 1)
    it('is the coordinator’s to answer', async () => {
      const { coordinator, transactionalId } = await TransactionalProducer.start(2);
      const { nodeId } = await coordinator.send(apis.findCoordinator, 2, { key: transactionalId, keyType: 1 });
      const other = await broker.wire((nodeId % broker.nodes) + 1);
      const { transactionStates } = await other.send(apis.describeTransactions, 0, { transactionalIds: [transactionalId] });
      expect(transactionStates).toEqual([{ errorCode: code.notCoordinator, transactionalId, ...nothing }]);
    });
});

describe.each(versionsOf(apis.listTransactions))('ListTransactions version %i', (version) => {
  const prefix = broker.freshName(`list-${version}`);
  let open: TransactionalProducer;
  let idle: TransactionalProducer;
  beforeAll(async () => {
    const topic = await broker.createTopic();
    open = await TransactionalProducer.start(2, { transactionalId: `${prefix}-open` });
    idle = await TransactionalProducer.start(2, { transactionalId: `${prefix}-idle` });
    await open.write(topic, ['a']);
  });
  afterAll(() => open?.end(false));

  /** What all brokers list of these two: each lists those that it coordinates. */
  async function list(filters: object = {}): Promise<string[]> {
    const found: string[] = [];
    for (let node = 1; node <= broker.nodes; node++) {
      const wire = await broker.wire(node);
      const answer = await wire.send(apis.listTransactions, version, { stateFilters: [], producerIdFilters: [], ...filters });
      wire.close();
      expect(answer.errorCode).toBe(code.none);
      for (const { transactionalId, producerId, transactionState } of answer.transactionStates) {
        const producer = [open, idle].find((one) => one.transactionalId === transactionalId);
        if (producer === undefined) continue;
        expect(producerId).toBe(producer.identity.producerId);
        found.push(`${transactionalId.slice(prefix.length + 1)} ${transactionState}`);
      }
    }
    return found.toSorted();
  }

  it('lists all', async () => {
    expect(await list()).toEqual(['idle Empty', 'open Ongoing']);
  });

  it.each<[string, () => object, string[]]>([
    ['one state', () => ({ stateFilters: ['Ongoing'] }), ['open Ongoing']],
    ['several states', () => ({ stateFilters: ['Ongoing', 'Empty'] }), ['idle Empty', 'open Ongoing']],
    ['a state that is not in use', () => ({ stateFilters: ['Dead'] }), []],
    ['a producer id', () => ({ producerIdFilters: [idle.identity.producerId] }), ['idle Empty']],
    ['a producer id that nobody has', () => ({ producerIdFilters: [1_000_000_000] }), []],
    ['both', () => ({ producerIdFilters: [idle.identity.producerId], stateFilters: ['Ongoing'] }), []],
  ])('lists those of %s', async (_what, filters, expected) => {
    expect(await list(filters())).toEqual(expected);
  });

  it('tells the names that are no states', async () => {
    const wire = await broker.wire();
    const filters = { stateFilters: ['Nonsense', 'Empty', 'ongoing'], producerIdFilters: [] };
    const answer = await wire.send(apis.listTransactions, version, filters);
    expect([answer.errorCode, answer.unknownStateFilters.toSorted()]).toEqual([code.none, ['Nonsense', 'ongoing']]);
    expect(await list({ stateFilters: ['Nonsense'] })).toEqual([]);
  });

  if (version >= 1)
    it('lists those that have been open for a while', async () => {
      expect(await list({ durationFilter: -1 })).toEqual(['idle Empty', 'open Ongoing']);
      // One that was never begun counts as begun in 1970.
      expect(await list({ durationFilter: 3600_000 })).toEqual(['idle Empty']);
      expect(await list({ durationFilter: 3600_000, stateFilters: ['Ongoing'] })).toEqual([]);
    });

  if (version >= 2) {
    it.each([
      ['.*-open', ['open Ongoing']],
      ['-open', []],
      [`${prefix}.*`, ['idle Empty', 'open Ongoing']],
      ['', ['idle Empty', 'open Ongoing']],
      [null, ['idle Empty', 'open Ongoing']],
    ])('lists those whose whole name is like %j', async (transactionalIdPattern, expected) => {
      expect(await list({ transactionalIdPattern })).toEqual(expected);
    });

    it('refuses a pattern that is none', async () => {
      const wire = await broker.wire();
      const filters = { stateFilters: [], producerIdFilters: [], transactionalIdPattern: '(' };
      const answer = await wire.send(apis.listTransactions, version, filters);
      expect(answer).toMatchObject({ errorCode: code.invalidRegularExpression, transactionStates: [] });
    });
  }
});

describe('DescribeProducers', () => {
  async function producersOf(topic: Pick<TestTopic, 'name'>, partition = 0, node = 1) {
    const wire = await broker.wire(node);
    const topics = [{ name: topic.name, partitionIndexes: [partition] }];
    const answer = await wire.send(apis.describeProducers, 0, { topics });
    wire.close();
    return answer.topics[0]!.partitions[0]!;
  }

  it('tells what the partition remembers of an idempotent producer', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const leader = await broker.leaderWire(topic);
    const { producerId } = await newProducer(leader);
    const records = [1000, 3000, 2000].map((timestamp) => ({ value: 'x', timestamp }));
    await produceTo(leader, 9, topic, batchOf(records, { producerId, producerEpoch: 0, baseSequence: 0 }));
    expect(await producersOf(topic)).toEqual({
      ...{ partitionIndex: 0, errorCode: code.none, errorMessage: null },
      activeProducers: [
        { producerId, producerEpoch: 0, lastSequence: 2, lastTimestamp: 3000, coordinatorEpoch: -1, currentTxnStartOffset: -1 },
      ],
    });
  });

  it.each<Protocol>([1, 2])('tells where a transaction begins, and forgets it at its end (protocol %i)', async (protocol) => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    const producer = await TransactionalProducer.start(protocol);
    const { producerId, producerEpoch } = producer.identity;
    await producer.write(topic, ['a', 'b']);
    await producer.produce(topic, ['c']);
    const open = (await producersOf(topic)).activeProducers[0];
    expect(open).toMatchObject({ producerId, producerEpoch, lastSequence: 2, coordinatorEpoch: -1, currentTxnStartOffset: 0 });
    await producer.end(true);
    const ended = (await producersOf(topic)).activeProducers[0]!;
    expect(ended).toMatchObject({ ...producer.identity, currentTxnStartOffset: -1, lastSequence: protocol === 2 ? -1 : 2 });
    expect(ended.coordinatorEpoch).toBeGreaterThanOrEqual(0);
    await producer.write(topic, ['d']);
    expect((await producersOf(topic)).activeProducers[0]).toMatchObject({ currentTxnStartOffset: 4, lastSequence: protocol === 2 ? 0 : 3 });
    await producer.end(false);
  });

  it('tells of offsets in a transaction, too', async () => {
    const producer = await TransactionalProducer.start(2);
    await producer.commitOffset(broker.freshName('group'), await broker.createTopic(), 5);
    const [offsets] = (await producer.describe()).topics;
    const leader = (await broker.leaders('__consumer_offsets', await broker.wire()))[offsets!.partitions[0]!]!;
    const { activeProducers } = await producersOf({ name: '__consumer_offsets' }, offsets!.partitions[0], leader);
    const found = activeProducers.find(({ producerId }) => producerId === producer.identity.producerId);
    expect(found).toMatchObject({ ...producer.identity, lastSequence: 0 });
    expect(found!.currentTxnStartOffset).toBeGreaterThanOrEqual(0);
    await producer.end(false);
  });

  it.each<[string, string, number, number]>([
    ['a topic that is not there', broker.freshName('none'), 0, code.unknownTopicOrPartition],
    ['a name that none may have', 'not/a/topic', 0, code.invalidTopic],
  ])('refuses %s', async (_what, name, partition, errorCode) => {
    expect(await producersOf({ name }, partition)).toMatchObject({ errorCode, activeProducers: [] });
  });

  it('refuses a partition that is not there', async () => {
    const topic = await broker.createTopic({ assignments: [[1]] });
    expect(await producersOf(topic, 7)).toMatchObject({ errorCode: code.unknownTopicOrPartition, activeProducers: [] });
  });

  if (broker.nodes > 1)
    it('is for brokers that have a replica', async () => {
      const topic = await broker.createTopic({ assignments: [[1, 2]] });
      await until('node 2 has its replica', async () => (await producersOf(topic, 0, 2)).errorCode === code.none);
      expect(await producersOf(topic, 0, 3)).toMatchObject({ errorCode: code.notLeaderOrFollower });
    });
});
