import { KafkaClient, type ClientOptions, type Random } from '@tskafka/core';
import { MockCluster, type MockClusterOptions, VirtualClock } from '@tskafka/testing';
import { settledWithin } from './settled-within.ts';

/** A cluster and a client in virtual time: what a test does to the cluster happens at the same moment each time. */
export class Scene implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly cluster: MockCluster;
  /** The newest client; `connect` makes one. */
  client!: KafkaClient;

  static async start(options: MockClusterOptions = {}, clock = new VirtualClock()): Promise<Scene> {
    const cluster = await MockCluster.start({ topics: { orders: 3 }, autoCreateTopics: false, clock, random: seeded(), ...options });
    return new Scene(clock, cluster);
  }

  private constructor(clock: VirtualClock, cluster: MockCluster) {
    this.clock = clock;
    this.cluster = cluster;
  }

  options(more: Partial<ClientOptions> = {}): ClientOptions {
    const { cluster, clock } = this;
    return { brokers: cluster.brokers, transport: cluster.transport, clock, random: () => 0.5, ...more };
  }

  async connect(more?: Partial<ClientOptions>): Promise<KafkaClient> {
    return (this.client = await KafkaClient.connect(this.options(more)));
  }

  /** Lets virtual time pass, in small steps, until the promise has settled. */
  settledWithin<T>(promise: Promise<T>, ms: number): Promise<T> {
    return settledWithin(this.clock, promise, ms);
  }

  /** How long it takes, in virtual time. */
  async timeOf(promise: Promise<unknown>, withinMs: number): Promise<number> {
    const start = this.clock.now();
    await this.settledWithin(promise, withinMs);
    return this.clock.now() - start;
  }

  /** Connections that are open now, at all brokers. */
  get connections(): number {
    return this.cluster.brokerIds.reduce((sum, id) => sum + this.cluster.broker(id).connectionCount, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client?.close();
    await this.cluster.close();
  }
}

/** Chance that is the same in every run; topic ids must differ all the same. */
function seeded(): Random {
  let state = 1;
  return () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
}
