import { createTopics, groupOffsets, KafkaClient } from '@tskafka/core';
import { SimpleConsumer } from '@tskafka/consumer';
import { apis } from '@tskafka/core/protocol';
import { Producer } from '@tskafka/producer';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tcpTransport } from '../../packages/testing/src/target/tcp-transport.ts';
import { until } from '../../conformance/until.ts';
import { Wire } from '../../conformance/wire.ts';
import { FaultProxy } from '../fault-proxy/proxy.ts';
import type { RealKafka } from '../real-kafka/cluster.ts';
import { ProgramProcess } from '../chaos/program-process.ts';
import { between, seeded } from '../chaos/random.ts';
import { isWhole } from '../chaos/replicas.ts';
import { faults } from './faults.ts';
import { flawless, judge, sum, type Verdict } from './judge.ts';
import { type CopierPlan, type Membership, partitions } from './plan.ts';

export interface CopyOptions {
  readonly kafka: RealKafka;
  readonly seed: number;
  /** Messages in a second. */
  readonly rate: number;
  readonly membership: Membership;
  /** How many programs copy. */
  readonly copiers: number;
  /** The names of the faults, one after the other; it ends with the last. */
  readonly schedule: Iterable<string>;
  readonly print: (line: string) => void;
}

export interface Report {
  /** By name: how often it has struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly written: number;
  /** The output as Kafka's own consumer reads it, against the input as it reads that. */
  readonly verdict: Verdict;
  /** The output as our consumer read it while it was written. */
  readonly liveVerdict: Verdict;
  /** What must not be: empty when all is well. */
  readonly violations: readonly string[];
}

const settleMs = 90_000;

/** Has a topic copied by programs that are killed, on brokers that are killed, and compares the copy with the topic. */
export async function copyExactlyOnce(options: CopyOptions): Promise<Report> {
  const { kafka, seed, rate, membership, print } = options;
  const name = (kind: string): string => `exactly-once-${kind}-${membership}-${seed}-${Date.now().toString(36)}`;
  const [input, output, group] = [name('input'), name('output'), name('group')];
  const routes = kafka.nodes.map((node) => ({ node, port: kafka.proxyPort(node), target: kafka.port('PROXIED', node) }));
  await using proxy = await FaultProxy.start(routes);
  await using client = await KafkaClient.connect({ brokers: kafka.bootstrap, requestTimeoutMs: 5000 });
  await createTopics(client, [input, output].map((topic) => ({ name: topic, partitions, replicationFactor: 3 }))); // prettier-ignore
  await until('all replicas follow', () => isWhole(kafka, [input, output]), 60_000);

  const copiers = Array.from({ length: options.copiers }, (_, i) => {
    const brokers = routes.map(({ port }) => `127.0.0.1:${port}`);
    const plan: CopierPlan = { brokers, input, output, group, membership, transactionalId: `${group}-${i}` };
    return new ProgramProcess(plan.transactionalId, join(import.meta.dirname, 'copier.ts'), () => plan);
  });
  const reader = await LiveReader.start(client, output);
  const writer = await Writer.start(client, input, { rate, copied: () => reader.count });
  const violations: string[] = [];
  const struck = new Map<string, number>();
  try {
    for (const copier of copiers) copier.start();
    await until('the copying has begun', () => Promise.resolve(reader.count > 0), 60_000);
    const topics = [input, output, '__consumer_offsets', '__transaction_state'];
    const scene = { kafka, proxy, topics, output, copiers, random: seeded(seed, 'faults') };
    const random = seeded(seed, 'pauses');
    for (const fault of options.schedule) {
      const began = performance.now();
      const times = await faults[fault]!(scene);
      struck.set(fault, (struck.get(fault) ?? 0) + times);
      print(`${fault}: ${times} in ${((performance.now() - began) / 1000).toFixed(1)} s; ${reader.count} of ${writer.count} copied`);
      // The next one strikes in the middle of copying, too.
      const before = reader.count;
      await until('the copying goes on', () => Promise.resolve(reader.count > before), 60_000).catch((error: Error) => {
        const failure = copiers.map((copier) => copier.failure).find(Boolean);
        throw failure === undefined ? error : new Error(failure);
      });
      await sleep(between(random, 200, 2000));
    }
    proxy.calm();
    await writer.stop();
    const isDone = (): Promise<boolean> => Promise.resolve(reader.count >= writer.count);
    await until('all is copied', isDone, settleMs).catch((error: Error) => violations.push(error.message));
  } catch (error) {
    violations.push(String(error));
  } finally {
    const stopped = await Promise.all(copiers.map((copier) => copier.stop(30_000)));
    stopped.forEach((isWell, i) => isWell || violations.push(`a copier did not end well: ${copiers[i]!.words.slice(-20).join('')}`));
    await writer.stop();
  }
  await until('no transaction is open', () => hasNoneOpen(kafka, group), 30_000).catch((error: Error) => violations.push(error.message));
  violations.push(...(await hangingIn(client, output)), ...(await uncommitted(client, group, input)));
  await reader.stop();

  print(`${writer.count} written; reading both topics with Kafka's own consumer`);
  for (const topic of [input, output]) await markEnds(client, topic);
  const read = [readInJava(kafka, input, writer.count), readInJava(kafka, output, reader.count)] as const;
  const [written, copied] = await Promise.all(read);
  for (const [topic, values] of [
    [input, written],
    [output, copied],
  ] as const) {
    for (const [partition, each] of values.entries()) {
      if (each.at(-1) === endMark) each.pop();
      else violations.push(`Kafka's own consumer has not come to the end of ${topic}/${partition}`);
    }
  }
  const compare = (copy: readonly string[][]): Verdict => sum(written.map((values, partition) => judge(values, copy[partition]!)));
  const [verdict, liveVerdict] = [compare(copied), compare(reader.values)];
  if (written.flat().length !== writer.count)
    violations.push(`${written.flat().length} messages are in the input, and ${writer.count} were written`);
  for (const [who, each] of [
    ['', verdict],
    [' by our consumer meanwhile', liveVerdict],
  ] as const) {
    for (const kind of Object.keys(flawless) as (keyof Verdict)[]) if (each[kind] > 0) violations.push(`${each[kind]} ${kind}${who}`);
  }
  return { faults: struck, written: writer.count, verdict, liveVerdict, violations };
}

interface WriterOptions {
  readonly rate: number;
  /** How many have been copied: it writes only so far ahead that these come to an end on a busy machine, too. */
  readonly copied: () => number;
}

const mostSecondsAhead = 20;

/** Writes numbers into the input, past the faults of the network. */
class Writer {
  #count = 0;
  readonly #producer: Producer;
  readonly #running: Promise<void>;
  #isEnding = false;

  static async start(client: KafkaClient, topic: string, options: WriterOptions): Promise<Writer> {
    return new Writer(await Producer.start(client), topic, options);
  }

  private constructor(producer: Producer, topic: string, options: WriterOptions) {
    this.#producer = producer;
    this.#running = this.#write(topic, options);
  }

  get count(): number {
    return this.#count;
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
    await this.#producer.flush();
    await this.#producer.close();
  }

  async #write(topic: string, { rate, copied }: WriterOptions): Promise<void> {
    let owed = 0;
    let last = performance.now();
    while (!this.#isEnding) {
      const now = performance.now();
      owed = Math.min(owed + ((now - last) / 1000) * rate, copied() + mostSecondsAhead * rate - this.#count);
      last = now;
      for (; owed >= 1; owed--, this.#count++) {
        await this.#producer.produce({ topic, partition: this.#count % partitions, value: String(this.#count) });
      }
      await sleep(20);
    }
  }
}

/** Reads the output while it is written, as a program behind it would: what it has seen cannot be taken back. */
class LiveReader {
  readonly values: string[][] = Array.from({ length: partitions }, () => []);
  #count = 0;
  readonly #consumer: SimpleConsumer;
  readonly #running: Promise<void>;

  static async start(client: KafkaClient, topic: string): Promise<LiveReader> {
    return new LiveReader(await SimpleConsumer.start(client.topic(topic)));
  }

  private constructor(consumer: SimpleConsumer) {
    this.#consumer = consumer;
    this.#running = this.#read();
  }

  get count(): number {
    return this.#count;
  }

  async stop(): Promise<void> {
    await this.#consumer.close();
    await this.#running;
  }

  async #read(): Promise<void> {
    for await (const { partition, value } of this.#consumer) {
      this.values[partition]!.push(String(value));
      this.#count++;
    }
  }
}

const endMark = 'end';

/** Behind all else in each partition, so that whoever has read so many messages knows that there are no more. */
async function markEnds(client: KafkaClient, topic: string): Promise<void> {
  await using producer = await Producer.start(client);
  for (let partition = 0; partition < partitions; partition++) await producer.send({ topic, partition, value: endMark });
}

/**
 * The values of each partition that were committed, as Kafka's own ConsoleConsumer sees them: `count` and the marks of the ends, or fewer after ten
 * seconds in which none has come.
 */
async function readInJava(kafka: RealKafka, topic: string, count: number): Promise<string[][]> {
  const limits = ['--max-messages', `${count + partitions}`, '--timeout-ms', '10000', '--isolation-level', 'read_committed'];
  const args = ['--topic', topic, '--from-beginning', ...limits, '--formatter-property', 'print.partition=true'];
  const { stdout } = await kafka.tool('ConsoleConsumer', args);
  const values: string[][] = Array.from({ length: partitions }, () => []);
  for (const [, partition, value] of stdout.matchAll(/^Partition:(\d+)\t(.*)$/gm)) values[Number(partition)]!.push(value!);
  return values;
}

/** Whether every coordinator says that no transaction of these copiers is under way. */
async function hasNoneOpen(kafka: RealKafka, group: string): Promise<boolean> {
  let open = 0;
  for (const node of kafka.nodes) {
    const wire = await Wire.connect(tcpTransport, { host: '127.0.0.1', port: kafka.port('PLAINTEXT', node) });
    const { transactionStates } = await wire.send(apis.listTransactions, 1, { stateFilters: [], producerIdFilters: [] });
    wire.close();
    const isOver = ['Empty', 'CompleteCommit', 'CompleteAbort', 'Dead'];
    open += transactionStates.filter((each) => each.transactionalId.startsWith(group) && !isOver.includes(each.transactionState)).length;
  }
  return open === 0;
}

/** Partitions that nobody can read to their end: a transaction hangs there. */
async function hangingIn(client: KafkaClient, topic: string): Promise<string[]> {
  const stable = await client.topic(topic).offsets('latest', { isolation: 'read_committed' });
  const ends = await client.topic(topic).offsets('latest', { isolation: 'read_uncommitted' });
  return [...ends]
    .filter(([partition, end]) => stable.get(partition) !== end)
    .map(([partition]) => `a transaction hangs in ${topic}/${partition}`);
}

/** Partitions of the input whose commit is not at their end. */
async function uncommitted(client: KafkaClient, group: string, input: string): Promise<string[]> {
  const ends = await client.topic(input).offsets('latest');
  const committed = new Map((await groupOffsets(client, group)).map(({ partition, offset }) => [partition, offset]));
  return [...ends]
    .filter(([partition, end]) => committed.get(partition) !== end)
    .map(([partition, end]) => `committed in ${input}/${partition}: ${committed.get(partition)} of ${end}`);
}
