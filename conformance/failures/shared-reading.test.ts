import { KafkaClient, type Message, SimpleConsumer } from '@tskafka/consumer';
import { MockCluster, seededRandom, VirtualClock } from '@tskafka/testing';
import { expect, it } from 'vitest';
import { addressOf } from '../address.ts';
import { append, batchOf } from '../requests.ts';
import { Wire } from '../wire.ts';
import { settledWithin } from './settled-within.ts';

/** `TSKAFKA_CHAOS_SEEDS=1-500` looks further. */
const [first, last] = (process.env['TSKAFKA_CHAOS_SEEDS'] ?? '1-12').split('-').map(Number) as [number, number];
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

const partitions = [0, 1, 2];
const messagesEach = 60;

/** One consumer that is read in several ways at once, and paused, stopped and started meanwhile. */
class Scene {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly violations: string[] = [];
  /** How often each message was handed out, by partition and offset. */
  readonly seen = partitions.map(() => Array.from({ length: messagesEach }, () => 0));
  readonly #positions = partitions.map(() => 0);
  cluster!: MockCluster;
  consumer!: SimpleConsumer;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  async begin(): Promise<void> {
    const { clock, random } = this;
    const cluster = await MockCluster.start({ brokers: 1, topics: { orders: partitions.length }, clock, random });
    this.cluster = cluster;
    cluster.intercept('OffsetCommit', (call) => {
      for (const { partitionIndex: id, committedOffset } of call.request.topics[0]!.partitions)
        if (this.seen[id]!.slice(0, committedOffset).includes(0)) this.violations.push(`${id}@${committedOffset} was committed too early`);
      return call.pass();
    });
    const client = await KafkaClient.connect({ brokers: cluster.brokers, transport: cluster.transport, clock, random });
    const options = { consumerGroup: 'readers', autoCommitEnable: true, autoCommitIntervalMs: 30, fetchWaitMaxMs: 50 };
    const value = (bytes: Buffer | null) => (random() < 0.5 ? bytes : this.pause(5).then(() => bytes));
    const deserializer = random() < 0.5 ? { value } : {};
    this.consumer = await SimpleConsumer.start(client.topic('orders'), { ...options, deserializer });
  }

  /** All messages, in batches of any size, over a while. */
  async write(): Promise<void> {
    const wire = await Wire.connect(this.cluster.transport, addressOf(this.cluster.brokers[0]!));
    const topic = this.cluster.topic('orders');
    const left = partitions.map(() => messagesEach);
    while (left.some((count) => count > 0)) {
      const partition = this.#pick(partitions);
      const count = Math.min(left[partition]!, Math.floor(1 + 12 * this.random()));
      if (count === 0) continue;
      left[partition]! -= count;
      await append(
        wire,
        { name: 'orders', id: topic.id } as never,
        batchOf(Array.from({ length: count }, () => ({ value: 'x', timestamp: this.clock.wallTime() }))),
        {
          partition,
        },
      );
      await this.pause(40);
    }
    wire.close();
  }

  get isDone(): boolean {
    return this.seen.every((each) => !each.includes(0));
  }

  /** Reads in one way or another, as long as there is something, over all stops. */
  async reader(): Promise<void> {
    while (!this.isDone) {
      const read = this.#pick([() => this.#batches(), () => this.#messages(), () => this.#consume(), () => this.#run()]);
      await read().catch((error: Error) => {
        if (error.name !== 'ClosedError' && error.name !== 'TypeError') this.violations.push(String(error));
      });
      await this.pause(20);
    }
  }

  /** Pauses, stops, and goes on. */
  async meddler(): Promise<void> {
    while (!this.isDone) {
      await this.pause(100);
      const paused = this.#pick(partitions);
      if (this.random() < 0.5) {
        this.consumer.pause([paused]);
        await this.pause(60);
        this.consumer.resume([paused]);
      } else if (this.random() < 0.5) {
        const stopped = this.consumer.stop();
        if (this.random() < 0.5) await stopped;
        await Promise.all([stopped, this.consumer.start()]);
      }
    }
    await this.consumer.close();
  }

  async #batches(): Promise<void> {
    for await (const batch of this.consumer.batches()) {
      for (const message of batch) {
        this.#saw(message);
        if (this.random() < 0.2) await this.pause(30);
        if (this.random() < 0.03) return;
      }
      if (this.random() < 0.2) await this.pause(30);
    }
  }

  async #messages(): Promise<void> {
    for await (const message of this.consumer) {
      this.#saw(message);
      if (this.random() < 0.3) await this.pause(30);
      if (this.random() < 0.1) return;
    }
  }

  async #consume(): Promise<void> {
    const giveUp = new AbortController();
    const timer = this.clock.setTimeout(() => giveUp.abort(new TypeError('nothing came')), 50);
    const message = await this.consumer.consume({ signal: giveUp.signal });
    timer.cancel();
    if (message !== undefined) this.#saw(message);
  }

  #run(): Promise<void> {
    return this.consumer.run((message) => {
      this.#saw(message);
      return this.random() < 0.5 ? undefined : this.pause(20);
    });
  }

  #saw({ partition, offset }: Message): void {
    this.seen[partition]![offset]!++;
    for (const id of partitions) {
      const position = this.consumer.position(id);
      if (position < this.#positions[id]!) this.violations.push(`${id} went back from ${this.#positions[id]} to ${position}`);
      this.#positions[id] = position;
    }
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(from.length * this.random())]!;
  }

  pause(maxMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.setTimeout(resolve, Math.floor(maxMs * this.random())));
  }

  within<T>(promise: Promise<T>, ms: number): Promise<T> {
    const why = (): string => `: ${JSON.stringify(this.seen)}\n${this.consumer.explain()}`;
    return settledWithin(this.clock, promise, ms, { stepMs: 5, why });
  }
}

it.each(seeds)('a consumer that is read in several ways at once gives each message once, and never moves back (seed %i)', async (seed) => {
  const scene = new Scene(seed);
  await scene.within(scene.begin(), 1000);
  await using _ = scene.cluster;
  const reading = Array.from({ length: 3 }, () => scene.reader());
  await scene.within(Promise.all([scene.write(), ...reading, scene.meddler()]), 60_000);
  expect(scene.violations).toEqual([]);
  expect(scene.seen.flat().filter((times) => times !== 1)).toEqual([]);
});
