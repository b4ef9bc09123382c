import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { committedRequest, fetchRequest, listOffsetsRequest, nowhere } from './requests.ts';
import { Producer, transactional } from './transactional-producer.ts';

const { initProducerId, addPartitionsToTxn, addOffsetsToTxn, txnOffsetCommit, endTxn, produce, fetch, listOffsets, offsetFetch } = apis;

/** From this version on a request adds to the transaction what it writes to (KIP-890). */
const implicit = { produce: 12, txnOffsetCommit: 5, endTxn: 5 };

async function group(talk: Talk): Promise<string> {
  const name = talk.name('group');
  await talk.coordinator(name);
  return name;
}

/** A producer that is nobody's: the coordinator has not heard of it. */
const stranger = (talk: Talk): Producer =>
  Object.assign(new Producer(talk, talk.name('nobody')), { producerId: 9_000_000, producerEpoch: 0 });

export const transactionScenarios: Scenario[] = [
  {
    api: initProducerId,
    title: 'a producer begins, and another takes its place',
    run: async (talk) => {
      const producer = new Producer(talk, await transactional(talk));
      await producer.begin();
      await producer.begin();
      await producer.write(await talk.topic());
      await talk.ask(initProducerId, producer.beginning()); // ends the transaction first
      await producer.settled();
      await producer.begin();
    },
  },
  ...requests(initProducerId, [
    ['without a transactional id', () => ({ transactionalId: null, transactionTimeoutMs: 1000 })],
    ['an empty transactional id', () => ({ transactionalId: '', transactionTimeoutMs: 1000 })],
    ['no time', async (talk) => ({ transactionalId: await transactional(talk), transactionTimeoutMs: 0 })],
    ['less than no time', async (talk) => ({ transactionalId: await transactional(talk), transactionTimeoutMs: -1 })],
    ['more time than there is', async (talk) => ({ transactionalId: await transactional(talk), transactionTimeoutMs: 900_001 })],
  ]),
  {
    api: initProducerId,
    since: 3,
    title: 'a producer that says who it was',
    run: async (talk) => {
      const producer = await Producer.start(talk);
      const { producerId } = producer;
      const was = (epoch: number, id = producerId) => ({ ...producer.beginning(), producerId: id, producerEpoch: epoch });
      for (const request of [was(0), was(0), was(7), was(0, producerId + 1000), was(-1), was(1, -1)]) {
        await talk.ask(initProducerId, request);
      }
    },
  },
  ...requests(
    initProducerId,
    [
      [
        'an epoch without a producer',
        async (talk) => ({ transactionalId: await transactional(talk), transactionTimeoutMs: 1000, producerEpoch: 1 }),
      ],
      [
        'a producer that nobody knows',
        async (talk) => ({ transactionalId: await transactional(talk), transactionTimeoutMs: 1000, producerId: 5, producerEpoch: 1 }),
      ],
      [
        'a producer without a transactional id',
        () => ({ transactionalId: null, transactionTimeoutMs: 1000, producerId: 5, producerEpoch: 1 }),
      ],
    ],
    { since: 3 },
  ),
  {
    api: addPartitionsToTxn,
    title: 'partitions are added',
    run: async (talk, version) => {
      const [producer, topic] = [await Producer.start(talk), await talk.topic({ partitions: 3 })];
      await talk.ask(addPartitionsToTxn, producer.addition(version, [[topic.name, 0, 1]]));
      await talk.ask(addPartitionsToTxn, producer.addition(version, [[topic.name, 1, 2]]));
      await producer.end(true);
    },
  },
  ...requests(addPartitionsToTxn, [
    ['no topics', async (talk, version) => (await Producer.start(talk)).addition(version, [])],
    ['an unknown topic', async (talk, version) => (await Producer.start(talk)).addition(version, [[nowhere.name, 0]])],
    [
      'a topic, and an unknown partition',
      async (talk, version) => (await Producer.start(talk)).addition(version, [[(await talk.topic()).name, 0, 9]]),
    ],
    ['an unknown transactional id', async (talk, version) => stranger(talk).addition(version, [[(await talk.topic()).name, 0]])],
    [
      'another producer',
      async (talk, version) => (await Producer.start(talk)).addition(version, [[(await talk.topic()).name, 0]], { producerId: 9_000_000 }),
    ],
    [
      'an older epoch',
      async (talk, version) => (await Producer.start(talk)).addition(version, [[(await talk.topic()).name, 0]], { producerEpoch: -1 }),
    ],
    [
      'a newer epoch',
      async (talk, version) => (await Producer.start(talk)).addition(version, [[(await talk.topic()).name, 0]], { producerEpoch: 3 }),
    ],
  ]),
  {
    api: addPartitionsToTxn,
    since: 4,
    title: 'partitions are looked for',
    run: async (talk, version) => {
      const [producer, topic] = [await Producer.start(talk), await talk.topic({ partitions: 2 })];
      await talk.ask(addPartitionsToTxn, producer.addition(version, [[topic.name, 0]], {}, true));
      await talk.ask(addPartitionsToTxn, producer.addition(version, [[topic.name, 0]]));
      await talk.ask(addPartitionsToTxn, producer.addition(version, [[topic.name, 0, 1]], {}, true));
    },
  },
  {
    api: addOffsetsToTxn,
    title: 'offsets of a group are added',
    run: async (talk) => {
      const [producer, groupId] = [await Producer.start(talk), await group(talk)];
      await producer.addOffsets(groupId);
      await producer.addOffsets(groupId);
      await producer.end(true);
    },
  },
  ...requests(addOffsetsToTxn, [
    ['an unknown transactional id', async (talk) => stranger(talk).offsetsOf(await group(talk))],
    ['another producer', async (talk) => (await Producer.start(talk)).offsetsOf(await group(talk), { producerId: 9_000_000 })],
    ['a newer epoch', async (talk) => (await Producer.start(talk)).offsetsOf(await group(talk), { producerEpoch: 3 })],
    ['a group without a name', async (talk) => (await Producer.start(talk)).offsetsOf('')],
    ['an empty transactional id', async (talk) => (await Producer.start(talk)).offsetsOf(await group(talk), { transactionalId: '' })],
  ]),
  ...[true, false].map((committed): Scenario => ({
    api: txnOffsetCommit,
    title: committed ? 'offsets hold with the transaction' : 'offsets are gone with the transaction',
    run: async (talk, version) => {
      const [producer, groupId, topic] = [await Producer.start(talk), await group(talk), await talk.topic()];
      await producer.addOffsets(groupId, {}, { version: 3 });
      await producer.commitOffset(groupId, topic, 5);
      await talk.ask(offsetFetch, { ...committedRequest(9, groupId, [topic], [0]), requireStable: true }, { version: 9 });
      await talk.ask(offsetFetch, committedRequest(9, groupId, [topic], [0]), { version: 9 });
      await producer.end(committed, { version: version >= implicit.txnOffsetCommit ? 5 : 4 });
      await talk.until('the offsets are stable', async () => {
        const { groups } = await talk.peek(
          offsetFetch,
          { ...committedRequest(9, groupId, [topic], [0]), requireStable: true },
          { version: 9 },
        );
        return groups[0]!.topics[0]!.partitions[0]!.errorCode === 0;
      });
      await talk.ask(offsetFetch, committedRequest(9, groupId, [topic], [0]), { version: 9 });
    },
  })),
  ...requests(txnOffsetCommit, [
    ['of a group that was not added', async (talk) => (await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5)],
    ['an unknown topic', async (talk) => (await Producer.start(talk)).commitment(await group(talk), nowhere, 5)],
    [
      'an unknown partition',
      async (talk) => (await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5, {}, { partition: 9 }),
    ],
    ['a group without a name', async (talk) => (await Producer.start(talk)).commitment('', await talk.topic(), 5)],
    [
      'metadata that is too long',
      async (talk) => (await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5, {}, { metadata: 'x'.repeat(4097) }),
    ],
    [
      'another producer',
      async (talk) => (await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5, { producerId: 9_000_000 }),
    ],
  ]),
  ...requests(
    txnOffsetCommit,
    [
      [
        'a member that nobody knows',
        async (talk) => ({
          ...(await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5),
          memberId: 'nobody',
          generationId: 1,
        }),
      ],
      [
        'a generation that nobody has had',
        async (talk) => ({ ...(await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5), generationId: 1 }),
      ],
      [
        'an instance that nobody knows',
        async (talk) => ({
          ...(await Producer.start(talk)).commitment(await group(talk), await talk.topic(), 5),
          ...{ memberId: 'nobody', groupInstanceId: 'instance', generationId: 1 },
        }),
      ],
    ],
    { since: 3 },
  ),
  ...[true, false].map((committed): Scenario => ({
    api: endTxn,
    title: committed ? 'a transaction is committed' : 'a transaction is aborted',
    run: async (talk) => {
      const [producer, topic] = [await Producer.start(talk), await talk.topic()];
      await producer.write(topic);
      await talk.ask(listOffsets, listOffsetsRequest(topic, -1, { isolationLevel: 1 }));
      await talk.ask(fetch, fetchRequest(topic, 0, { isolationLevel: 1 }));
      const was = { ...producer };
      await producer.end(committed);
      await talk.ask(fetch, fetchRequest(topic, 0, { isolationLevel: 1 }));
      await talk.ask(listOffsets, listOffsetsRequest(topic, -1, { isolationLevel: 1 }));
      await talk.ask(endTxn, producer.ending(committed, was)); // once more, as its answer might have been lost
      await talk.ask(endTxn, producer.ending(!committed, was));
      await producer.write(topic, 'b');
      await producer.end(!committed);
      await talk.ask(fetch, fetchRequest(topic, 0, { isolationLevel: 1 }));
    },
  })),
  ...[true, false].map((committed): Scenario => ({
    api: endTxn,
    title: committed ? 'nothing is committed' : 'nothing is aborted',
    run: async (talk) => (await Producer.start(talk)).end(committed),
  })),
  ...requests(endTxn, [
    ['an unknown transactional id', (talk) => stranger(talk).ending(true)],
    ['an empty transactional id', (talk) => stranger(talk).ending(true, { transactionalId: '' })],
    ['another producer', async (talk) => (await Producer.start(talk)).ending(true, { producerId: 9_000_000 })],
    ['a newer epoch', async (talk) => (await Producer.start(talk)).ending(true, { producerEpoch: 3 })],
    ['an older epoch', async (talk) => (await Producer.start(talk)).ending(true, { producerEpoch: -1 })],
  ]),
  {
    api: produce,
    title: 'a transaction is written to, with and without its partition',
    run: async (talk, version) => {
      const [producer, topic, other] = [await Producer.start(talk), await talk.topic(), await talk.topic()];
      await talk.peek(addPartitionsToTxn, producer.addition(3, [[topic.name, 0]]), { version: 3 });
      await talk.ask(produce, producer.production(topic, 'a'));
      await talk.ask(produce, producer.production(topic, 'b'));
      await talk.ask(produce, producer.production(topic, 'c', { producerEpoch: producer.producerEpoch - 1 }));
      if (version >= implicit.produce) await talk.ask(produce, (await Producer.start(talk)).production(other, 'd'));
      await producer.end(true, { version: version >= implicit.produce ? 5 : 4 });
      await talk.ask(fetch, fetchRequest(topic, 0, { isolationLevel: 1 }));
    },
  },
  ...requests(produce, [
    ['a transaction whose partition was not added', async (talk) => (await Producer.start(talk)).production(await talk.topic(), 'a')],
    ['a transaction of nobody', async (talk) => stranger(talk).production(await talk.topic(), 'a')],
    [
      'a transaction of another producer',
      async (talk) => (await Producer.start(talk)).production(await talk.topic(), 'a', { producerId: 9_000_000 }),
    ],
  ]),
];
