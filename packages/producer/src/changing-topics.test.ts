import { alterConfigs, KafkaClient, type KafkaError } from '@tskafka/core';
import { clusterSymbol } from '@tskafka/core/internal';
import { MockCluster, VirtualClock } from '@tskafka/testing';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordMetadata } from './message.ts';
import type { ProducerOptions } from './options.ts';
import { Producer } from './producer.ts';

const topicNames = ['a', 'b', 'c'] as const;
const topic = fc.constantFrom('a', 'a', ...topicNames);
const broker = fc.integer({ min: 1, max: 3 });

const refusals = ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'INVALID_PRODUCER_EPOCH', 'UNKNOWN_TOPIC_ID'] as const;

/** What may happen to a cluster while it is written to. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send'), topic, count: fc.integer({ min: 1, max: 40 }), keyed: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 0, 0, 1, 50, 300, 2000, 9000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create'), topic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), topic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recreate'), topic, partitions: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('grow'), topic }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move'), topic, broker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect'), broker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart'), broker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose answers'), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('hold back'), ms: fc.constantFrom(20, 1000), count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bound batches'), topic, bytes: fc.constantFrom(80, 130, 1_000_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask for keys'), topic }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('refuse'), code: fc.constantFrom(...refusals), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refresh') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush') }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  readonly topic: string;
  readonly value: string;
  readonly key: string | null;
  /** Which topic of that name it was written to, by its id, as far as it is known. */
  told?: RecordMetadata | KafkaError;
  topicId?: string | undefined;
}

/** Runs the steps; then what is gone comes back, and all is given the time that it needs. */
async function run(steps: readonly Step[], options: ProducerOptions) {
  const clock = new VirtualClock();
  await using cluster = await MockCluster.start({ brokers: 3, topics: { a: 2, b: 1 }, clock });
  const { brokers, transport } = cluster;
  await using client = await KafkaClient.connect({ brokers, transport, clock, random: () => 0.5, topicTimeoutMs: 5000 });
  await using producer = await Producer.start(client, { batchBytes: 200, ...options });
  const exists = (name: string): boolean => cluster.topicNames.includes(name);
  const all: Sent[] = [];
  const pending: Promise<void>[] = [];
  let settled = 0;
  const send = (name: string, keyed: boolean): void => {
    const sent: Sent = { topic: name, value: String(all.length), key: keyed ? `k${all.length % 3}` : null };
    all.push(sent);
    const tell = (told: RecordMetadata | KafkaError): void => {
      settled++;
      sent.told = told;
      sent.topicId = exists(name) ? cluster.topic(name).id : undefined;
    };
    pending.push(producer.send({ topic: name, key: sent.key, value: sent.value }).then(tell, tell));
  };
  const configure = (name: string, config: string, value: string): void =>
    void alterConfigs(client, [{ type: 'topic', name, set: { [config]: value } }]).catch(() => {});
  const down = new Set<number>();
  for (const each of steps) {
    switch (each.do) {
      case 'send':
        for (let i = 0; i < each.count; i++) send(each.topic, each.keyed);
        break;
      case 'wait':
        await clock.advance(each.ms);
        break;
      case 'create':
        if (!exists(each.topic)) cluster.createTopic(each.topic, 2);
        break;
      case 'delete':
        if (exists(each.topic)) cluster.topic(each.topic).delete();
        break;
      case 'recreate':
        if (exists(each.topic)) cluster.topic(each.topic).recreate({ partitions: each.partitions });
        break;
      case 'grow':
        if (exists(each.topic)) cluster.topic(each.topic).addPartitions(cluster.topic(each.topic).partitionCount + 1);
        break;
      case 'move':
        if (exists(each.topic) && !down.has(each.broker)) cluster.topic(each.topic).moveLeader(0, each.broker);
        break;
      case 'disconnect':
        cluster.broker(each.broker).dropConnections();
        break;
      case 'restart':
        if (down.delete(each.broker)) await cluster.broker(each.broker).up();
        else if (down.size === 0) {
          down.add(each.broker);
          await cluster.broker(each.broker).down();
        }
        break;
      case 'lose answers':
        cluster.dropResponse('Produce', { times: each.count });
        break;
      case 'hold back': {
        const hold = cluster.hold('Produce', { times: each.count });
        clock.setTimeout(() => hold.stop(), each.ms);
        break;
      }
      case 'bound batches':
        if (exists(each.topic)) configure(each.topic, 'max.message.bytes', String(each.bytes));
        break;
      case 'ask for keys':
        if (exists(each.topic)) configure(each.topic, 'cleanup.policy', 'compact');
        break;
      case 'refuse':
        cluster.fail(
          'Produce',
          Array.from({ length: each.count }, () => each.code),
        );
        break;
      case 'refresh':
        void client[clusterSymbol].refresh().catch(() => {});
        break;
      case 'flush':
        void producer.flush();
        break;
    }
  }
  for (const id of down) await cluster.broker(id).up();
  await clock.advance(200_000);
  await Promise.all(pending);
  const logs = new Map(topicNames.filter(exists).map((name) => [name as string, cluster.topic(name)]));
  return { all, logs, settled, bufferedBytes: producer.stats().bufferedBytes, inFlight: [...producer.stats().inFlight.values()] };
}

async function expectTruth(steps: readonly Step[], options: ProducerOptions): Promise<void> {
  const { all, logs, settled, bufferedBytes, inFlight } = await run(steps, options);
  expect(settled).toBe(all.length);
  expect(bufferedBytes).toBe(0);
  expect(inFlight.every((requests) => requests === 0)).toBe(true);
  for (const [name, log] of logs) {
    const places = new Map<string, string>();
    for (let partition = 0; partition < log.partitionCount; partition++) {
      const written = log.records({ partition }).map(({ value }) => String(value));
      expect(written).toEqual([...written].sort((a, b) => Number(a) - Number(b)));
      for (const [offset, value] of written.entries()) {
        expect(places.has(value), `${value} is in '${name}' twice`).toBe(false);
        places.set(value, `${partition}@${offset}`);
      }
    }
    for (const { topic: to, value, told, topicId } of all) {
      if (to !== name || topicId !== log.id) continue;
      if (!(told instanceof Error)) expect(places.get(value)).toBe(`${told!.partition}@${told!.offset}`);
      else if (told.persistence === 'not persisted') expect(places.has(value), `${value}: ${told.message}`).toBe(false);
    }
  }
}

it('of every message the truth is told, once, while topics come and go, are made anew, grow and move', { timeout: 600_000 }, async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 60 });
  const options = fc.record({
    deliveryTimeoutMs: fc.constantFrom(2000, 120_000),
    lingerMs: fc.constantFrom(0, 20),
    maxBufferedBytes: fc.constantFrom(2000, 20_000),
    compression: fc.constantFrom('none' as const, 'gzip' as const),
  });
  await fc.assert(fc.asyncProperty(steps, options, expectTruth), { numRuns: 100 });
});
