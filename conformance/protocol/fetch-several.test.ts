import { afterAll, describe, expect, it } from 'vitest';
import { apis, type Decoded, type FetchResponse } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';

afterAll(() => broker.closeWires());

const first = await broker.createTopic({ assignments: [[1], [1]] });
const second = await broker.createTopic({ assignments: [[1]] });
const empty = await broker.createTopic({ assignments: [[1]] });
const unknown: TestTopic = { name: broker.freshName('unknown'), id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
const wire = await broker.wire(1);
for (const topic of [first, second, empty]) (await broker.leaderWire(topic)).close();
(await broker.leaderWire(first, 1)).close();
await append(wire, first, batchOfValues('first 0'));
await append(wire, first, batchOfValues('first 1'), { partition: 1 });
await append(wire, second, batchOfValues('second 0'));

type Asked = readonly [topic: TestTopic, partition: number, offset?: number];

/** Asks for these partitions, each in an entry of its own, and tells what came in which order, as (topic, partition, error, values). */
describe.each(versionsOf(apis.fetch))('Fetch version %i of several partitions', (version) => {
  async function fetch(asked: readonly Asked[], fields = {}): Promise<Decoded<FetchResponse>> {
    const topics = asked.map(([{ name, id }, partition, fetchOffset = 0]) => ({
      ...(version >= 13 ? { topicId: id } : { topic: name }),
      partitions: [{ partition, fetchOffset, partitionMaxBytes: 1_000_000 }],
    }));
    return wire.send(apis.fetch, version, { maxWaitMs: 0, minBytes: 0, maxBytes: 1_000_000, topics, ...fields });
  }
  const nameOf = ({ topic, topicId }: { topic: string; topicId: string }): string => {
    const all = [first, second, empty, unknown];
    return all.find(({ name, id }) => (version >= 13 ? id === topicId : name === topic))!.name;
  };
  const told = ({ responses }: Decoded<FetchResponse>): unknown[][] =>
    responses.map((topic) => [
      nameOf(topic),
      ...topic.partitions.map((one) => [one.partitionIndex, one.errorCode === 0 ? valuesOf(one)[0] : one.errorCode]),
    ]);

  const noTopic = version >= 13 ? code.unknownTopicId : code.unknownTopicOrPartition;

  it('answers in their order, neighbours of a topic in one entry', async () => {
    expect(told(await fetch([[first, 1], [first, 0], [second, 0]]))).toEqual([
      [first.name, [1, 'first 1'], [0, 'first 0']],
      [second.name, [0, 'second 0']],
    ]); // prettier-ignore
    expect(told(await fetch([[first, 0], [second, 0], [first, 1]]))).toEqual([
      [first.name, [0, 'first 0']],
      [second.name, [0, 'second 0']],
      [first.name, [1, 'first 1']],
    ]); // prettier-ignore
  });

  it('answers what there is not behind all others', async () => {
    expect(told(await fetch([[unknown, 0], [first, 9], [first, 0]]))).toEqual([
      [first.name, [0, 'first 0']],
      [unknown.name, [0, noTopic]],
      [first.name, [9, code.unknownTopicOrPartition]],
    ]); // prettier-ignore
  });

  it('answers a partition that is named twice once, by the last offset, in the first place', async () => {
    expect(told(await fetch([[first, 0, 99], [second, 0], [first, 0, 0]]))).toEqual([
      [first.name, [0, 'first 0']],
      [second.name, [0, 'second 0']],
    ]); // prettier-ignore
  });

  it('waits also with a partition that there is not, and answers at once without any other', async () => {
    let started = performance.now();
    await fetch([[unknown, 0], [empty, 0]], { maxWaitMs: 80, minBytes: 1 }); // prettier-ignore
    expect(performance.now() - started).toBeGreaterThanOrEqual(78);
    started = performance.now();
    await fetch([[unknown, 0]], { maxWaitMs: 20_000, minBytes: 1 });
    await fetch([], { maxWaitMs: 20_000, minBytes: 1 });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('answers at once when one of them has an error', async () => {
    const started = performance.now();
    expect(told(await fetch([[empty, 0], [second, 0, 99]], { maxWaitMs: 20_000, minBytes: 1 }))).toEqual([
      [empty.name, [0, undefined]],
      [second.name, [0, code.offsetOutOfRange]],
    ]); // prettier-ignore
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
