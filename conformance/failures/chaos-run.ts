import { BalancedConsumer, KafkaClient, SimpleConsumer } from '@tskafka/consumer';
import { Producer } from '@tskafka/producer';
import { type ChaosEvent, MockCluster, seededRandom, VirtualClock } from '@tskafka/testing';
import { settledWithin } from './settled-within.ts';

const partitions = 4;
const messagesEach = 60;

/** What became of one run. */
export interface ChaosReport {
  readonly seed: number;
  readonly events: readonly ChaosEvent[];
  /** What must not be; empty when all went well. */
  readonly violations: readonly string[];
  /** The requests in their order, to compare two runs. */
  readonly traffic: readonly string[];
}

/**
 * Our producer, consumer and group members on a cluster to which one thing after the other happens, in virtual time. The same seed gives the
 * same run.
 */
export async function runChaos(seed: number): Promise<ChaosReport> {
  const clock = new VirtualClock();
  await using cluster = await MockCluster.start({ topics: { orders: partitions, copies: partitions }, clock, random: seededRandom(seed) });
  const random = seededRandom(seed + 1);
  const options = { brokers: cluster.brokers, transport: cluster.transport, clock, random, requestTimeoutMs: 2000 };
  const violations: string[] = [];
  const say = (text: string): void => void violations.push(text);
  const within = <T>(promise: Promise<T>, what: string): Promise<T> =>
    settledWithin(clock, promise, 900_000, { stepMs: 50, why: () => `: ${what}` });

  const client = await within(KafkaClient.connect(options), 'connecting');
  const producer = await within(Producer.start(client), 'starting the producer');
  const reader = await within(SimpleConsumer.start(client.topic('orders')), 'starting the reader');
  const members = [member(client), member(client)];
  await within(Promise.all(members.map(({ consumer }) => consumer.start())), 'joining the group');
  for (const each of members) void follow(each);
  const copiers = ['one', 'other'].map((name) => copier(client, name));
  await within(Promise.all(copiers.map(({ consumer }) => consumer.start())), 'starting the copiers');
  for (const each of copiers) each.copy().catch((error: unknown) => say(`a copier has ended: ${String(error)}`));

  const chaos = cluster.chaos({ seed, everyMs: 100 });
  const read: string[][] = Array.from({ length: partitions }, () => []);
  const reading = (async () => {
    for (let left = partitions * messagesEach; left > 0; left--) {
      const message = (await reader.consume())!;
      read[message.partition]!.push(String(message.value));
    }
  })();
  const outcomes: Promise<void>[] = [];
  for (let i = 0; i < messagesEach; i++) {
    for (let partition = 0; partition < partitions; partition++) {
      const sent = producer.send({ topic: 'orders', partition, value: `${i}` });
      outcomes.push(sent.then(() => undefined, (error: unknown) => say(`${partition}/${i} was not sent: ${String(error)}`))); // prettier-ignore
    }
    await clock.advance(50 + 100 * random());
  }
  await within(Promise.all(outcomes), 'sending');
  await within(reading, 'reading');
  await within(chaos.stop(), 'stopping the chaos');
  const seen = (): number => new Set(members.flatMap((each) => [...each.seen])).size;
  const all = partitions * messagesEach;
  await within(
    until(() => seen() === all, clock),
    'the group’s reading',
  ).catch(() => say(`the group has seen ${seen()} of ${all}`));

  const isCopied = (): boolean => cluster.topic('copies').records().length >= all;
  await within(until(isCopied, clock), 'copying').catch(() => say(`${cluster.topic('copies').records().length} were copied`));

  const expected = Array.from({ length: messagesEach }, (_, i) => `${i}`);
  for (let partition = 0; partition < partitions; partition++) {
    for (const topic of ['orders', 'copies']) {
      const log = cluster.topic(topic).records({ partition }).map(({ value }) => String(value)); // prettier-ignore
      if (log.join() !== expected.join()) say(`${topic}-${partition} holds ${log.join()}`);
    }
    if (read[partition]!.join() !== expected.join()) say(`of partition ${partition} was read ${read[partition]!.join()}`);
  }
  for (const { disorder } of members) violations.push(...disorder);
  const traffic = cluster.requests().map(({ at, api, broker, connection }) => `${at} ${api} ${broker} ${connection}`);
  await within(Promise.all([...members, ...copiers].map(({ consumer }) => consumer.close())), 'leaving the groups');
  await within(Promise.all([reader.close(), producer.close()]), 'closing');
  await within(client.close(), 'closing the client');
  return { seed, events: chaos.events, violations, traffic };
}

interface Member {
  readonly consumer: BalancedConsumer;
  /** What it has seen of each partition, by partition and value. */
  readonly seen: Set<string>;
  readonly disorder: string[];
  /** The newest offset of each partition that it has now. */
  readonly last: Map<number, number>;
}

/** A member of the group, which commits as it goes, and notes what comes out of order while it keeps a partition. */
function member(client: KafkaClient): Member {
  const seen = new Set<string>();
  const disorder: string[] = [];
  const last = new Map<number, number>();
  const forget = (gone: readonly { partition: number }[]): void => gone.forEach(({ partition }) => last.delete(partition));
  const consumer = new BalancedConsumer(client.topic('orders'), {
    consumerGroup: 'readers',
    autoCommitEnable: true,
    autoCommitIntervalMs: 200,
    sessionTimeoutMs: 6000,
    onAssigned: forget,
    onRevoked: forget,
    onLost: forget,
  });
  return { consumer, seen, disorder, last };
}

async function follow({ consumer, seen, disorder, last }: Member): Promise<void> {
  for await (const { partition, offset } of consumer) {
    const expected = (last.get(partition) ?? offset - 1) + 1;
    if (offset !== expected) disorder.push(`a member got ${partition}@${offset} where ${expected} was next`);
    last.set(partition, offset);
    seen.add(`${partition}@${offset}`);
  }
}

/** Copies what it gets to another topic, exactly once. */
function copier(client: KafkaClient, name: string) {
  const consumer = new BalancedConsumer(client.topic('orders'), { consumerGroup: 'copiers', sessionTimeoutMs: 6000 });
  const copy = (): Promise<void> =>
    consumer.process(({ partition, value }, transaction) => void transaction.send({ topic: 'copies', partition, value }), {
      producer: () => Producer.start(client, { transactionalId: name, transactionTimeoutMs: 10_000 }),
    });
  return { consumer, copy };
}

async function until(isTrue: () => boolean, clock: VirtualClock): Promise<void> {
  const end = clock.now() + 300_000;
  while (!isTrue()) {
    if (clock.now() > end) throw new Error('not within five minutes');
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  }
}
