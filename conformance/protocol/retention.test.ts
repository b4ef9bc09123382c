import { afterAll, describe, expect, it } from 'vitest';
import { readBatches } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOf, batchOfValues, fetchFrom, offsetAt, valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

const hour = 3_600_000;
const now = Date.now();
const at = (value: string, timestamp: number): Buffer => batchOf([{ value, timestamp }]);

/** A topic in which each batch of `times` begins a segment: they are more than a second apart. */
async function segmented(
  times: readonly number[],
  configs: Readonly<Record<string, string>> = {},
): Promise<{ topic: TestTopic; wire: Wire }> {
  const topic = await broker.createTopic({ configs: { 'segment.ms': '1000', ...configs } });
  const wire = await broker.leaderWire(topic);
  for (const [i, time] of times.entries()) await append(wire, topic, at(`of ${i}`, time));
  return { topic, wire };
}

const startOf = async (wire: Wire, topic: TestTopic): Promise<number> => (await offsetAt(wire, 5, topic, -2)).offset;

describe('retention.ms', () => {
  it('deletes whole segments that are too old, from the oldest on', async () => {
    const { topic, wire } = await segmented([now - 5 * hour, now - 4 * hour, now - 3 * hour, now], { 'retention.ms': String(3.5 * hour) });
    await until('two segments are gone', async () => (await startOf(wire, topic)) === 2);
    expect(await fetchFrom(wire, 12, topic, 1)).toMatchObject({ errorCode: code.offsetOutOfRange });
    expect(await fetchFrom(wire, 12, topic, 2)).toMatchObject({ errorCode: code.none, logStartOffset: 2, highWatermark: 4 });
    expect(await offsetAt(wire, 5, topic, -2)).toMatchObject({ offset: 2, leaderEpoch: 0 });
    expect(await offsetAt(wire, 5, topic, now - 5 * hour)).toMatchObject({ offset: 2, timestamp: now - 3 * hour });
    wire.close();
  });

  it('counts by the newest record of a segment, and keeps an old one behind a young one', async () => {
    const { topic, wire } = await segmented([now - 5 * hour, now, now - 5 * hour + 2000, now], { 'retention.ms': String(hour) });
    await until('the first segment is gone', async () => (await startOf(wire, topic)) === 1);
    await append(wire, topic, batchOfValues('x'));
    expect(await startOf(wire, topic)).toBe(1);
    wire.close();
  });

  it('empties a log whose active segment is too old, and its offsets go on', async () => {
    const { topic, wire } = await segmented([now - 5 * hour, now - 4 * hour], { 'retention.ms': String(hour) });
    await until('all is gone', async () => (await startOf(wire, topic)) === 2);
    expect(await fetchFrom(wire, 12, topic, 2)).toMatchObject({ errorCode: code.none, logStartOffset: 2, highWatermark: 2 });
    expect(await append(wire, topic, batchOfValues('next'))).toBe(2);
    wire.close();
  });
});

it('retention.bytes deletes as many of the oldest segments as the log has bytes too many', async () => {
  const size = at('of 0', now).length;
  const times = [0, 1, 2, 3, 4].map((i) => now - hour + i * 5000);
  const { topic, wire } = await segmented(times, { 'retention.bytes': String(2 * size + 1), 'retention.ms': '-1' });
  await until('two segments are gone', async () => (await startOf(wire, topic)) === 2);
  await append(wire, topic, at('of 5', now));
  await until('one more is gone', async () => (await startOf(wire, topic)) === 3);
  wire.close();
});

describe('a fetch from a log of several segments', () => {
  it('does not read beyond the segment that it began in', async () => {
    const { topic, wire } = await segmented([now - hour, now - hour, now]);
    for (const [offset, values] of [
      [0, ['of 0', 'of 1']],
      [1, ['of 1']],
      [2, ['of 2']],
    ] as const) {
      const fetched = await fetchFrom(wire, 12, topic, offset);
      expect(valuesOf(fetched, offset)).toEqual(values);
      expect(fetched.highWatermark).toBe(3);
    }
    expect(readBatches((await fetchFrom(wire, 12, topic, 0)).records!)).toHaveLength(2);
    wire.close();
  });

  it('does not wait for more bytes where its segment will get no more', async () => {
    const { topic, wire } = await segmented([now - hour, now]);
    const started = Date.now();
    expect(valuesOf(await fetchFrom(wire, 12, topic, 0, { maxWaitMs: 20_000, minBytes: 100_000 }))).toEqual(['of 0']);
    expect(Date.now() - started).toBeLessThan(15_000);
    wire.close();
  });
});
