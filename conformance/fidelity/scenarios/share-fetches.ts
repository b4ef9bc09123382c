import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { nowhere, produceRequest, valuesBatch } from './requests.ts';
import { nobodysId, ShareMember } from './share-member.ts';

const { shareFetch, shareAcknowledge, produce } = apis;

const type = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const;

const of = (firstOffset: number, lastOffset: number, ...acknowledgeTypes: number[]) => ({ firstOffset, lastOffset, acknowledgeTypes });

/** A member of a group, and a topic of four records. */
async function member(talk: Talk): Promise<ShareMember> {
  const topic = await talk.topic();
  await talk.peek(produce, produceRequest(topic, valuesBatch('a', 'b', 'c', 'd')));
  return ShareMember.join(talk, topic);
}

/** ... that has acquired them all. */
async function acquiring(talk: Talk): Promise<ShareMember> {
  const reader = await member(talk);
  await talk.peek(shareFetch, reader.fetching());
  reader.sessionEpoch++;
  return reader;
}

const now = { maxWaitMs: 0 };

/** Acknowledgements that are wrong, for a member that has acquired records 0 to 3. */
const wrongBatches = [
  [of(0, 9, type.accept)],
  [of(3, 2, type.accept)],
  [of(0, 1, 9)],
  [of(0, 3, type.accept, type.accept)],
  [of(0, 1, type.accept), of(1, 2, type.accept)],
  [of(-1, 1, type.accept)],
  [of(0, 1)],
];

export const shareFetchScenarios: Scenario[] = [
  {
    api: shareFetch,
    title: 'records are acquired, acknowledged with the next fetch, and delivered again',
    run: async (talk) => {
      const reader = await member(talk);
      await reader.fetch();
      await reader.fetch({ maxWaitMs: 500 }, [of(0, 1, type.accept), of(2, 3, type.release)]);
      await talk.peek(produce, produceRequest(reader.topic, valuesBatch('e')));
      await reader.fetch();
      await reader.fetch({ shareSessionEpoch: -1, maxWaitMs: 0 }, [of(2, 4, type.accept, type.reject, type.accept)]);
    },
  },
  {
    api: shareFetch,
    title: 'a session that goes wrong',
    run: async (talk) => {
      const reader = await member(talk);
      await talk.ask(shareFetch, { ...reader.fetching(now), shareSessionEpoch: 1 });
      await talk.ask(shareFetch, { ...reader.fetching(now), shareSessionEpoch: -1 });
      await reader.fetch();
      await talk.ask(shareFetch, { ...reader.fetching(now), shareSessionEpoch: 7 });
      await talk.ask(shareFetch, { ...reader.fetching(now, [of(0, 0, type.accept)]), shareSessionEpoch: 0 });
    },
  },
  {
    api: shareFetch,
    title: 'acknowledgements that are wrong',
    run: async (talk) => {
      const reader = await acquiring(talk);
      for (const batches of wrongBatches) await reader.fetch(now, batches);
    },
  },
  ...requests(shareFetch, [
    ['fewer records than there are', async (talk) => (await member(talk)).fetching({ maxRecords: 2, batchSize: 1 })],
    ['no records', async (talk) => (await member(talk)).fetching({ maxRecords: 0, ...now })],
    ['no bytes', async (talk) => (await member(talk)).fetching({ maxBytes: 0, ...now })],
    ['no member', async (talk) => (await member(talk)).fetching({ memberId: null })],
    ['a member without a name', async (talk) => (await member(talk)).fetching({ memberId: '' })],
    ['a member with a name that is no id', async (talk) => (await member(talk)).fetching({ memberId: 'somebody' })],
    ['no group', async (talk) => (await member(talk)).fetching({ groupId: null })],
    ['a group without a name', async (talk) => (await member(talk)).fetching({ groupId: '' })],
    ['a member that nobody knows', async (talk) => (await member(talk)).fetching({ memberId: `${nobodysId}1` })],
    [
      'an unknown partition',
      async (talk) => {
        const reader = await member(talk);
        const partitions = [{ partitionIndex: 9, acknowledgementBatches: [] }];
        return reader.fetching({ topics: [{ topicId: reader.topic.id, partitions }], ...now });
      },
    ],
    [
      'an unknown topic',
      async (talk) => {
        const partitions = [{ partitionIndex: 0, acknowledgementBatches: [] }];
        return (await member(talk)).fetching({ topics: [{ topicId: nowhere.id, partitions }], ...now });
      },
    ],
    ['nothing', async (talk) => (await member(talk)).fetching({ topics: [], maxWaitMs: 100 })],
  ]),
  {
    api: shareFetch,
    since: 2,
    title: 'a limit of records, and locks that are renewed',
    run: async (talk) => {
      const reader = await member(talk);
      await reader.fetch({ shareAcquireMode: 1, maxRecords: 2 });
      const renewing = { isRenewAck: true, maxWaitMs: 0, minBytes: 0, maxBytes: 0, maxRecords: 0 };
      await reader.fetch(renewing, [of(0, 1, type.renew)]);
      await talk.ask(shareFetch, reader.fetching({ ...renewing, maxBytes: 1 }, [of(0, 1, type.renew)]));
      await reader.fetch(now, [of(0, 1, type.renew)]);
    },
  },
  {
    api: shareAcknowledge,
    title: 'records are acknowledged, each in its way',
    run: async (talk) => {
      const reader = await acquiring(talk);
      await reader.acknowledge([of(0, 3, type.accept, type.release, type.reject, type.gap)]);
      await reader.fetch();
      await reader.acknowledge([of(1, 1, type.accept)]);
      await reader.acknowledge([of(1, 1, type.accept)]);
      await talk.ask(shareAcknowledge, { ...reader.acknowledging([]), shareSessionEpoch: -1 });
      await talk.ask(shareAcknowledge, reader.acknowledging([of(2, 2, type.accept)]));
    },
  },
  {
    api: shareAcknowledge,
    title: 'acknowledgements that are wrong',
    run: async (talk) => {
      const reader = await acquiring(talk);
      for (const batches of [...wrongBatches, []]) await reader.acknowledge(batches);
    },
  },
  ...requests(shareAcknowledge, [
    ['an unknown partition', async (talk) => (await acquiring(talk)).acknowledging([of(0, 0, type.accept)], 9)],
    ['an unknown topic', async (talk) => (await acquiring(talk)).acknowledging([of(0, 0, type.accept)], 0, nowhere.id)],
    ['no member', async (talk) => ({ ...(await acquiring(talk)).acknowledging([of(0, 0, type.accept)]), memberId: null })],
    ['no group', async (talk) => ({ ...(await acquiring(talk)).acknowledging([of(0, 0, type.accept)]), groupId: null })],
    ['a session that there is not', async (talk) => (await member(talk)).acknowledging([of(0, 0, type.accept)])],
    ['the end of a session that there is not', async (talk) => ({ ...(await member(talk)).acknowledging([]), shareSessionEpoch: -1 })],
    [
      'an epoch that is not the next',
      async (talk) => ({ ...(await acquiring(talk)).acknowledging([of(0, 0, type.accept)]), shareSessionEpoch: 7 }),
    ],
    ['nothing', async (talk) => ({ ...(await acquiring(talk)).acknowledging([]), topics: [] })],
  ]),
  ...requests(
    shareAcknowledge,
    [
      ['locks that are renewed', async (talk) => ({ ...(await acquiring(talk)).acknowledging([of(0, 1, type.renew)]), isRenewAck: true })],
      ['locks that are renewed without saying so', async (talk) => (await acquiring(talk)).acknowledging([of(0, 1, type.renew)])],
    ],
    { since: 2 },
  ),
];
