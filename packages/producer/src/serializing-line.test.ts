import { KafkaError } from '@tskafka/core';
import { VirtualClock } from '@tskafka/testing';
import { beforeEach, expect, it } from 'vitest';
import { BufferRoom } from './buffer-room.ts';
import { serializing } from './serializer.ts';
import { SerializingLine } from './serializing-line.ts';

let clock: VirtualClock;
let room: BufferRoom;
let taken: string[];
let line: SerializingLine<string, string>;
/** The serializers that are not done, by what they serialize. */
let open: Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>;

beforeEach(() => {
  clock = new VirtualClock();
  room = new BufferRoom({ maxBufferedBytes: 1000, maxBlockMs: 1000, blockOnQueueFull: false, clock });
  taken = [];
  open = new Map();
  const value = (data: string) =>
    data.startsWith('slow') ? new Promise<string>((resolve, reject) => open.set(data, { resolve, reject })) : data;
  const take = ({ topic, value: written }: { topic: string; value: unknown }): undefined => void taken.push(`${topic}: ${String(written)}`);
  line = new SerializingLine({ serialize: serializing<string, string>({ value }), take, room, clock, maxBlockMs: 1000 });
});

const send = (value: string, topic = 'orders') => line.take({ topic, value }, undefined);
/** As `send`, always with a promise. */
const sending = async (value: string) => send(value);
const done = (value: string) => open.get(value)!.resolve(value);

it('takes at once what is serialized at once', () => {
  expect(send('a')).toBeUndefined();
  expect(taken).toEqual(['orders: a']);
});

it('keeps the order of a topic, whichever serializer is done first, and lets other topics pass', async () => {
  const all = [sending('slow 1'), sending('slow 2'), sending('at once')];
  void send('other', 'totals');
  done('slow 2');
  await Promise.resolve();
  expect(taken).toEqual(['totals: other']);
  done('slow 1');
  await Promise.all(all);
  expect(taken).toEqual(['totals: other', 'orders: slow 1', 'orders: slow 2', 'orders: at once']);
  expect(send('free again')).toBeUndefined();
});

it('one that a serializer refuses holds nobody up', async () => {
  const [refused, behind] = [send('slow 1'), send('behind')];
  open.get('slow 1')!.reject(new Error('no such schema'));
  await expect(refused).rejects.toThrow('no such schema');
  await behind;
  expect(taken).toEqual(['orders: behind']);
});

it('one that takes longer than maxBlockMs is not taken, also not when it is done later', async () => {
  const late = expect(send('slow 1')).rejects.toMatchObject({ name: 'TimeoutError', persistence: 'not persisted' });
  await clock.advance(999);
  const behind = send('behind');
  await clock.advance(1);
  await late;
  await behind;
  done('slow 1');
  await clock.advance(1);
  expect(taken).toEqual(['orders: behind']);
});

it('what is taken in from the line may wait for room, and its order is kept', async () => {
  const entering: (() => void)[] = [];
  const take = ({ value }: { value: unknown }) => {
    taken.push(String(value));
    return new Promise<void>((resolve) => entering.push(resolve));
  };
  const full = new SerializingLine({
    serialize: serializing<string, string>({ value: async (data) => data }),
    take,
    room,
    clock,
    maxBlockMs: 1000,
  });
  const all = ['1', '2'].map(async (value) => full.take({ topic: 'orders', value }, undefined));
  await clock.advance(1);
  expect(taken).toEqual(['1', '2']);
  for (const enter of entering) enter();
  await Promise.all(all);
});

it('clear rejects what is in line, and nothing of it is taken any more', async () => {
  const all = Promise.allSettled([send('slow 1'), send('behind')]);
  line.clear(new KafkaError('closed'));
  expect((await all).map((each) => (each.status === 'rejected' ? String(each.reason) : 'taken'))).toEqual([
    expect.stringContaining('closed; not persisted'),
    expect.stringContaining('closed; not persisted'),
  ]);
  done('slow 1');
  await clock.advance(1);
  expect(taken).toEqual([]);
});

it('whenPlaced waits for what is in line', async () => {
  const sent = send('slow 1');
  let isPlaced = false;
  const placed = line.whenPlaced().then(() => (isPlaced = true));
  await clock.advance(1);
  expect(isPlaced).toBe(false);
  done('slow 1');
  await Promise.all([sent, placed]);
});

it('what is in line takes room, and gives it back however it leaves', async () => {
  const all = Promise.allSettled([send('slow 1'), send('slow 2'), send('behind'), send('slow 3')]);
  expect(room.usedBytes).toBeGreaterThan(1000);
  expect(() => send('one too many')).toThrow('maxBufferedBytes is 1000');
  done('slow 1');
  open.get('slow 2')!.reject(new Error('no such schema'));
  await clock.advance(1);
  expect(taken).toEqual(['orders: slow 1', 'orders: behind']);
  expect(room.usedBytes).toBe(256 + 'slow 3'.length);
  await clock.advance(1000);
  done('slow 3');
  await all;
  void send('slow 5')!.catch(() => {});
  line.clear(new KafkaError('closed'));
  expect(room.usedBytes).toBe(0);
});
