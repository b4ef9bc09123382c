import { apis } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import { batchOf } from '../../requests.ts';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { fetchRequest, nowhere, produceRequest, recordTime as timestamp } from './requests.ts';
import { Producer } from './transactional-producer.ts';

const { describeTransactions, listTransactions, describeProducers, writeTxnMarkers, initProducerId, produce, fetch } = apis;

const of = (name: string, ...partitionIndexes: number[]) => ({ topics: [{ name, partitionIndexes }] });

interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed?: boolean;
  readonly coordinatorEpoch?: number;
  readonly transactionVersion?: number;
}

function markers(version: number, topic: Pick<TestTopic, 'name'>, marker: Marker, partition = 0) {
  const { producerId, producerEpoch, committed = false, coordinatorEpoch = 0, transactionVersion = 0 } = marker;
  const topics = [{ name: topic.name, partitionIndexes: [partition] }];
  const written = { producerId, producerEpoch, transactionResult: committed, coordinatorEpoch, topics };
  return { markers: [version >= 2 ? { ...written, transactionVersion } : written] };
}

/** A transaction in one partition, and its producer. */
async function open(talk: Talk): Promise<{ readonly producer: Producer; readonly topic: TestTopic }> {
  const [producer, topic] = [await Producer.start(talk), await talk.topic({ partitions: 2 })];
  await producer.write(topic);
  return { producer, topic };
}

export const transactionStateScenarios: Scenario[] = [
  {
    api: describeTransactions,
    title: 'a transaction from its beginning to its end',
    run: async (talk) => {
      const [producer, topic] = [await Producer.start(talk), await talk.topic()];
      const describe = () => talk.ask(describeTransactions, { transactionalIds: [producer.transactionalId] });
      await describe();
      await producer.write(topic);
      await describe();
      await producer.end(true, { version: 4 });
      await describe();
      await producer.write(topic, 'b');
      await producer.end(false, { version: 5 });
      await describe();
    },
  },
  ...requests(describeTransactions, [
    ['an unknown transactional id', (talk) => ({ transactionalIds: [talk.name('nobody')] })],
    ['an empty transactional id', () => ({ transactionalIds: [''] })],
    ['none', () => ({ transactionalIds: [] })],
  ]),
  {
    api: listTransactions,
    title: 'transactions by state, producer, time and name',
    run: async (talk, version) => {
      const { producer } = await open(talk);
      const [{ transactionalId, producerId }, own] = [producer, { own: 'transactionStates' }];
      await talk.ask(listTransactions, { stateFilters: [], producerIdFilters: [] }, own);
      await talk.ask(listTransactions, { stateFilters: ['Ongoing'], producerIdFilters: [producerId] }, own);
      await talk.ask(listTransactions, { stateFilters: ['Empty'], producerIdFilters: [producerId] }, own);
      await talk.ask(listTransactions, { stateFilters: ['None', 'Ongoing'], producerIdFilters: [producerId] }, own);
      if (version >= 1) {
        const all = { stateFilters: [], producerIdFilters: [producerId] };
        await talk.ask(listTransactions, { ...all, durationFilter: 0 }, own);
        await talk.ask(listTransactions, { ...all, durationFilter: 3_600_000 }, own);
      }
      if (version >= 2) {
        const all = { stateFilters: [], producerIdFilters: [] };
        await talk.ask(listTransactions, { ...all, transactionalIdPattern: transactionalId }, own);
        await talk.ask(listTransactions, { ...all, transactionalIdPattern: `${transactionalId.slice(0, -1)}.` }, own);
        await talk.ask(listTransactions, { ...all, transactionalIdPattern: 'nobody' }, own);
        await talk.ask(listTransactions, { ...all, transactionalIdPattern: '' }, own);
        await talk.ask(listTransactions, { ...all, transactionalIdPattern: '(' }, own);
      }
      await producer.end(true, { version: 4 });
      await talk.ask(listTransactions, { stateFilters: [], producerIdFilters: [producerId] }, own);
    },
  },
  {
    api: describeProducers,
    title: 'producers of a partition',
    run: async (talk) => {
      const { producer, topic } = await open(talk);
      const { producerId } = await talk.ask(initProducerId, { transactionalId: null, transactionTimeoutMs: 1000 });
      const batch = batchOf([{ value: 'a', timestamp }], { producerId, producerEpoch: 0, baseSequence: 0 });
      await talk.ask(produce, produceRequest(topic, batch));
      await talk.ask(describeProducers, of(topic.name, 0, 1));
      await producer.end(true, { version: 4 });
      await talk.ask(describeProducers, of(topic.name, 0));
    },
  },
  ...requests(describeProducers, [
    ['an unknown topic', () => of(nowhere.name, 0)],
    ['an unknown partition', async (talk) => of((await talk.topic()).name, 9)],
    ['an invalid topic', () => of('with spaces', 0)],
    ['no topics', () => ({ topics: [] })],
  ]),
  {
    api: describeProducers,
    nodes: 3,
    title: 'asked of a follower, and of a broker without a replica',
    run: async (talk) => {
      const { name } = await talk.topic({ assignments: [[1, 2]] });
      for (const node of [1, 2, 3]) await talk.ask(describeProducers, of(name, 0), { node });
    },
  },
  ...[true, false].map((committed): Scenario => ({
    api: writeTxnMarkers,
    title: committed ? 'a partition commits' : 'a partition aborts',
    run: async (talk, version) => {
      const { producer, topic } = await open(talk);
      await talk.ask(writeTxnMarkers, markers(version, topic, { ...producer, committed }));
      await talk.ask(fetch, fetchRequest(topic, 0, { isolationLevel: 1 }));
      await talk.ask(describeProducers, of(topic.name, 0));
      await talk.ask(writeTxnMarkers, markers(version, topic, { ...producer, committed, coordinatorEpoch: -1 }));
    },
  })),
  ...requests(writeTxnMarkers, [
    [
      'an older epoch',
      async (talk, version) => {
        const { producer, topic } = await open(talk);
        await talk.peek(initProducerId, producer.beginning()); // aborts the transaction, one epoch later
        await producer.settled();
        return markers(version, topic, producer);
      },
    ],
    [
      'an epoch below zero',
      async (talk, version) => {
        const { producer, topic } = await open(talk);
        return markers(version, topic, { ...producer, producerEpoch: -1 });
      },
    ],
    [
      'a producer that nobody knows',
      async (talk, version) => markers(version, await talk.topic(), { producerId: 9_000_000, producerEpoch: 0 }),
    ],
    ['an unknown topic', (_, version) => markers(version, nowhere, { producerId: 9_000_000, producerEpoch: 0 })],
    ['an unknown partition', async (talk, version) => markers(version, await talk.topic(), { producerId: 9_000_000, producerEpoch: 0 }, 9)],
    ['no markers', () => ({ markers: [] })],
  ]),
  ...requests(
    writeTxnMarkers,
    [
      [
        'the epoch of the transaction, where ends bump it',
        async (talk, version) => {
          const { producer, topic } = await open(talk);
          return markers(version, topic, { ...producer, transactionVersion: 2 });
        },
      ],
    ],
    { since: 2 },
  ),
];
