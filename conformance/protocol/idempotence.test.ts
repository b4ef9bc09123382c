import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf, fetchFrom, produceTo, valuesOf } from '../requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';

/** What an idempotent producer builds on (KIP-98): the leader knows the last five batches of each producer in each partition. */

const wire = await broker.wire();
const request = { transactionalId: null, transactionTimeoutMs: 60_000 };
await until('producer ids are given', async () => (await wire.send(apis.initProducerId, 0, request)).errorCode === 0);
afterAll(() => broker.closeWires());

async function newProducer(version: number) {
  const { producerId } = await wire.send(apis.initProducerId, 0, request);
  const topic = await broker.createTopic();
  const leader = await broker.leaderWire(topic);
  const produce = (baseSequence: number, values: string[], producerEpoch = 0) => {
    const records = values.map((value) => ({ value, timestamp: 1000 }));
    return produceTo(leader, version, topic, batchOf(records, { producerId, producerEpoch, baseSequence }));
  };
  const log = async () => valuesOf(await fetchFrom(leader, 12, topic, 0));
  return { produce, log, producerId };
}

describe.each(versionsOf(apis.produce))('an idempotent producer with Produce version %i', (version) => {
  it('appends in sequence', async () => {
    const { produce, log } = await newProducer(version);
    expect(await produce(0, ['a', 'b'])).toMatchObject({ errorCode: code.none, baseOffset: 0 });
    expect(await produce(2, ['c'])).toMatchObject({ errorCode: code.none, baseOffset: 2 });
    expect(await log()).toEqual(['a', 'b', 'c']);
  });

  it('appends a batch once: a repeated one of the last five is answered with its offset, and an older one with error 45', async () => {
    const { produce, log } = await newProducer(version);
    for (let sequence = 0; sequence < 6; sequence++) await produce(sequence, [`${sequence}`]);
    for (let sequence = 1; sequence < 6; sequence++) {
      expect(await produce(sequence, [`${sequence}`])).toMatchObject({ errorCode: code.none, baseOffset: sequence });
    }
    expect(await produce(0, ['0'])).toMatchObject({ errorCode: code.outOfOrderSequence });
    expect(await log()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('does not append a batch that leaves a gap, and goes on behind the last one', async () => {
    const { produce, log } = await newProducer(version);
    await produce(0, ['a']);
    expect(await produce(2, ['c'])).toMatchObject({ errorCode: code.outOfOrderSequence, baseOffset: -1 });
    expect(await produce(1, ['b'])).toMatchObject({ errorCode: code.none, baseOffset: 1 });
    expect(await log()).toEqual(['a', 'b']);
  });

  it('does not take a batch that is another in the middle of a sequence for a repeated one', async () => {
    const { produce, log } = await newProducer(version);
    await produce(0, ['a', 'b', 'c']);
    expect((await produce(1, ['b'])).errorCode).not.toBe(code.none);
    expect(await log()).toEqual(['a', 'b', 'c']);
  });

  it('lets a producer that the log does not know begin at any sequence: the log may have been cut', async () => {
    const { produce } = await newProducer(version);
    expect(await produce(7, ['a'])).toMatchObject({ errorCode: code.none, baseOffset: 0 });
  });

  it('begins again at 0 with a new epoch, and refuses the old epoch from then on', async () => {
    const { produce, log } = await newProducer(version);
    await produce(0, ['a']);
    expect(await produce(1, ['b'], 1)).toMatchObject({ errorCode: code.outOfOrderSequence });
    expect(await produce(0, ['b'], 1)).toMatchObject({ errorCode: code.none, baseOffset: 1 });
    expect(await produce(1, ['c'], 0)).toMatchObject({ errorCode: code.invalidProducerEpoch });
    expect(await log()).toEqual(['a', 'b']);
  });
});

describe('an idempotent producer', () => {
  it('goes on at 0 behind the sequence 2147483647', async () => {
    const { produce } = await newProducer(9);
    const last = 2 ** 31 - 1;
    expect(await produce(last - 1, ['a', 'b'])).toMatchObject({ errorCode: code.none });
    expect(await produce(0, ['c'])).toMatchObject({ errorCode: code.none, baseOffset: 2 });
    expect(await produce(1, ['d'])).toMatchObject({ errorCode: code.none, baseOffset: 3 });
  });
});
