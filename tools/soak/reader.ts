import { ClosedError } from '@tskafka/core';
import { type KafkaClient, type Message, SimpleConsumer } from '@tskafka/consumer';
import { Gap } from './gap.ts';
import { sequenceOf } from './ledger.ts';

export interface ReaderOptions {
  readonly topics: readonly string[];
  readonly group: string;
}

/** What a consumer did wrong, or could not help. */
export interface ReaderCounts {
  /** Offsets that were passed over. */
  missed: number;
  /** Handed out again though nothing was restarted. */
  repeated: number;
  /** Handed out again by a new consumer, from the last commit on: allowed. */
  redelivered: number;
  /** A new consumer began behind what had been handed out: the commit was ahead. */
  skippedByCommit: number;
}

/**
 * A consumer of all partitions of some topics, which commits for a group. The topics hold every offset from 0 on (neither compacted nor
 * transactional), so that each message must be one behind the last of its partition.
 */
export class Reader {
  readonly counts: ReaderCounts = { missed: 0, repeated: 0, redelivered: 0, skippedByCommit: 0 };
  readonly gap = new Gap();
  readonly errors = new Map<string, number>();
  /** What was read, by `topic-partition` and offset: the sequences of the values. */
  readonly read = new Map<string, (number | undefined)[]>();
  /** Messages that were handed out for the first time. */
  reached = 0;
  restarts = 0;
  readonly #client: KafkaClient;
  readonly #options: ReaderOptions;
  /** Where a new consumer has not handed out anything yet. */
  readonly #fresh = new Set<string>();
  #consumer: SimpleConsumer;
  #running: Promise<void>;
  #isPaused = false;
  #behind = (): boolean => false;
  #watching: NodeJS.Timeout | undefined;

  private constructor(client: KafkaClient, consumer: SimpleConsumer, options: ReaderOptions) {
    this.#client = client;
    this.#consumer = consumer;
    this.#options = options;
    this.#running = this.#run(consumer);
  }

  static async start(client: KafkaClient, options: ReaderOptions): Promise<Reader> {
    return new Reader(client, await consumerOf(client, options), options);
  }

  /** Tells when there is something to wait for: for the longest gap. */
  watch(behind: () => boolean): void {
    this.#behind = behind;
    this.#watching = setInterval(() => behind() && this.gap.begin(), 10);
  }

  /** stop() and start(): nothing may come twice. */
  async restart(): Promise<void> {
    this.#isPaused = true;
    await this.#consumer.stop();
    await this.#running;
    await this.#patiently(() => this.#consumer.start());
    this.#isPaused = false;
    this.restarts++;
    this.#running = this.#run(this.#consumer);
  }

  /** Ends the consumer, and goes on with a new one where the group's commits say. */
  async replace(): Promise<void> {
    this.#isPaused = true;
    await this.#consumer.close();
    await this.#running;
    for (const name of this.read.keys()) this.#fresh.add(name);
    this.#consumer = await this.#patiently(() => consumerOf(this.#client, this.#options));
    this.#isPaused = false;
    this.restarts++;
    this.#running = this.#run(this.#consumer);
  }

  /** Where the consumer stands by now, and what it has committed by closing. */
  async stop(): Promise<{ topic: string; partition: number; position: number; committed: number | undefined }[]> {
    this.#isPaused = true;
    clearInterval(this.#watching);
    const { assignment } = this.#consumer;
    await this.#consumer.stop();
    const committed = await this.#consumer.committed();
    await this.#consumer.close();
    await this.#running;
    return assignment.map((place) => {
      const entry = committed.find(({ topic, partition }) => topic === place.topic && partition === place.partition);
      return { ...place, committed: entry?.offset };
    });
  }

  /** A cluster in trouble may refuse for longer than one start waits. */
  async #patiently<T>(start: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await start();
      } catch (error) {
        if (attempt === 5) throw error;
        this.#count(`start: ${String(error)}`);
      }
    }
  }

  async #run(consumer: SimpleConsumer): Promise<void> {
    for (;;) {
      try {
        const message = await consumer.consume();
        if (message !== undefined) this.#check(message);
      } catch (error) {
        if (this.#isPaused && error instanceof ClosedError) return;
        this.#count(String(error));
        if (error instanceof ClosedError) return;
      }
    }
  }

  #check({ topic, partition, offset, value }: Message): void {
    const name = `${topic}-${partition}`;
    const read = this.read.get(name) ?? [];
    this.read.set(name, read);
    const isFresh = this.#fresh.delete(name);
    if (offset > read.length) {
      if (isFresh) this.counts.skippedByCommit += offset - read.length;
      else this.counts.missed += offset - read.length;
    } else if (offset < read.length) {
      if (isFresh) this.counts.redelivered += read.length - offset;
      else this.counts.repeated++;
      if (isFresh) {
        this.reached -= read.length - offset;
        read.length = offset;
      }
    }
    if (offset >= read.length) this.reached++;
    read[offset] = sequenceOf(topic, partition, value?.toString() ?? '');
    this.gap.progress(this.#behind());
  }

  #count(error: string): void {
    const name = error.replaceAll(/\d+/g, 'N');
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
  }
}

function consumerOf(client: KafkaClient, { topics, group }: ReaderOptions): Promise<SimpleConsumer> {
  return SimpleConsumer.start(client, { topics, consumerGroup: group, autoCommitEnable: true, autoCommitIntervalMs: 500 });
}
