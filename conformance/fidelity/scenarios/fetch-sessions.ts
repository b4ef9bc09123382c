import { apis } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { fetchRequest, nowhere, produceRequest, valuesBatch } from './requests.ts';

const { fetch, produce } = apis;
const limits = { since: 7 };

const one = async (talk: Talk): Promise<TestTopic> => {
  const topic = await talk.topic();
  await talk.peek(produce, produceRequest(topic, valuesBatch('a', 'b')));
  return topic;
};

/** Opens a session, and gives what asks within it. */
async function opened(talk: Talk, topic: TestTopic, offset = 0) {
  const first = fetchRequest(topic, offset);
  const { sessionId } = await talk.ask(fetch, { ...first, sessionId: 0, sessionEpoch: 0 });
  return (sessionEpoch: number, fields: Partial<typeof first> & { forgottenTopicsData?: object[]; sessionId?: number } = {}) =>
    talk.ask(fetch, { ...first, topics: [], sessionId, sessionEpoch, ...fields } as Parameters<typeof fetch.writeRequest>[2]);
}

const session = (title: string, run: Scenario['run']): Scenario => ({ ...limits, api: fetch, title: `a session: ${title}`, run });

/** Incremental fetches (KIP-227), and what goes with leader epochs (KIP-320). */
export const fetchSessionScenarios: Scenario[] = [
  session('nothing new', async (talk) => {
    const next = await opened(talk, await one(talk), 2);
    await next(1);
    await next(2);
  }),
  session('the same again', async (talk) => {
    const next = await opened(talk, await one(talk));
    await next(1);
  }),
  session('something new', async (talk) => {
    const topic = await one(talk);
    const next = await opened(talk, topic, 2);
    await talk.peek(produce, produceRequest(topic, valuesBatch('c')));
    await next(1);
  }),
  session('one more partition', async (talk) => {
    const next = await opened(talk, await one(talk));
    await next(1, { topics: fetchRequest(await one(talk), 0).topics });
  }),
  session('a partition that there is not', async (talk) => {
    const next = await opened(talk, await one(talk), 2);
    await next(1, { topics: fetchRequest(nowhere, 0).topics });
    await next(2);
  }),
  session('an offset out of range', async (talk) => {
    const topic = await one(talk);
    const next = await opened(talk, topic, 2);
    await next(1, { topics: fetchRequest(topic, 9).topics });
    await next(2, { topics: fetchRequest(topic, 2).topics });
    await next(3);
  }),
  session('nothing left', async (talk) => {
    const topic = await one(talk);
    const next = await opened(talk, topic);
    await next(1, { forgottenTopicsData: [{ topic: topic.name, topicId: topic.id, partitions: [0] }] });
    await next(2);
  }),
  session('an epoch that is over', async (talk) => {
    const next = await opened(talk, await one(talk));
    await next(1);
    await next(1);
  }),
  session('closed', async (talk) => {
    const topic = await one(talk);
    const next = await opened(talk, topic);
    await next(-1, { topics: fetchRequest(topic, 0).topics });
    await next(1);
  }),
  session('replaced', async (talk) => {
    const topic = await one(talk);
    const next = await opened(talk, topic);
    await next(0, { topics: fetchRequest(topic, 0).topics });
    await next(1);
  }),
  ...requests(
    fetch,
    [['a session that there is not', async (talk) => ({ ...fetchRequest(await one(talk), 0), sessionId: 77, sessionEpoch: 1 })]],
    limits,
  ),
  ...requests(
    fetch,
    [0, 1, 9].flatMap((lastFetchedEpoch) =>
      [1, 2, 7].map(
        (offset) =>
          [
            `offset ${offset} after epoch ${lastFetchedEpoch}`,
            async (talk: Talk) => fetchRequest(await one(talk), offset, { lastFetchedEpoch }),
          ] as const,
      ),
    ),
    { since: 12 },
  ),
];
