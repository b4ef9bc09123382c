import { systemClock } from '@tskafka/core/protocol';
import { Position, VisibleRecords } from '@tskafka/core/internal';
import { compressions, setOffset, summarizeBatches } from '@tskafka/core/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Message, messageMaker } from './message.ts';
import type { MessageBatch } from './message-batch.ts';
import { MessageQueue } from './message-queue.ts';
import { PartitionQueue } from './partition-queue.ts';
import { batchOf, damaged, valueOf } from './test-records.ts';

let queue: MessageQueue<Buffer | null, Buffer | null>;
let wake: () => void;
let unreadable: PartitionQueue[];
let copyValues: boolean;
let isLent: boolean;
let queuedMaxBytes: number;
let time: number;
let now: () => number;

beforeEach(() => {
  copyValues = false;
  isLent = false;
  queuedMaxBytes = Infinity;
  time = 0;
  now = () => time;
  wake = () => {};
  unreadable = [];
  queue = newQueue();
});

function newQueue(): typeof queue {
  return new MessageQueue({
    checkCrcs: true,
    maxDecompressedBytes: undefined,
    queuedMaxBytes,
    clock: { ...systemClock, now: () => now() },
    deserializes: false,
    toMessage: (...parts) => messageMaker<Buffer | null, Buffer | null>(undefined, copyValues)(...parts),
    onUnparsable: (error) => {
      throw error;
    },
    onReady: () => wake(),
    // Whoever fetches puts other bytes there.
    onAnswerRead: ({ memory }) => memory?.fill(0xff),
    onRoom: () => {},
    onUnreadable: (partition) => unreadable.push(partition),
  });
}

function partition(id = 0, until?: number): PartitionQueue {
  return new PartitionQueue(new Position({ topic: 'orders', partition: id }, 0, true), until);
}

/** Puts batches into the queue as one answer, each behind the one before. */
function push(to: PartitionQueue, ...given: Buffer[]): void {
  let offset = to.position.toFetch;
  const batches = given.map((bytes) => Buffer.from(bytes));
  for (const bytes of batches) {
    setOffset(bytes, offset, 3);
    offset += bytes.readInt32BE(23) + 1;
  }
  const bytes = Buffer.concat(batches);
  const answer = { bytes: bytes.length, holders: 0, memory: isLent ? bytes : undefined };
  queue.push(to, { ...summarizeBatches(bytes), records: bytes, visible: new VisibleRecords(null), highWatermark: 9, answer });
}

/** What comes next; waits for decompression and for pauses. */
async function next<T>(taken: () => T | undefined): Promise<T | undefined> {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  for (let i = 0; i < 1000; i++) {
    const next = taken();
    if (next !== undefined) return next;
    await turn();
  }
  return undefined;
}

const take = (): Promise<Message | undefined> => next(() => queue.take());
const takeBatch = async (): Promise<MessageBatch> => (await next(() => queue.takeBatch()))!;

async function takeAll(count: number): Promise<string[]> {
  const values: string[] = [];
  while (values.length < count) values.push(valueOf(await take())!);
  return values;
}

describe('MessageQueue', () => {
  it('gives partitions their turns, a batch each', async () => {
    const [a, b] = [partition(0), partition(1)];
    push(a, batchOf(['a0', 'a1']), batchOf(['a2']), batchOf(['a3']));
    push(b, batchOf(['b0']), batchOf(['b1']));
    expect(await takeAll(6)).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'a3']);
  });

  it('knows how many bytes wait: an answer counts until its last batch is opened, and a batch as long as it is open', async () => {
    const a = partition();
    push(a, batchOf(['0']), batchOf(['1']), batchOf(['2']));
    const { bytes } = queue;
    expect(bytes).toBe(3 * batchOf(['0']).length);
    await takeAll(1);
    expect([queue.bytes, a.waiting.bytes, a.waiting.records]).toEqual([bytes + (2 / 3) * bytes, bytes / 3, 1]);
    await takeAll(1);
    expect([queue.bytes, a.waiting.bytes, a.waiting.records]).toEqual([(2 / 3) * bytes, 0, 0]);
    await takeAll(1);
    expect([await take(), queue.bytes]).toEqual([undefined, 0]);
  });

  it('F12: throws away what waits of a partition, also the batch that is being read', async () => {
    const [a, b] = [partition(0), partition(1)];
    push(a, batchOf(['a0', 'a1']), batchOf(['a2']));
    push(b, batchOf(['b0']));
    await takeAll(1);
    queue.flush(a);
    expect([await take(), await take()].map(valueOf)).toEqual(['b0', undefined]);
    expect([a.position.next, a.position.toFetch, queue.bytes]).toEqual([1, 1, 0]);
  });

  it.each(compressions.filter((compression) => compression !== 'none'))(
    'keeps the order where %s is decompressed on the way',
    async (compression) => {
      const large = (i: number) => `${i}:${'x'.repeat(200_000)}`;
      push(partition(0), ...[0, 1, 2].map((i) => batchOf([large(i)], { compression })), batchOf(['3']));
      expect((await takeAll(4)).map((value) => value[0])).toEqual(['0', '1', '2', '3']);
    },
  );

  it('R6: reads a batch of 200,000 records', async () => {
    const values = Array.from({ length: 200_000 }, (_, i) => String(i));
    push(partition(), batchOf(values));
    expect(await takeAll(200_000)).toEqual(values);
  });

  it('R10: lets the event loop turn after each 10 ms of reading, however much waits', async () => {
    const perBatch = 100;
    // A batch takes 2 ms here.
    now = () => (time += 2);
    const batch = batchOf(Array.from({ length: perBatch }, () => 'x'));
    push(partition(), ...Array.from({ length: 50 }, () => batch));
    const slices: number[] = [0];
    for (let taken = 0; taken < 50 * perBatch;) {
      if (queue.take() !== undefined) {
        taken++;
        slices[slices.length - 1]!++;
        continue;
      }
      let hasTurned = false;
      setImmediate(() => (hasTurned = true));
      await new Promise<void>((resolve) => (wake = resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
      expect(hasTurned).toBe(true);
      slices.push(0);
    }
    expect(slices.length).toBeGreaterThan(8);
    expect(Math.max(...slices)).toBeLessThanOrEqual(6 * perBatch);
  });

  it('F19: tells of a damaged batch when it is its turn, and of each only once', async () => {
    const [a, b] = [partition(0), partition(1)];
    push(a, batchOf(['a0', 'a1']), damaged(batchOf(['a2', 'a3'])), batchOf(['a4']));
    push(b, batchOf(['b0']));
    const outcomes: string[] = [];
    for (let i = 0; i < 4; i++) await take().then((message) => outcomes.push(valueOf(message)!), (error: Error) => outcomes.push(error.name)); // prettier-ignore
    expect(outcomes).toEqual(['a0', 'a1', 'b0', 'CorruptRecordError']);
    expect(unreadable).toEqual([a]);
    expect([a.position.next, a.position.toFetch, queue.bytes]).toEqual([2, 2, 0]);
  });

  it('tells of an error behind what waits of its partition', async () => {
    const [a, b] = [partition(0), partition(1)];
    push(a, batchOf(['a0']), batchOf(['a1']));
    push(b, batchOf(['b0']), batchOf(['b1']), batchOf(['b2']));
    queue.fail(a, new Error('no more of a'));
    const outcomes: string[] = [];
    for (let i = 0; i < 6; i++) await take().then((message) => outcomes.push(valueOf(message)!), (error: Error) => outcomes.push(error.message)); // prettier-ignore
    expect(outcomes.indexOf('no more of a')).toBeGreaterThan(outcomes.indexOf('a1'));
    expect(outcomes.filter((outcome) => outcome !== 'no more of a')).toEqual(['a0', 'b0', 'a1', 'b1', 'b2']);
  });

  it('ends before `until`, also where no record has that offset', async () => {
    const a = partition(0, 3);
    push(a, batchOf(['0', '1'], { lastOffsetDelta: 5 }), batchOf(['6']));
    expect(await takeAll(2)).toEqual(['0', '1']);
    expect(valueOf(await take())).toBeUndefined();
    expect([a.position.next, a.isDone]).toEqual([3, true]);
  });
});

describe('a batch that a loop has', () => {
  it('comes before what is behind it, which others wait for, and other partitions flow', async () => {
    const [a, b] = [partition(0), partition(1)];
    push(a, batchOf(['a0', 'a1']), batchOf(['a2']), batchOf(['a3']));
    push(b, batchOf(['b0']), batchOf(['b1']));
    const batch = await takeBatch();
    expect(await takeAll(2)).toEqual(['b0', 'b1']);
    expect([await take(), a.isHeldUp]).toEqual([undefined, true]);
    expect([...batch].map(valueOf)).toEqual(['a0', 'a1']);
    expect(await take()).toBeUndefined();
    const woken = new Promise<void>((resolve) => (wake = resolve));
    queue.done(batch);
    await woken;
    expect(await takeAll(2)).toEqual(['a2', 'a3']);
  });

  it('R10: lets the event loop turn also where two loops take turns', async () => {
    now = () => (time += 2);
    push(partition(), ...Array.from({ length: 50 }, () => batchOf(['x'])));
    let [batch, inRow, longest] = [await takeBatch(), 0, 0];
    for (let taken = 1; taken < 50; taken++) {
      expect(queue.takeBatch()).toBeUndefined();
      let next: MessageBatch | undefined;
      wake = () => (next ??= queue.takeBatch());
      queue.done(batch);
      wake = () => {};
      inRow = next === undefined ? 0 : inRow + 1;
      longest = Math.max(longest, inRow);
      batch = next ?? (await takeBatch());
    }
    expect([longest > 0, longest < 6]).toEqual([true, true]);
  });

  it('is of no interest any more when its partition jumps', async () => {
    const a = partition();
    push(a, batchOf(['0', '1']), batchOf(['2']));
    const batch = await takeBatch();
    expect(queue.takeBatch()).toBeUndefined();
    queue.disown(a);
    a.position.moveTo(0);
    push(a, batchOf(['0', '1']));
    const other = await takeBatch();
    queue.done(batch);
    queue.giveBack(batch);
    expect([[...batch], [...other].map(valueOf), a.lent !== undefined]).toEqual([[], ['0', '1'], true]);
  });

  it('is given back behind a pause, and comes first again', async () => {
    const a = partition();
    push(a, batchOf(['0', '1', '2']), batchOf(['3']));
    const batch = await takeBatch();
    expect(queue.take()).toBeUndefined();
    const messages = batch[Symbol.iterator]();
    expect(valueOf(messages.next().value)).toBe('0');
    a.isPaused = true;
    queue.rest(a);
    expect(messages.next().done).toBe(true);
    queue.done(batch);
    expect([queue.take(), a.isHeldUp]).toEqual([undefined, false]);
    a.isPaused = false;
    queue.goOn(a);
    const rest = await takeBatch();
    expect([rest.firstOffset, rest.count, [...rest].map(valueOf)]).toEqual([1, 2, ['1', '2']]);
    queue.done(rest);
    expect(await takeAll(1)).toEqual(['3']);
  });

  it('counts no message behind `until`, nor what was handed out before', async () => {
    const a = partition(0, 4);
    push(a, batchOf(['0', '1', '2', '3', '4', '5']));
    expect(await takeAll(1)).toEqual(['0']);
    const batch = await takeBatch();
    expect([batch.count, [...batch].map(valueOf)]).toEqual([3, ['1', '2', '3']]);
  });
});

describe('the bytes of batches that are decompressed', () => {
  const mebibyte = 1024 * 1024;
  /** Few bytes that become three times as many MiB, with the names of the records to tell them apart. */
  const bomb = (...names: string[]) => batchOf(names.map((name) => name + '\0'.repeat(mebibyte)), { compression: 'gzip' }); // prettier-ignore
  /** Decompressing so much takes a while. */
  const takeName = async () => {
    let message = await take();
    while (message === undefined) message = await take();
    return valueOf(message)!.slice(0, 2);
  };

  beforeEach(() => {
    queuedMaxBytes = 2 * mebibyte;
    queue = newQueue();
  });

  it('count as what they became, and no second batch is opened beyond the bound', async () => {
    const partitions = [0, 1, 2].map((id) => partition(id));
    for (const [i, one] of partitions.entries()) push(one, bomb(`a${i}`, `b${i}`, `c${i}`), bomb(`d${i}`));
    const names: string[] = [];
    for (let i = 0; i < 12; i++) {
      names.push(await takeName());
      expect(queue.bytes).toBeLessThan(4 * mebibyte);
    }
    expect(names.join(' ')).toBe('a0 b0 c0 a1 b1 c1 a2 b2 c2 d0 d1 d2');
    expect([await take(), queue.bytes]).toEqual([undefined, 0]);
  });

  it('are as few where partitions rest: their batches are closed, and go on where they were', async () => {
    const partitions = [0, 1, 2, 3].map((id) => partition(id));
    for (const [i, one] of partitions.entries()) push(one, bomb(`a${i}`, `b${i}`, `c${i}`), bomb(`d${i}`));
    const names: string[] = [];
    for (const one of partitions) {
      names.push(await takeName());
      one.isPaused = true;
      queue.rest(one);
    }
    // Only the last one is still open.
    expect(partitions.map(({ parked, waiting }) => [parked.length, waiting.records])).toEqual([
      ...Array.from({ length: 3 }, () => [0, 4]),
      [1, 1],
    ]);
    for (const one of partitions) {
      one.isPaused = false;
      queue.goOn(one);
    }
    while (names.length < 16) names.push(await takeName());
    for (const i of [0, 1, 2, 3]) expect(names.filter((name) => name[1] === `${i}`)).toEqual(['a', 'b', 'c', 'd'].map((name) => name + i));
    expect([await take(), queue.bytes]).toEqual([undefined, 0]);
  });

  it('leave room for what is fetched while they rest', async () => {
    const a = partition();
    push(a, bomb('a0', 'b0', 'c0'));
    await takeName();
    a.isPaused = true;
    queue.rest(a);
    expect([queue.bytes, a.parked.length]).toEqual([0, 1]);
  });
});

describe('the memory of a message', () => {
  it('that is kept is its own batch at most, and not the answer that the batch came in', async () => {
    const values = Array.from({ length: 100 }, () => 'x'.repeat(100));
    push(partition(), ...Array.from({ length: 50 }, () => batchOf(values)));
    const kept: Message[] = [];
    for (let i = 0; i < 5000; i++) {
      const message = await take();
      if (i % 100 === 7) kept.push(message!);
    }
    const buffers = new Set(kept.map(({ value }) => value!.buffer));
    expect(buffers.size).toBe(50);
    for (const { byteLength } of buffers) expect(byteLength).toBeLessThanOrEqual(batchOf(values).length);
  });

  it.each(compressions)('is never that of its answer where that is lent, with batches of %s', async (compression) => {
    isLent = true;
    const [a, b] = [partition(0), partition(1)];
    const values = (name: string): string[] => Array.from({ length: 40 }, (_, i) => `${name}${i} ${'y'.repeat(200)}`);
    push(a, batchOf(values('a'), { compression }), batchOf(values('A'), { compression }));
    push(b, batchOf(values('b'), { compression, lastOffsetDelta: 50 }));
    const kept: Message[] = [];
    while (kept.length < 120) kept.push((await take())!);
    const valuesOf = (id: number): string[] => kept.filter(({ partition }) => partition === id).map((message) => valueOf(message)!);
    expect(valuesOf(0)).toEqual([...values('a'), ...values('A')]);
    expect(valuesOf(1)).toEqual(values('b'));
    expect(kept.every(({ timestamp }) => timestamp === 1000)).toBe(true);
  });

  it('is its own alone with copyValues', async () => {
    copyValues = true;
    push(partition(), batchOf(['short', 'x'.repeat(5000)]));
    for (const length of [5, 5000]) expect((await take())!.value!.buffer.byteLength).toBe(length);
  });
});
