import {
  type Admin,
  type AdminConfig,
  type Consumer,
  type ConsumerConfig,
  Kafka,
  type KafkaConfig,
  logLevel,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';
import type { SocketFactory } from './broker/socket-factory.ts';
import type { MockCluster } from './mock-cluster.ts';
import type { TestKafka } from './target/target.ts';

/**
 * A kafkajs consumer looks up from a long poll only when it ends: to join anew, to find another leader, to leave. Its default is five
 * seconds, and a poll costs nothing here.
 */
const maxWaitTimeInMs = 20;

/** What kafkajs does where a consumer says nothing of it. */
const kafkajsRetry: NonNullable<ConsumerConfig['retry']> = { retries: 5 };

/** It hears of a rebalance by a heartbeat only: every three seconds by default. */
const heartbeatInterval = 20;

/**
 * Returns a `Kafka` of the real kafkajs, connected to the brokers of the mock within this process, without a port.
 *
 * The Kafka of a test (`startKafka`, `kafkaTest`, `useKafka`) will do as well; where that is a real one, it is reached as kafkajs reaches any.
 *
 * `config` is kafkajs' own; where it names no brokers they are the cluster's, and it logs errors only unless it says otherwise.
 * Its consumers poll for 20 ms, and send heartbeats as often, where they do not say otherwise (kafkajs: 5000 and 3000), so that a
 * rebalance takes no five seconds; and `stop()` and `disconnect()` do not wait for the end of a poll at all (kafkajs #1606).
 * Whatever is still connected when the cluster is closed is disconnected then.
 */
export function createKafka(kafka: MockCluster | TestKafka, config: Partial<KafkaConfig> = {}): Kafka {
  const cluster = 'cluster' in kafka ? kafka.cluster : kafka;
  const factory = cluster?.createSocketFactory();
  const { brokers } = cluster ?? kafka;
  const made = new KafkaOfTest({ logLevel: logLevel.ERROR, brokers, ...config, ...(factory && { socketFactory: factory }) }, factory);
  kafka.onClose(() => made.end());
  return made;
}

/** A Kafka that ends with the cluster: kafkajs itself would look for its brokers for ever, and keep the process alive. */
class KafkaOfTest extends Kafka {
  /** undefined: a real Kafka's. */
  readonly #factory: SocketFactory | undefined;
  readonly #clients: (Admin | Consumer | Producer)[] = [];
  #hasEnded = false;

  constructor(config: KafkaConfig, factory: SocketFactory | undefined) {
    super(config);
    this.#factory = factory;
  }

  override producer(config?: ProducerConfig): Producer {
    return this.#keep(super.producer(config));
  }

  override admin(config?: AdminConfig): Admin {
    return this.#keep(super.admin(config));
  }

  override consumer(config: ConsumerConfig): Consumer {
    const retry = config.retry ?? kafkajsRetry;
    const restartOnFailure = async (error: Error): Promise<boolean> => !this.#hasEnded && (await (retry.restartOnFailure?.(error) ?? true));
    const inProcess = this.#factory === undefined ? {} : { maxWaitTimeInMs, heartbeatInterval };
    const consumer = super.consumer({ ...inProcess, ...config, retry: { ...retry, restartOnFailure } });
    // kafkajs waits for the fetches that are out before it leaves its group, so the mock cannot see that it wants to go.
    const endingPolls = (leave: () => Promise<void>) => () => {
      const left = leave();
      this.#factory?.endPolls();
      return left;
    };
    return this.#keep({ ...consumer, stop: endingPolls(consumer.stop), disconnect: endingPolls(consumer.disconnect) });
  }

  /** Disconnects what nobody has disconnected. What kafkajs has to say of it, and of what it tries until it gives up, is of no interest any more. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.logger().setLogLevel(logLevel.NOTHING);
    await Promise.allSettled(this.#clients.map((client) => client.disconnect()));
  }

  #keep<Client extends Admin | Consumer | Producer>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }
}
