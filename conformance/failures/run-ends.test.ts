import { BalancedConsumer, KafkaClient, type Message } from '@tskafka/consumer';
import { MockCluster, seededRandom, VirtualClock } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import { cooperative, eager, kip848, type Options } from './group-scene.ts';
import { settledWithin } from './settled-within.ts';

/** `TSKAFKA_CHAOS_SEEDS=1-500` looks further. */
const [first, last] = (process.env['TSKAFKA_CHAOS_SEEDS'] ?? '29-40').split('-').map(Number) as [number, number];
const isFurther = process.env['TSKAFKA_CHAOS_SEEDS'] !== undefined;
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Who could not say goodbye is forgotten: each coordinator that takes a group over gives its members a whole session again, and one does every few seconds. */
const sessionTimeoutMs = 6000;
const shortSessions = {
  'group.consumer.min.session.timeout.ms': `${sessionTimeoutMs}`,
  'group.consumer.session.timeout.ms': `${sessionTimeoutMs}`,
};

const partitions = 4;
const messagesEach = 40;

/** A group whose members handle messages with run(), and come, pause and go at any moment; nothing else fails. */
class Scene {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly violations: string[] = [];
  /** How often each message was handled, by partition and offset. */
  readonly handled: number[][] = Array.from({ length: partitions }, () => Array.from({ length: messagesEach }, () => 0));
  readonly #options: Options;
  /** Other things fail, too. */
  isFailing = false;
  cluster!: MockCluster;

  constructor(seed: number, options: Options) {
    this.random = seededRandom(seed);
    this.#options = options;
  }

  async begin(): Promise<void> {
    const { clock, random } = this;
    const realism = { rttMs: Math.floor(40 * random()), jitterMs: Math.floor(40 * random()) };
    this.cluster = await MockCluster.start({ topics: { orders: partitions }, clock, random, realism, configs: shortSessions });
    this.cluster.delay('OffsetCommit', Math.floor(200 * random()));
    for (let i = 0; i < partitions * messagesEach; i++) this.cluster.topic('orders').append({ partition: i % partitions, value: `${i}` });
    // What is committed was handled.
    this.cluster.intercept('OffsetCommit', (call) => {
      for (const topic of call.request.topics)
        for (const { partitionIndex, committedOffset } of topic.partitions)
          if (committedOffset > this.prefix(partitionIndex))
            this.violations.push(`${partitionIndex}@${committedOffset} was committed, and ${this.prefix(partitionIndex)} was not handled`);
      return call.pass();
    });
  }

  /** The first message of a partition that was not handled. */
  prefix(partition: number): number {
    const offset = this.handled[partition]!.indexOf(0);
    return offset < 0 ? messagesEach : offset;
  }

  get isDone(): boolean {
    return this.handled.every((each) => !each.includes(0));
  }

  /** One member after the other, until all is handled. */
  async readAll(name: string): Promise<void> {
    for (let i = 0; !this.isDone; i++) {
      if (this.clock.now() > 1_500_000) throw new Error('not done after 25 minutes');
      await this.pause(1000);
      await this.member(`${name}${i}`);
    }
  }

  /** One stay: joins, handles for a while, pauses perhaps, and goes. */
  async member(name: string): Promise<void> {
    const { cluster, clock, random } = this;
    const client = await KafkaClient.connect({
      brokers: cluster.brokers,
      transport: cluster.transport,
      clock,
      random,
      clientId: name,
      requestTimeoutMs: 2000,
    });
    const consumer = new BalancedConsumer(client.topic('orders'), { consumerGroup: 'readers', ...this.#options });
    await consumer.start();
    for (let stays = Math.floor(1 + 3 * random()); stays > 0; stays--) {
      const running = this.#run(consumer, name);
      await this.pause(2000);
      const isLast = stays === 1;
      const ended = Promise.all([isLast ? consumer.close() : consumer.stop(), running]);
      if (random() < 0.3) await Promise.all([running, isLast ? consumer.close() : consumer.stop()]);
      await ended;
      await this.pause(300);
      if (!isLast) await consumer.start();
    }
    await client.close();
  }

  async #run(consumer: BalancedConsumer, name: string): Promise<void> {
    const ordered = this.random() < 0.5 ? 'key' : 'partition';
    // What was handled behind a message that fails is handled again where several are in hand.
    const failNow = (): void => {
      if (ordered === 'partition' && this.random() < 0.02) throw new Error('no');
    };
    const handler = ({ partition, offset }: Message): Promise<void> | undefined => {
      failNow();
      if (this.random() < 0.2) return void this.#did(partition, offset);
      return this.pause(100).then(() => {
        failNow();
        this.#did(partition, offset);
      });
    };
    for (;;) {
      try {
        await consumer.run(handler, { ordered, commitIntervalMs: 50 + 500 * this.random() });
        break;
      } catch (error) {
        if ((error as Error).message !== 'no') {
          if ((error as Error).name !== 'ClosedError') this.violations.push(`run() has rejected: ${String(error)}`);
          break;
        }
      }
    }
    if (this.isFailing) return;
    const isIn = this.cluster
      .group('readers')
      .members()
      .some(({ clientId }) => clientId === name);
    if (isIn) this.violations.push(`run() has resolved before the group knew that ${name} had gone`);
  }

  #did(partition: number, offset: number): void {
    this.handled[partition]![offset]!++;
  }

  pause(maxMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.setTimeout(resolve, Math.floor(maxMs * this.random())));
  }

  within<T>(promise: Promise<T>, ms: number): Promise<T> {
    return settledWithin(this.clock, promise, ms);
  }
}

describe.each<[name: string, way: Options]>([
  ['eager', eager],
  ['cooperative', cooperative],
  ['KIP-848', kip848],
])('members that run, stop and close at any moment, %s', (_name, way) => {
  it.each(seeds.slice(0, isFurther ? undefined : 4))(
    'commit nothing that they have not handled, whatever else happens to the cluster (seed %i)',
    async (seed) => {
      const scene = new Scene(seed, { ...way, ...(way.groupProtocol === 'classic' && { sessionTimeoutMs }) });
      scene.isFailing = true;
      await scene.within(scene.begin(), 1000);
      await using _ = scene.cluster;
      const chaos = scene.cluster.chaos({ seed, everyMs: 200 });
      await scene.within(Promise.all([scene.readAll('a'), scene.readAll('b'), scene.readAll('c')]), 1_800_000);
      await scene.within(chaos.stop(), 10_000);
      expect(scene.violations, chaos.events.map(({ atMs, description }) => `${atMs.toFixed()} ${description}`).join('\n')).toEqual([]);
      expect(scene.isDone).toBe(true);
    },
    600_000,
  );

  it.each(seeds)(
    'G15: commit what they have handled, and nothing else (seed %i)',
    async (seed) => {
      const scene = new Scene(seed, way);
      await scene.within(scene.begin(), 1000);
      await using _ = scene.cluster;
      await scene.within(Promise.all([scene.readAll('a'), scene.readAll('b'), scene.readAll('c')]), 900_000);
      expect(scene.violations).toEqual([]);
      expect(scene.handled.map((each) => each.filter((times) => times !== 1).length)).toEqual([0, 0, 0, 0]);
      const { cluster } = scene;
      expect(scene.handled.map((_, partition) => cluster.group('readers').committed('orders', partition))).toEqual([40, 40, 40, 40]);
    },
    600_000,
  );
});
