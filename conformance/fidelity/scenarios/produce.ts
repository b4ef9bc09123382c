import { apis, compressions } from '@tskafka/core/protocol';
import { batchOf } from '../../requests.ts';
import { requests, type Scenario } from '../scenario.ts';
import { fetchRequest, nowhere, produceRequest, recordTime as timestamp, valuesBatch } from './requests.ts';

const { produce, fetch, initProducerId } = apis;

function withWrongChecksum(batch: Buffer): Buffer {
  batch[batch.length - 2]! ^= 1;
  return batch;
}

export const produceScenarios: Scenario[] = [
  {
    api: produce,
    title: 'batches are appended and read back',
    run: async (talk) => {
      const topic = await talk.topic();
      await talk.ask(produce, produceRequest(topic, valuesBatch('a', 'b')));
      const record = { key: 'k', value: null, headers: [['h', 'v']] as const, timestamp };
      await talk.ask(produce, produceRequest(topic, batchOf([record]), { acks: 1 }));
      await talk.tell(produce, produceRequest(topic, valuesBatch('c'), { acks: 0 }));
      await talk.ask(fetch, fetchRequest(topic, 0));
    },
  },
  ...compressions.map((compression): Scenario => ({
    api: produce,
    title: `a batch in ${compression}`,
    run: async (talk) => {
      const topic = await talk.topic();
      await talk.ask(produce, produceRequest(topic, batchOf([{ value: 'long '.repeat(100), timestamp }], { compression })));
      await talk.ask(fetch, fetchRequest(topic, 0));
    },
  })),
  {
    api: produce,
    title: 'the broker sets the time',
    run: async (talk) => {
      const topic = await talk.topic({ configs: { 'message.timestamp.type': 'LogAppendTime' } });
      await talk.ask(produce, produceRequest(topic, valuesBatch('a')));
      await talk.ask(fetch, fetchRequest(topic, 0));
    },
  },
  {
    api: produce,
    title: 'an idempotent producer, its duplicates and its gaps',
    run: async (talk) => {
      const topic = await talk.topic();
      const { producerId } = await talk.ask(initProducerId, { transactionalId: null, transactionTimeoutMs: 1000 });
      const from = (baseSequence: number, producerEpoch = 0): Buffer =>
        batchOf([{ value: `${baseSequence}`, timestamp }], { producerId, producerEpoch, baseSequence });
      for (const sequence of [0, 1, 1, 0, 5]) await talk.ask(produce, produceRequest(topic, from(sequence)));
      await talk.ask(produce, produceRequest(topic, from(3, 1)));
      await talk.ask(produce, produceRequest(topic, from(0, 1)));
      await talk.ask(produce, produceRequest(topic, from(2, 0)));
      await talk.ask(fetch, fetchRequest(topic, 0));
    },
  },
  {
    api: produce,
    title: 'a refused batch with acks 0 ends the connection',
    run: async (talk) => {
      const topic = await talk.topic();
      await talk.tell(produce, produceRequest(topic, withWrongChecksum(valuesBatch('a')), { acks: 0 }));
      await talk.ask(fetch, fetchRequest(topic, 0));
    },
  },
  ...requests(produce, [
    ['an unknown topic', () => produceRequest(nowhere, valuesBatch('a'))],
    ['an unknown partition', async (talk) => produceRequest(await talk.topic(), valuesBatch('a'), { partition: 9 })],
    ['acks that do not exist', async (talk) => produceRequest(await talk.topic(), valuesBatch('a'), { acks: 2 })],
    ['a wrong checksum', async (talk) => produceRequest(await talk.topic(), withWrongChecksum(valuesBatch('a')))],
    ['no bytes', async (talk) => produceRequest(await talk.topic(), Buffer.alloc(0))],
    [
      'two batches for one partition',
      async (talk) => produceRequest(await talk.topic(), Buffer.concat([valuesBatch('a'), valuesBatch('b')])),
    ],
    [
      'a batch that is too large',
      async (talk) => produceRequest(await talk.topic({ configs: { 'max.message.bytes': '100' } }), valuesBatch('x'.repeat(100))),
    ],
    [
      'a record without a key in a compacted topic',
      async (talk) => {
        const topic = await talk.topic({ configs: { 'cleanup.policy': 'compact' } });
        return produceRequest(
          topic,
          batchOf([
            { key: 'k', value: 'a', timestamp },
            { value: 'b', timestamp },
          ]),
        );
      },
    ],
    [
      'a time that is too far ahead',
      async (talk) => produceRequest(await talk.topic(), batchOf([{ value: 'a', timestamp: talk.startedAt + 2 * 3_600_000 }])),
    ],
    [
      'a time that is too far back',
      async (talk) => produceRequest(await talk.topic({ configs: { 'message.timestamp.before.max.ms': '1000' } }), valuesBatch('a')),
    ],
    [
      'too few replicas in sync',
      async (talk) => produceRequest(await talk.topic({ configs: { 'min.insync.replicas': '2' } }), valuesBatch('a')),
    ],
  ]),
  ...[0, 1, 2].map((version): Scenario => ({
    api: produce,
    until: 3,
    title: `version ${version}, which is named so that old clients go on, and not read`,
    run: (talk) => talk.askUnknown(produce, version),
  })),
];
