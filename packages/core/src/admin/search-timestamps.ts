import type { Connection } from '../connection/connection.ts';
import { KafkaError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { earliestTimestamp, type Isolation, offsetsRequest } from '../offsets/offsets-request.ts';
import type { Decoded } from '../protocol/api.ts';
import { fetch, type FetchRequest, type PartitionData } from '../protocol/apis/fetch.ts';
import { listOffsets } from '../protocol/apis/list-offsets.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { VisibleRecords } from '../records/visible-records.ts';
import type { TopicPartition } from '../topic-partition.ts';
import { fullPartitionName } from './items.ts';
import { byPartition, byTopic } from './partition-answers.ts';
import type { Results } from './results.ts';
import { timestampsIn } from './timestamps-in.ts';

/** An offset of a partition. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** Small batches of many partitions come in one answer; of one that is larger the broker sends all, when its partition comes first. */
const partitionBytes = { first: 16 * 1024, most: 1024 * 1024 };
const answerBytes = 8 * 1024 * 1024;

/** The offsets of a partition whose records have not been found yet. */
class Search<Item extends PartitionOffset> implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #found: (item: Item, result: number | undefined | Error) => void;
  /** In the order of their offsets. */
  #left: readonly Item[];
  #from = 0;

  constructor(items: readonly Item[], found: (item: Item, result: number | undefined | Error) => void) {
    this.#left = items.toSorted((a, b) => a.offset - b.offset);
    this.#found = found;
    ({ topic: this.topic, partition: this.partition } = this.#left[0]!);
  }

  get isDone(): boolean {
    return this.#left.length === 0;
  }

  /** Where the next of these records can be. */
  get from(): number {
    return Math.max(this.#from, this.#left[0]?.offset ?? 0);
  }

  /** What is left has this result. */
  end(result: Error | undefined): void {
    for (const item of this.#left) this.#found(item, result);
    this.#left = [];
  }

  /** The log begins here. */
  startAt(offset: number): void {
    if (offset <= this.from) this.end(undefined);
    this.#from = offset;
  }

  async read(records: Buffer, visible: VisibleRecords): Promise<void> {
    try {
      const offsets = this.#left.map(({ offset }) => Math.max(offset, this.#from));
      const { found, next } = await timestampsIn(records, visible, offsets);
      found.forEach((time, i) => this.#found(this.#left[i]!, time));
      this.#left = this.#left.slice(found.length);
      this.#from = next;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.end(error);
    }
  }
}

/** Reads at the leader of these partitions when the first record at or behind each offset was written; undefined where there is none. */
export async function searchTimestamps<Item extends PartitionOffset>(
  connection: Connection,
  items: readonly Item[],
  { isolation, signal }: { readonly isolation: Isolation; readonly signal: AbortSignal },
): Promise<Results<Item, number | undefined>> {
  const results: Results<Item, number | undefined> = new Map();
  // No request can name a partition twice.
  const partitions = groupBy(items, fullPartitionName);
  const open = new Map([...partitions].map(([name, ofOne]) => [name, new Search(ofOne, (item, result) => results.set(item, result))]));
  for (let bytes = partitionBytes.first; open.size > 0;) {
    const request = fetchRequest([...open.values()], bytes, isolation);
    // Up to version 12 topics have names.
    const { errorCode, responses } = await connection.send(fetch, request, { maxVersion: 12, signal });
    if (errorCode !== 0) throw brokerError(errorCode, `records of ${connection.name}`);
    // Whoever is over his quota gets nothing, and has waited.
    if (responses.length === 0) continue;
    const answers = new Map(byPartition(responses.map(({ topic: name, partitions }) => ({ name, partitions }))));
    // A broker that has a record for anybody sends it, whatever the limits.
    const isOver = [...answers.values()].every(({ records }) => !records?.length);
    const outside = new Map<string, Search<Item>>();
    for (const [name, search] of [...open]) {
      const answer = answers.get(name);
      if (answer === undefined) search.end(new KafkaError(`${name}: the broker's answer does not mention it`));
      else if (answer.errorCode === errorCodes.OFFSET_OUT_OF_RANGE) outside.set(name, search);
      else if (answer.errorCode !== 0) search.end(brokerError(answer.errorCode, `records of ${name}`));
      else if (isOver || search.from >= endOf(answer, isolation)) search.end(undefined);
      else if (!answer.records?.length) bytes = Math.min(4 * bytes, partitionBytes.most);
      else {
        await search.read(answer.records, new VisibleRecords(isolation === 'read_committed' ? (answer.abortedTransactions ?? []) : null));
        // An answer is filled in the order of the request: those that have got nothing yet come first.
        open.delete(name);
        open.set(name, search);
      }
      if (search.isDone) open.delete(name);
    }
    if (outside.size > 0) await moveToStart(connection, outside, signal);
    for (const [name, { isDone }] of outside) if (isDone) open.delete(name);
  }
  return results;
}

type Asked = Pick<Search<PartitionOffset>, keyof TopicPartition | 'from'>;

function fetchRequest(open: readonly Asked[], partitionMaxBytes: number, isolation: Isolation): FetchRequest {
  const topics = byTopic(open, ({ partition, from: fetchOffset }) => ({ partition, fetchOffset, partitionMaxBytes }));
  return {
    ...{ maxWaitMs: 0, minBytes: 0, maxBytes: answerBytes, isolationLevel: isolation === 'read_committed' ? 1 : 0 },
    topics: topics.map(({ name: topic, partitions }) => ({ topic, partitions })),
  };
}

function endOf({ lastStableOffset, highWatermark }: Decoded<PartitionData>, isolation: Isolation): number {
  return isolation === 'read_committed' ? lastStableOffset : highWatermark;
}

/** What was deleted from the log has no time: the first record that is left counts, where the offset is not behind the end. */
async function moveToStart<Item extends PartitionOffset>(
  connection: Connection,
  outside: ReadonlyMap<string, Search<Item>>,
  signal: AbortSignal,
): Promise<void> {
  const start = () => ({ timestamp: earliestTimestamp, leaderEpoch: undefined });
  const request = offsetsRequest([...outside.values()], 'read_uncommitted', start);
  const { topics } = await connection.send(listOffsets, request, { minVersion: 2, signal });
  const answers = new Map(byPartition(topics));
  for (const [name, search] of outside) {
    const answer = answers.get(name);
    if (answer === undefined) search.end(new KafkaError(`${name}: the broker's answer does not mention it`));
    else if (answer.errorCode !== 0) search.end(brokerError(answer.errorCode, `offsets of ${name}`));
    else search.startAt(answer.offset);
  }
}
