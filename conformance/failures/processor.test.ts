import { BalancedConsumer, type BalancedConsumerOptions, type Consumer, type ProcessHandler, SimpleConsumer } from '@tskafka/consumer';
import { errorCodes, RecordBatchBuilder } from '@tskafka/core/protocol';
import { Producer, ProducerFencedError, type ProducerOptions } from '@tskafka/producer';
import type { MockClusterOptions } from '@tskafka/testing';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

/** Both ways in which clusters keep transactions: before Kafka 4.0 a coordinator is told of each partition first (KIP-890 changed it). */
const versions: [string, MockClusterOptions['kafkaVersion']][] = [
  ['the second version', undefined],
  ['the first version', '3.9'],
];

let scene: Scene;

async function begin(kafkaVersion: MockClusterOptions['kafkaVersion']): Promise<void> {
  const topics = { orders: 2, totals: 2, letters: 1 };
  scene = await Scene.start({ topics, ...(kafkaVersion !== undefined && { kafkaVersion }) });
  const begun = scene;
  onTestFinished(() => begun[Symbol.asyncDispose]());
  await scene.connect();
  write(0, 10);
}

/** Numbers, the even ones into partition 0. */
function write(first: number, end: number): void {
  for (let i = first; i < end; i++) scene.cluster.topic('orders').append({ partition: i % 2, value: String(i) });
}

const within = <T>(promise: Promise<T>, ms = 60_000): Promise<T> => scene.settledWithin(promise, ms);

async function until(isTrue: () => boolean, ms = 120_000): Promise<void> {
  for (let passed = 0; !isTrue(); passed += 10) {
    if (passed > ms) throw new Error(`${ms} ms have passed, and still not: ${String(isTrue)}`);
    await scene.clock.advance(10);
  }
}

const producerOf = (options: ProducerOptions = {}) => Producer.start(scene.client, { transactionalId: 'copier', ...options });

async function startProducer(options: ProducerOptions = {}): Promise<Producer> {
  const producer = await within(producerOf(options));
  onTestFinished(() => within(producer.close(), 200_000));
  return producer;
}

async function reader(): Promise<SimpleConsumer> {
  const consumer = await within(SimpleConsumer.start(scene.client.topic('orders'), { consumerGroup: 'copiers' }));
  onTestFinished(() => within(consumer.close()));
  return consumer;
}

async function member(options: Partial<BalancedConsumerOptions> = {}): Promise<BalancedConsumer> {
  const consumer = await within(BalancedConsumer.start(scene.client.topic('orders'), { consumerGroup: 'copiers', ...options }));
  onTestFinished(() => within(consumer.close()));
  return consumer;
}

/** Sends what it is given. What is awaited is in the log when the handler is done. */
const copy: ProcessHandler = ({ partition, value }, transaction) => transaction.send({ topic: 'totals', partition, value });

/** Begins to copy; what becomes of it is looked at by whoever awaits it. */
function start(consumer: Consumer, producer: Producer | (() => Promise<Producer>), handler = copy, options = {}): Promise<void> {
  const running = consumer.process(handler, { producer, maxMessages: 4, ...options });
  running.catch(() => {});
  return running;
}

/** What readers of committed messages see of a topic: of partition 0, and of partition 1. */
async function committed(topic = 'totals'): Promise<string[][]> {
  const values: string[][] = [[], []];
  const consumer = await within(SimpleConsumer.start(scene.client.topic(topic), { until: 'latest' }));
  const reading = (async () => {
    for await (const { partition, value } of consumer) values[partition]!.push(String(value));
  })();
  await within(reading);
  await within(consumer.close());
  return values;
}

/** A batch with this value whose checksum is wrong. */
function unreadable(value: string): Buffer {
  const builder = new RecordBatchBuilder(Infinity);
  builder.append(null, value, [], 1000);
  const bytes = Buffer.from(builder.close());
  bytes[bytes.length - 2]! ^= 0xff;
  return bytes;
}

/** Waits until the group has all, and compares the output with the input. */
async function expectWhole(end = 10): Promise<void> {
  const stored = (partition: number): number | undefined => scene.cluster.group('copiers').committed('orders', partition);
  await until(() => stored(0) === end / 2 && stored(1) === end / 2);
  const numbers = Array.from({ length: end }, (_, i) => i);
  expect(await committed()).toEqual([0, 1].map((partition) => numbers.filter((i) => i % 2 === partition).map(String)));
}

const times = (count: number, code: number): number[] => Array.from({ length: count }, () => code);

describe.each(versions)('a processor in transactions of %s', (_name, kafkaVersion) => {
  beforeEach(() => begin(kafkaVersion));

  it.each(['EndTxn', 'TxnOffsetCommit', 'Produce'] as const)('P24: goes on when answers to %s are lost', async (api) => {
    const fault = scene.cluster.dropResponse(api, { times: 3 });
    void start(await reader(), await startProducer());
    await expectWhole();
    expect(fault.fired).toBe(3);
  });

  it.each([
    ['the broker has committed', 'dropResponse'],
    ['the broker has not heard of', 'dropRequest'],
  ] as const)('P24: asks the group after a commit that was never answered, and that %s', async (_what, verb) => {
    const fault = scene.cluster[verb]('EndTxn', { times: 10_000 });
    const handled: string[] = [];
    const handler: ProcessHandler = (message, transaction) => {
      handled.push(String(message.value));
      return copy(message, transaction, {} as never);
    };
    void start(await reader(), await startProducer({ deliveryTimeoutMs: 3000 }), handler);
    // Longer than the producer waits for the answer.
    await scene.clock.advance(4000);
    fault.stop();
    await expectWhole();
    // What counts already is not handled again; what does not is.
    expect(handled).toHaveLength(verb === 'dropResponse' ? 10 : 14);
  });

  it.each([errorCodes.NOT_COORDINATOR, errorCodes.COORDINATOR_LOAD_IN_PROGRESS])(
    'P23: finds coordinators again that have moved (%i)',
    async (code) => {
      const faults = (['EndTxn', 'TxnOffsetCommit'] as const).map((api) => scene.cluster.fail(api, times(2, code)));
      void start(await reader(), await startProducer());
      await expectWhole();
      expect(faults.map(({ fired }) => fired)).toEqual([2, 2]);
    },
  );

  it.each(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'STALE_MEMBER_EPOCH', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'] as const)(
    'P29: aborts what the group does not take (%s), and handles it again',
    async (name) => {
      const fault = scene.cluster.fail('TxnOffsetCommit', times(2, errorCodes[name]));
      void start(await reader(), await startProducer());
      await expectWhole();
      expect(fault.fired).toBe(2);
    },
  );

  it('P28: aborts what the coordinator wants aborted, and handles it again', async () => {
    const fault = scene.cluster.fail('EndTxn', [errorCodes.TRANSACTION_ABORTABLE]);
    void start(await reader(), await startProducer());
    await expectWhole();
    expect(fault.fired).toBe(1);
  });

  it('P7: aborts what cannot be delivered in time, and handles it again when it can', async () => {
    const hold = scene.cluster.hold('Produce');
    void start(await reader(), await startProducer({ deliveryTimeoutMs: 1000 }));
    await scene.clock.advance(3500);
    hold.release();
    await expectWhole();
  });

  it('P21: handles again what its coordinator has aborted, because a handler took too long', async () => {
    let isSlow = true;
    const handler: ProcessHandler = async (message, transaction, context) => {
      await copy(message, transaction, context);
      if (!isSlow) return;
      isSlow = false;
      await new Promise<void>((resolve) => scene.clock.setTimeout(resolve, 30_000));
    };
    const producer = (): Promise<Producer> => producerOf({ transactionTimeoutMs: 5000 });
    const consumer = await reader();
    void start(consumer, producer, handler);
    await scene.clock.advance(25_000);
    expect(await committed()).toEqual([[], []]);
    await expectWhole();
  });

  it('P20: takes another producer when its own is fenced, and another one has the name no longer', async () => {
    const consumer = await reader();
    let started = 0;
    const producer = (): Promise<Producer> => (started++, producerOf());
    void start(consumer, producer);
    await expectWhole();
    await startProducer();
    write(10, 20);
    await expectWhole(20);
    expect(started).toBe(2);
  });

  it('P20: gives up when the producer that it was given is fenced', async () => {
    const consumer = await reader();
    const running = start(consumer, await startProducer());
    await expectWhole();
    await startProducer();
    write(10, 20);
    await expect(within(running)).rejects.toThrow(ProducerFencedError);
  });

  it('S1: close() ends within closeTimeoutMs while the coordinator says nothing, and the next one goes on', async () => {
    const consumer = await reader();
    const hold = scene.cluster.hold('EndTxn');
    const dying = await startProducer();
    void start(consumer, dying);
    await until(() => scene.cluster.requests({ api: 'EndTxn' }).length > 0);
    expect(await scene.timeOf(consumer.close(), 20_000)).toBeLessThan(6000);
    hold.release();
    void start(await reader(), await startProducer());
    await expectWhole();
  });

  it.each(['dropResponse', 'dropRequest'] as const)(
    'P24: stopped in a commit that is not answered, and started, it asks the group where to go on: %s',
    async (verb) => {
      const consumer = await reader();
      const fault = scene.cluster[verb]('EndTxn', { times: 10_000 });
      const producer = await startProducer();
      void start(consumer, producer);
      await until(() => fault.fired > 0);
      await within(consumer.stop());
      fault.stop();
      await within(consumer.start());
      void start(consumer, await startProducer());
      await expectWhole();
    },
  );

  it('F19: a batch that cannot be read loses nothing of a transaction that is not committed', async () => {
    const damaged = scene.cluster.topic('orders').records({ partition: 0 }).length;
    scene.cluster.topic('orders').appendBatch(unreadable('10'), 0);
    const fault = scene.cluster.fail('TxnOffsetCommit', [errorCodes.UNKNOWN_MEMBER_ID]);
    const consumer = await reader();
    const running = start(consumer, await startProducer(), copy, { maxMessages: 100 });
    await expect(within(running)).rejects.toMatchObject({ name: 'CorruptRecordError', at: { partition: 0, offset: damaged } });
    expect(fault.fired).toBe(1);
    await within(consumer.resetOffsets([[0, damaged + 1]]));
    void start(consumer, await startProducer(), copy);
    await until(() => scene.cluster.group('copiers').committed('orders', 1) === 5);
    expect(await committed()).toEqual([
      ['0', '2', '4', '6', '8'],
      ['1', '3', '5', '7', '9'],
    ]);
  });

  it('goes on after a jump in the middle of a transaction, where it was jumped to', async () => {
    const consumer = await reader();
    let jumped: Promise<void> | undefined;
    const handler: ProcessHandler = async (message, transaction, context) => {
      await copy(message, transaction, context);
      if (String(message.value) === '2') await (jumped ??= consumer.resetOffsets([[0, 3]]));
    };
    void start(consumer, await startProducer(), handler, { maxMessages: 100 });
    await until(() => scene.cluster.group('copiers').committed('orders', 0) === 5);
    await until(() => scene.cluster.group('copiers').committed('orders', 1) === 5);
    expect(await committed()).toEqual([
      ['6', '8'],
      ['1', '3', '5', '7', '9'],
    ]);
  });
});

const ways: [string, Partial<BalancedConsumerOptions>][] = [
  ['classic, eager', { groupProtocol: 'classic', partitionAssignors: ['range'] }],
  ['classic, cooperative', { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] }],
  ['KIP-848', { groupProtocol: 'consumer' }],
];

describe.each(ways)('a processor as a member of a group: %s', (_name, way) => {
  beforeEach(() => begin(undefined));

  /** A handler that holds up one message of each partition until it is let go. */
  function slowly() {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const begun: string[] = [];
    const handler: ProcessHandler = async (message, transaction, context) => {
      await copy(message, transaction, context);
      begun.push(String(message.value));
      await released;
    };
    return { handler, begun, release };
  }

  it('P29: commits what is open before its partitions go to another member', async () => {
    const first = await member(way);
    const { handler, begun, release } = slowly();
    void start(first, await startProducer(), handler);
    await until(() => begun.length === 2);
    const joining = BalancedConsumer.start(scene.client.topic('orders'), { consumerGroup: 'copiers', ...way });
    joining.catch(() => {});
    await scene.clock.advance(8000);
    release();
    const second = await within(joining);
    onTestFinished(() => within(second.close()));
    void start(second, await startProducer({ transactionalId: 'second' }), handler);
    await until(() => first.assignment.length === 1 && second.assignment.length === 1);
    await expectWhole();
    // Nothing was aborted for it.
    expect(begun).toHaveLength(10);
  });

  it('P29: aborts what is open when its handler does not end within drainTimeoutMs, and another member does it', async () => {
    const first = await member({ ...way, drainTimeoutMs: 1000, closeTimeoutMs: 100 });
    const { handler, begun } = slowly();
    const running = start(first, await startProducer(), handler);
    await until(() => begun.length === 2);
    const second = await member(way);
    void start(second, await startProducer({ transactionalId: 'second' }));
    await until(() => second.assignment.length === 1);
    await within(first.close());
    await within(running);
    await expectWhole();
  });

  it('P29: what a member has made whom the group has given up does not count: it joins again', async () => {
    const first = await member(way);
    const { handler, begun, release } = slowly();
    void start(first, await startProducer(), handler);
    await until(() => begun.length === 2);
    const isClassic = way.groupProtocol === 'classic';
    const fault = scene.cluster.fail(isClassic ? 'Heartbeat' : 'ConsumerGroupHeartbeat', [errorCodes.UNKNOWN_MEMBER_ID]);
    await until(() => fault.fired === 1);
    await scene.clock.advance(1000);
    release();
    await expectWhole();
    // Those in hand were handled twice, and count once.
    expect(begun.filter((value) => value === '0')).toHaveLength(2);
  });
});
