import { KafkaError } from '@tskafka/core';
import { type KafkaClient, Producer, type ProducerOptions, type RecordMetadata } from '@tskafka/producer';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gap } from './gap.ts';
import { PartitionLedger, valueOf } from './ledger.ts';
import { between } from '../chaos/random.ts';

const tickMs = 10;
const maxOutstanding = 10_000;

export interface SenderOptions {
  readonly topic: string;
  readonly partitions: number;
  readonly recordsPerSecond: number;
  /** Records that go in one sendBatch; 1 sends each by itself. */
  readonly batch: number;
  /** So many batches at once. Default 1. */
  readonly burst?: number;
  /** How many it may have sent by now. Default: no bound. */
  readonly allowed?: () => number;
  readonly producer?: ProducerOptions;
  readonly random: () => number;
}

/** A producer that writes numbered values to one topic, never waiting for the last send before the next. */
export class Sender {
  readonly ledgers: readonly PartitionLedger[];
  readonly gap = new Gap();
  /** How often each error was the reason of a rejection. */
  readonly errors = new Map<string, number>();
  acknowledged = 0;
  #outstanding = 0;
  #isRunning = true;
  readonly #options: SenderOptions;
  readonly #producer: Producer;
  readonly #running: Promise<void>;
  #idle: (() => void) | undefined;

  private constructor(producer: Producer, options: SenderOptions) {
    this.ledgers = Array.from({ length: options.partitions }, (_, partition) => new PartitionLedger(options.topic, partition));
    this.#options = options;
    this.#producer = producer;
    this.#running = this.#run();
  }

  static async start(client: KafkaClient, options: SenderOptions): Promise<Sender> {
    return new Sender(await Producer.start(client, options.producer), options);
  }

  /** Sends that are not settled yet. */
  get outstanding(): number {
    return this.#outstanding;
  }

  get sent(): number {
    return this.ledgers.reduce((count, { fates }) => count + fates.length, 0);
  }

  /** Sends no more, and resolves when all is settled, or false after so long. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#isRunning = false;
    await this.#running;
    const settled = this.#outstanding === 0 ? Promise.resolve() : new Promise<void>((resolve) => (this.#idle = resolve));
    const inTime = await Promise.race([settled.then(() => true), sleep(timeoutMs, false, { ref: false })]);
    await this.#producer.close();
    return inTime;
  }

  async #run(): Promise<void> {
    const { recordsPerSecond, batch, burst = 1, partitions, allowed = () => Infinity, random } = this.#options;
    const records = batch * burst;
    let owed = 0;
    let last = performance.now();
    while (this.#isRunning) {
      const now = performance.now();
      owed = Math.min(owed + ((now - last) * recordsPerSecond) / 1000, recordsPerSecond);
      last = now;
      let left = Math.min(maxOutstanding - this.#outstanding, allowed() - this.sent);
      for (; owed >= records && left >= records; owed -= records, left -= records) {
        for (let sent = 0; sent < burst; sent++) {
          const places = Array.from({ length: batch }, () => {
            const ledger = this.ledgers[between(random, 0, partitions - 1)]!;
            return [ledger, ledger.begin()] as const;
          });
          this.#send(places);
        }
      }
      await sleep(tickMs);
    }
  }

  #send(places: readonly (readonly [PartitionLedger, number])[]): void {
    this.#outstanding += places.length;
    this.gap.begin();
    const messages = places.map(([ledger, sequence]) => ({
      topic: ledger.topic,
      partition: ledger.partition,
      value: valueOf(ledger, sequence),
    }));
    const sent = messages.length === 1 ? this.#producer.send(messages[0]!).then((one) => [one]) : this.#producer.sendBatch(messages);
    sent
      .then(
        (metadata) => this.#acknowledged(places, metadata),
        (error: unknown) => this.#rejected(places, error),
      )
      .finally(() => {
        this.#outstanding -= places.length;
        this.gap.progress(this.#outstanding > 0);
        if (this.#outstanding === 0) this.#idle?.();
      });
  }

  #acknowledged(places: readonly (readonly [PartitionLedger, number])[], metadata: readonly RecordMetadata[]): void {
    this.acknowledged += places.length;
    places.forEach(([ledger, sequence], i) => ledger.acknowledged(sequence, metadata[i]!.offset ?? -1));
  }

  #rejected(places: readonly (readonly [PartitionLedger, number])[], error: unknown): void {
    // A batch tells of its first failure only: what became of each of its messages is open.
    const persistence = error instanceof KafkaError ? (places.length === 1 ? error.persistence : 'possibly persisted') : undefined;
    const name = `${error instanceof Error ? error.name : String(error)}, ${persistence}`;
    this.errors.set(name, (this.errors.get(name) ?? 0) + places.length);
    for (const [ledger, sequence] of places) ledger.rejected(sequence, persistence);
  }
}
