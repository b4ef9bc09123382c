import { Kafka, type Consumer, type ConsumerConfig, type KafkaConfig, logLevel } from 'kafkajs';
import type { SocketFactory } from './broker/socket-factory.ts';
import type { MockCluster } from './mock-cluster.ts';
import type { TestKafka } from './target/target.ts';

/**
 * A kafkajs consumer looks up from a long poll only when it ends: to join anew, to find another leader, to leave. Its default is five
 * seconds, and a poll costs nothing here.
 */
const maxWaitTimeInMs = 20;

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
 */
export function createKafka(kafka: MockCluster | TestKafka, config: Partial<KafkaConfig> = {}): Kafka {
  const cluster = 'cluster' in kafka ? kafka.cluster : kafka;
  if (cluster === undefined) return new Kafka({ logLevel: logLevel.ERROR, brokers: kafka.brokers, ...config });
  const factory = cluster.createSocketFactory();
  return new KafkaInProcess({ logLevel: logLevel.ERROR, brokers: cluster.brokers, ...config, socketFactory: factory }, factory);
}

class KafkaInProcess extends Kafka {
  readonly #factory: SocketFactory;

  constructor(config: KafkaConfig, factory: SocketFactory) {
    super(config);
    this.#factory = factory;
  }

  override consumer(config: ConsumerConfig): Consumer {
    const consumer = super.consumer({ maxWaitTimeInMs, heartbeatInterval, ...config });
    // kafkajs waits for the fetches that are out before it leaves its group, so the mock cannot see that it wants to go.
    const endingPolls = (leave: () => Promise<void>) => () => {
      const left = leave();
      this.#factory.endPolls();
      return left;
    };
    return { ...consumer, stop: endingPolls(consumer.stop), disconnect: endingPolls(consumer.disconnect) };
  }
}
