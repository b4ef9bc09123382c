import { peer } from '../producers/peer.ts';
import type { Read } from './reading.ts';

/** @platformatic/kafka, tuned as served it best: large fetches, a long queue, few commits. */
export const readPlatformatic: Read = async ({ broker, topic, work }, sink) => {
  const { Consumer, MessagesStreamModes, FetchIsolationLevels } = peer('@platformatic/kafka');
  const consumer = new Consumer({
    ...{ clientId: 'bench', groupId: `bench-${process.pid}-${Date.now()}`, bootstrapBrokers: [broker] },
    ...{ maxBytes: 1024 * 1024, highWaterMark: 65_536, autocommit: 5000 },
    ...{ minBytes: 1, maxWaitTime: 500, isolationLevel: FetchIsolationLevels?.READ_UNCOMMITTED ?? 0 },
  });
  consumer.on('consumer:group:join', () => sink.start());
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes[work === 'latency' ? 'LATEST' : 'EARLIEST'] });
  sink.start();
  stream.on('data', ({ value }: { value: Buffer }) => sink.add(1, value.length));
  await sink.done;
};
