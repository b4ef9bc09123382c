import { type Clock, type KafkaError, KafkaClient, type Transport } from '@tskafka/core';
import { MockCluster, VirtualClock } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import { Producer } from './producer.ts';
import type { RecordMetadata } from './message.ts';

/** Numbers in [0, 1) that are the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const messages = 300;
const refusals = ['NOT_ENOUGH_REPLICAS', 'NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'CORRUPT_MESSAGE'] as const;

/**
 * A network that keeps the client's own bytes for a while, and delivers them late, also after the client has dropped the connection.
 * It tells when they are not what they were: the broker's checks would hide most of it.
 */
function late(transport: Transport, clock: Clock, random: () => number, changed: () => void): Transport {
  return {
    async connect(address, events, signal) {
      const stream = await transport.connect(address, events, signal);
      let last = 0;
      const inOrder = (deliver: () => void): void => {
        last = Math.max(last, clock.now() + Math.floor(random() ** 4 * 800));
        clock.setTimeout(deliver, last - clock.now());
      };
      return {
        write: (chunks) => {
          const asWritten = Buffer.concat(chunks);
          inOrder(() => {
            if (!Buffer.concat(chunks).equals(asWritten)) changed();
            stream.write(chunks);
          });
          return true;
        },
        destroy: () => inOrder(() => stream.destroy()),
      };
    },
  };
}

interface Run {
  readonly deliveryTimeoutMs: number;
  /** Whether the broker also says, against the truth, that it does not have what it has. */
  readonly forgets?: boolean;
  /** Whether bytes stay in the network for a while; records are so large then that they are not copied into the request. */
  readonly isLate?: boolean;
}

/** One run: messages to two partitions, five requests in flight, while requests and answers get lost, brokers fail and leaders move. */
async function run(seed: number, { deliveryTimeoutMs, forgets = false, isLate = false }: Run) {
  const random = randomOf(seed);
  const clock = new VirtualClock();
  await using cluster = await MockCluster.start({ brokers: 3, topics: { orders: 2 }, clock, random });
  const { brokers } = cluster;
  let changes = 0;
  const connecting = KafkaClient.connect({
    brokers,
    transport: isLate ? late(cluster.transport, clock, random, () => changes++) : cluster.transport,
    clock,
    random,
    requestTimeoutMs: 1000,
  });
  await clock.advance(2000);
  await using client = await connecting;
  const starting = Producer.start(client, { batchBytes: isLate ? 12_000 : 100, deliveryTimeoutMs });
  await clock.advance(2000);
  await using producer = await starting;
  const padding = isLate ? 5000 : 0;
  let faults = 0;
  const chaos = cluster.intercept('Produce', async (call) => {
    const dice = random();
    if (dice > 0.25) return await call.pass();
    faults++;
    if (dice < 0.04) return call.drop();
    if (dice < 0.06) {
      // It waits in the broker for longer than the client does, and is served behind what the client sends again.
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 1000 + Math.floor(random() * 2000)));
      return await call.pass();
    }
    if (dice < 0.12) {
      await call.pass();
      return call.drop();
    }
    if (dice < 0.14) {
      await call.pass();
      return call.silence();
    }
    if (dice < 0.18) {
      const response = await call.pass();
      // Appended, but not replicated in time.
      const responses = response!.responses.map((topic) => ({
        ...topic,
        partitionResponses: topic.partitionResponses.map((answer) => (answer.errorCode === 0 ? { ...answer, errorCode: 20 } : answer)),
      }));
      return { ...response!, responses };
    }
    const code = forgets && dice > 0.24 ? 'OUT_OF_ORDER_SEQUENCE_NUMBER' : refusals[Math.floor(random() * refusals.length)]!;
    cluster.fail('Produce', [code], { partition: dice < 0.22 ? 0 : 1 });
    return await call.pass();
  });
  const told: Promise<RecordMetadata | KafkaError>[] = [];
  for (let i = 0; i < messages; i++) {
    told.push(producer.send({ topic: 'orders', value: String(i).padEnd(padding), partition: i % 2 }).catch((error: KafkaError) => error));
    const dice = random();
    if (dice < 0.02) cluster.topic('orders').moveLeader(i % 2, 1 + Math.floor(random() * 3));
    else if (dice < 0.03) cluster.broker(1 + Math.floor(random() * 3)).dropConnections();
    if (dice > 0.7) await clock.advance(Math.floor(random() * 60));
  }
  await clock.advance(4000);
  chaos.stop();
  await clock.advance(deliveryTimeoutMs + 5000);
  const results = await Promise.all(told);
  const logs = [0, 1].map((partition) =>
    cluster
      .topic('orders')
      .records({ partition })
      .map(({ value }) => Number(value)),
  );
  return { results, logs, faults, changes };
}

/** Whether each number is larger than the one before. */
const rises = (numbers: readonly number[]): boolean => numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);

const seeds = Array.from({ length: 25 }, (_, seed) => seed);

/** What was said of every message is true, and what is in the log is there once and in order. */
function expectTruth({ results, logs }: Awaited<ReturnType<typeof run>>): void {
  const seen = new Set(logs.flat());
  for (const log of logs) expect(rises(log)).toBe(true);
  for (const [i, result] of results.entries()) {
    if (!(result instanceof Error)) expect(logs[result.partition]![result.offset!]).toBe(i);
    else if (result.persistence === 'not persisted') expect(seen.has(i)).toBe(false);
    else expect(result.persistence).toBe('possibly persisted');
  }
}

describe('through lost requests, lost answers, silent brokers, refusals, moving leaders and resets', () => {
  it.each(seeds)(
    'P1, P2, C5: with enough time, every message is in the log once, in order, at the reported offset (seed %i)',
    async (seed) => {
      const done = await run(seed, { deliveryTimeoutMs: 120_000 });
      expect(done.faults).toBeGreaterThan(3);
      expect(done.logs).toEqual([0, 1].map((partition) => Array.from({ length: messages / 2 }, (_, i) => i * 2 + partition)));
      expectTruth(done);
    },
  );

  it.each(seeds)('P7, P8: with too little time, the result of every message is true (seed %i)', async (seed) => {
    const done = await run(seed, { deliveryTimeoutMs: 150 });
    expect(done.results.some((result) => result instanceof Error)).toBe(true);
    expectTruth(done);
  });

  it.each(seeds)('P3: from a broker that says it has lost records, what is said of every message is true (seed %i)', async (seed) => {
    const done = await run(seed, { deliveryTimeoutMs: 120_000, forgets: true });
    expectTruth(done);
  });

  it.each(seeds)(
    'P10: bytes that stay in the network for long are those of their own batch, whatever memory is used again (seed %i)',
    async (seed) => {
      const done = await run(seed, { deliveryTimeoutMs: seed % 2 === 0 ? 120_000 : 1500, isLate: true });
      expect(done.changes).toBe(0);
      expectTruth(done);
    },
  );
});
