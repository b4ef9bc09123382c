import { apis } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { nowhere, produceRequest, valuesBatch } from './requests.ts';

const { describeLogDirs, alterReplicaLogDirs, produce } = apis;

/** Where a broker keeps its files, and how much room there is. */
const mask = ['logDir', 'totalBytes', 'usableBytes'];

async function topicWithRecords(talk: Talk) {
  const topic = await talk.topic({ partitions: 2 });
  await talk.peek(produce, produceRequest(topic, valuesBatch('a', 'b')));
  return topic;
}

/** The one folder of the broker. */
async function folder(talk: Talk): Promise<string> {
  const { results } = await talk.peek(describeLogDirs, { topics: [] });
  return results[0]!.logDir;
}

const moved = (path: string, name: string, ...partitions: number[]) => ({ dirs: [{ path, topics: [{ name, partitions }] }] });

export const logDirScenarios: Scenario[] = [
  {
    api: describeLogDirs,
    title: 'partitions and their sizes',
    run: async (talk) => {
      const { name } = await topicWithRecords(talk);
      await talk.ask(describeLogDirs, { topics: [{ topic: name, partitions: [0, 1] }] }, { mask });
      await talk.ask(describeLogDirs, { topics: [{ topic: name, partitions: [0, 9] }] }, { mask });
      await talk.ask(describeLogDirs, { topics: [{ topic: nowhere.name, partitions: [0] }] }, { mask });
      await talk.ask(describeLogDirs, { topics: [] }, { mask });
      await talk.ask(describeLogDirs, { topics: null }, { mask, own: 'topics' });
    },
  },
  {
    api: describeLogDirs,
    nodes: 3,
    title: 'of a broker that has no replica',
    run: async (talk) => {
      const { name } = await talk.topic({ assignments: [[2]] });
      await talk.ask(describeLogDirs, { topics: [{ topic: name, partitions: [0] }] }, { mask });
      await talk.ask(describeLogDirs, { topics: [{ topic: name, partitions: [0] }] }, { mask, node: 2 });
    },
  },
  ...requests(alterReplicaLogDirs, [
    ['where it is', async (talk) => moved(await folder(talk), (await talk.topic()).name, 0)],
    ['a folder that is not there', async (talk) => moved('/no/such/folder', (await talk.topic()).name, 0)],
    ['a folder that begins nowhere', async (talk) => moved('folder', (await talk.topic()).name, 0)],
    ['an unknown topic', async (talk) => moved(await folder(talk), nowhere.name, 0)],
    ['an unknown partition', async (talk) => moved(await folder(talk), (await talk.topic()).name, 9)],
    ['a topic without a name', async (talk) => moved(await folder(talk), '', 0)],
    ['nothing', () => ({ dirs: [] })],
  ]),
];
