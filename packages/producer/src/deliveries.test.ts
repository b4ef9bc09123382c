import { createHash } from 'node:crypto';
import type { MessageToSend, Transport } from '@tskafka/core';
import { errorCodes, readBatches } from '@tskafka/core/protocol';
import type { LoggedRequest } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import type { ProducerOptions } from './options.ts';
import { failureOf, order, startOnMock, values } from './test-on-mock.ts';

/** What went over the wire: for each batch its epoch, its first sequence number and the number of its records. */
function batchesOf(requests: readonly LoggedRequest<'Produce'>[]): string[] {
  return requests.flatMap(({ request }) =>
    request.topicData.flatMap(({ partitionData }) =>
      partitionData.flatMap(({ records }) =>
        readBatches(Buffer.from(records!)).map(
          ({ producerEpoch, baseSequence, recordCount }) => `${producerEpoch}:${baseSequence}+${recordCount}`,
        ),
      ),
    ),
  );
}

/** Each message in a batch of its own, so that five are in flight. */
const oneEach = { batchBytes: 1 } satisfies ProducerOptions;

describe('a batch whose answer is lost', () => {
  it('P1: goes again with the four behind it, same sequence numbers, same order, and nothing is written twice', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    await producer.send(order('first'));
    const fault = cluster.dropResponse('Produce');
    const sent = values(8).map((value) => producer.send(order(value)));
    await clock.advance(1000);
    expect(await Promise.all(sent)).toMatchObject(values(8).map((_, i) => ({ offset: i + 1 })));
    expect(fault.fired).toBe(1);
    expect(log()).toEqual(['first', ...values(8)]);
    const wire = batchesOf(cluster.requests({ api: 'Produce' }));
    expect(wire.filter((batch) => batch === '0:1+1')).toHaveLength(2);
    expect(new Set(wire)).toEqual(new Set(Array.from({ length: 9 }, (_, i) => `0:${i}+1`)));
  });

  it('P1: goes again when the broker never saw it', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    const sent = [producer.send(order('first'))];
    await sent[0];
    cluster.dropRequest('Produce', { times: 2 });
    sent.push(...values(7).map((value) => producer.send(order(value))));
    await clock.advance(1000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(7)]);
  });

  it('P1: with other partitions in the same request each keeps its own order', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ ...oneEach, cluster: { topics: { orders: 3 } } });
    cluster.dropResponse('Produce', { times: 3 });
    const sent = values(30).map((value, i) => producer.send({ topic: 'orders', value, partition: i % 3 }));
    await clock.advance(5000);
    await Promise.all(sent);
    for (const partition of [0, 1, 2]) expect(log(partition)).toEqual(values(30).filter((_, i) => i % 3 === partition));
  });
});

describe('a batch that the broker refuses for now', () => {
  it('P2: goes before those behind it, which the broker refused because of it', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    await producer.send(order('first'));
    const fault = cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
    const sent = values(8).map((value) => producer.send(order(value)));
    await clock.advance(1000);
    await Promise.all(sent);
    expect(fault.fired).toBe(1);
    expect(log()).toEqual(['first', ...values(8)]);
    expect(batchesOf(cluster.requests({ api: 'Produce' })).every((batch) => batch.startsWith('0:'))).toBe(true);
  });

  it('P2: keeps the order also when it is the first of its producer in the partition', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS']);
    const sent = values(8).map((value) => producer.send(order(value)));
    await clock.advance(1000);
    await Promise.all(sent);
    expect(log()).toEqual(values(8));
  });

  it('P6: is sent until the delivery timeout, and is not doubled where it had been appended', async () => {
    const { producer, cluster, clock, log } = await startOnMock();
    cluster.fail('Produce', ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS']);
    let appended = 0;
    const late = cluster.intercept('Produce', async (call) => {
      const response = await call.pass();
      if (response!.responses[0]!.partitionResponses[0]!.errorCode !== 0 || ++appended > 1) return response;
      const refusal = { ...response!.responses[0]!.partitionResponses[0]!, errorCode: 20, baseOffset: -1 };
      return { ...response!, responses: [{ ...response!.responses[0]!, partitionResponses: [refusal] }] };
    });
    const sent = producer.send(order('a'));
    await clock.advance(5000);
    expect(await sent).toMatchObject({ offset: 0 });
    expect(log()).toEqual(['a']);
    expect(appended).toBe(2);
    late.stop();
  });

  it('P6: says after the delivery timeout that it may be in the log, if the last answer left that open', async () => {
    const { producer, cluster, clock } = await startOnMock({ deliveryTimeoutMs: 1000 });
    cluster.fail('Produce', Array<'NOT_ENOUGH_REPLICAS_AFTER_APPEND'>(50).fill('NOT_ENOUGH_REPLICAS_AFTER_APPEND'));
    const failure = failureOf(producer.send(order('a')));
    await clock.advance(2000);
    expect(await failure).toMatchObject({ name: 'TimeoutError', persistence: 'possibly persisted', retriable: true });
    expect(String(await failure)).toMatch(
      /Produce to 'orders' partition 0: not delivered within 1000 ms.*NOT_ENOUGH_REPLICAS_AFTER_APPEND/,
    );
  });
});

describe('a broker that does not know the sequence', () => {
  it('P3: is given a new epoch, renumbered from 0, and the application is told that records are lost', async () => {
    const warnings: string[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (_: object, message: string) => warnings.push(message) };
    const { producer, cluster, clock, log } = await startOnMock({ ...oneEach, client: { logger } });
    await producer.send(order('first'));
    for (const value of values(3)) await producer.send(order(value));
    cluster.topic('orders').truncate(0, 2); // an unclean election: v1 and v2 were acknowledged
    const sent = values(7, 10).map((value) => producer.send(order(value)));
    await clock.advance(2000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', 'v0', ...values(7, 10)]);
    expect(warnings).toEqual([expect.stringMatching(/OUT_OF_ORDER_SEQUENCE_NUMBER.*lost records that it had acknowledged/)]);
    expect(batchesOf(cluster.requests({ api: 'Produce' })).filter((batch) => batch.startsWith('1:'))).toEqual(
      values(7).map((_, i) => `1:${i}+1`),
    );
  });

  it('P3: is not sent again what it may have, when it has lost what it had acknowledged: the application is told', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    for (const value of values(3)) await producer.send(order(value));
    cluster.dropRequest('Produce');
    const doubtful = failureOf(producer.send(order('doubtful')));
    await cluster.settled();
    cluster.topic('orders').truncate(0, 1); // v1 and v2 were acknowledged
    const next = producer.send(order('next'));
    await clock.advance(2000);
    expect(await doubtful).toMatchObject({ errorName: 'OUT_OF_ORDER_SEQUENCE_NUMBER', persistence: 'possibly persisted' });
    await next;
    expect(log()).toEqual(['v0', 'next']);
  });

  it('P3: goes on where the broker has forgotten the producer, as older ones do when retention has removed all that it wrote', async () => {
    const warnings: string[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (_: object, message: string) => warnings.push(message) };
    const { producer, cluster, clock, log } = await startOnMock({ ...oneEach, client: { logger } });
    await producer.send(order('first'));
    const fault = cluster.fail('Produce', ['UNKNOWN_PRODUCER_ID']);
    const sent = values(6).map((value) => producer.send(order(value)));
    await clock.advance(2000);
    await Promise.all(sent);
    expect(fault.fired).toBe(1);
    expect(log()).toEqual(['first', ...values(6)]);
    expect(warnings).toEqual([expect.stringMatching(/UNKNOWN_PRODUCER_ID.*has removed all that this producer wrote, or has lost/)]);
  });

  it('P3: takes another producer id where this one is not accepted any more', async () => {
    const { producer, cluster, clock, log } = await startOnMock(oneEach);
    await producer.send(order('first'));
    cluster.fail('Produce', ['INVALID_PRODUCER_EPOCH']);
    const sent = values(6).map((value) => producer.send(order(value)));
    await clock.advance(2000);
    await Promise.all(sent);
    expect(cluster.requests({ api: 'InitProducerId' })).toHaveLength(2);
    expect(log()).toEqual(['first', ...values(6)]);
  });
});

describe('a batch that is too large', () => {
  const small = { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '600' } } } };

  it.each(['none', 'gzip'] as const)('P5: is split until the broker takes it, in order (%s)', async (compression) => {
    const { producer, cluster, clock, log } = await startOnMock({ cluster: small, compression });
    // Digests, which no codec makes smaller.
    const messages = values(40).map((value) => createHash('sha256').update(value).digest('hex'));
    const sent = messages.map((value) => producer.send(order(value)));
    await clock.advance(5000);
    expect(await Promise.all(sent)).toMatchObject(messages.map((_, i) => ({ offset: i })));
    expect(log()).toEqual(messages);
    const wire = batchesOf(cluster.requests({ api: 'Produce' }));
    expect(wire.length).toBeGreaterThan(1);
    expect(wire.every((batch) => batch.startsWith('0:'))).toBe(true);
    // The next batches begin with the size that was learnt.
    const before = cluster.requests({ api: 'Produce' }).length;
    const again = messages.map((value) => producer.send(order(value)));
    await clock.advance(5000);
    await Promise.all(again);
    expect(log()).toEqual([...messages, ...messages]);
    expect(cluster.requests({ api: 'Produce' }).length - before).toBeLessThan(before);
  });

  it('P5: one record that the broker finds too large rejects alone', async () => {
    const { producer, clock, log } = await startOnMock({ cluster: small });
    const large = failureOf(producer.send(order('x'.repeat(700))));
    const sent = [...values(3).map((value) => producer.send(order(value)))];
    await clock.advance(5000);
    expect(await large).toMatchObject({ errorName: 'MESSAGE_TOO_LARGE', persistence: 'not persisted', retriable: false });
    await Promise.all(sent);
    expect(log()).toEqual(values(3));
  });

  it('P5: one record larger than maxRequestBytes is refused before anything is sent', async () => {
    const { producer, cluster } = await startOnMock({ maxRequestBytes: 1000 });
    await expect(producer.send(order('x'.repeat(1000)))).rejects.toThrow(
      new RangeError(`a message to 'orders' takes 1136 bytes, and maxRequestBytes is 1000`),
    );
    await producer.send(order('x'.repeat(800)));
    expect(cluster.requests({ api: 'Produce' })).toHaveLength(1);
  });
});

describe('the delivery timeout', () => {
  it('P7: of what is still queued says not persisted, leaves no gap, and later records follow in order', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ deliveryTimeoutMs: 5000 });
    await producer.send(order('first'));
    await cluster.broker(1).down({ failover: false });
    const late = failureOf(producer.send(order('late')));
    await clock.advance(5100);
    expect(await late).toMatchObject({ name: 'SocketDisconnectedError', persistence: 'not persisted' });
    await cluster.broker(1).up();
    const sent = values(3).map((value) => producer.send(order(value)));
    await clock.advance(2000);
    await Promise.all(sent);
    expect(log()).toEqual(['first', ...values(3)]);
    expect(batchesOf(cluster.requests({ api: 'Produce' }))).toEqual(['0:0+1', '0:1+3']);
  });

  it('P8: of what is in flight says possibly persisted, and a new epoch begins once the connection is given up', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ deliveryTimeoutMs: 5000, client: { requestTimeoutMs: 8000 } });
    await producer.send(order('first'));
    const silence = cluster.intercept('Produce', (call) => call.silence());
    const late = failureOf(producer.send(order('late')));
    await clock.advance(5000);
    expect(await late).toMatchObject({ name: 'TimeoutError', persistence: 'possibly persisted' });
    silence.stop();
    const next = producer.send(order('next'));
    await clock.advance(10_000);
    await next;
    expect(log()).toEqual(['first', 'next']);
    expect(batchesOf(cluster.requests({ api: 'Produce' })).at(-1)).toBe('1:0+1');
  });

  it('P8: what was behind it is not doubled where the broker had taken all of it', async () => {
    const { producer, cluster, clock, log } = await startOnMock({
      ...oneEach,
      deliveryTimeoutMs: 5000,
      client: { requestTimeoutMs: 8000 },
    });
    await producer.send(order('first'));
    // The broker appends all that comes, and no answer arrives.
    const silence = cluster.intercept('Produce', async (call) => {
      await call.pass();
      return call.silence();
    });
    const late = failureOf(producer.send(order('late')));
    await clock.advance(4000);
    const behind = values(3).map((value) => producer.send(order(value)));
    await clock.advance(3000);
    expect(await late).toMatchObject({ persistence: 'possibly persisted' });
    silence.stop();
    await clock.advance(5000);
    await Promise.all(behind);
    expect(log()).toEqual(['first', 'late', ...values(3)]);
  });

  it('P9: a success that comes after it changes nothing, and the sequence goes on', async () => {
    const { producer, cluster, clock, log } = await startOnMock({ deliveryTimeoutMs: 5000 });
    await producer.send(order('first'));
    const hold = cluster.hold('Produce');
    const late = failureOf(producer.send(order('late')));
    await clock.advance(6000);
    expect(await late).toMatchObject({ persistence: 'possibly persisted' });
    hold.release();
    await clock.advance(0);
    await producer.send(order('next'));
    expect(log()).toEqual(['first', 'late', 'next']);
    expect(batchesOf(cluster.requests({ api: 'Produce' }))).toEqual(['0:0+1', '0:1+1', '0:2+1']);
  });

  it('P10: bytes that went out are never written again, through retries, expiry and a new epoch', async () => {
    const written: { readonly chunk: Uint8Array; readonly copy: Buffer }[] = [];
    const wrap = (transport: Transport): Transport => ({
      async connect(address, events, signal) {
        const stream = await transport.connect(address, events, signal);
        return {
          destroy: () => stream.destroy(),
          write: (chunks) => {
            for (const chunk of chunks) written.push({ chunk, copy: Buffer.from(chunk) });
            return stream.write(chunks);
          },
        };
      },
    });
    const { producer, cluster, clock, log } = await startOnMock({
      ...oneEach,
      wrap,
      deliveryTimeoutMs: 5000,
      client: { requestTimeoutMs: 2000 },
    });
    const large = 'x'.repeat(5000); // above the size that is copied into the request
    await producer.send(order(large));
    cluster.fail('Produce', ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'NOT_ENOUGH_REPLICAS']);
    const sent = values(9).map((value) => producer.send(order(value + large)));
    await clock.advance(200);
    cluster.dropResponse('Produce', { times: 2 });
    await clock.advance(10_000);
    await Promise.all(sent);
    expect(batchesOf(cluster.requests({ api: 'Produce' }))).toContain('1:0+1');
    expect(log()).toEqual([large, ...values(9).map((value) => value + large)]);
    for (const { chunk, copy } of written) expect(copy.equals(chunk)).toBe(true);
  });
});

describe('records that the broker names', () => {
  it('are rejected with its reason, and the others of the batch are delivered in order', async () => {
    const compacted = { topics: { orders: { partitions: 1, configs: { 'cleanup.policy': 'compact' } } } };
    const { producer, clock, log } = await startOnMock({ cluster: compacted });
    const keyed = (value: string): MessageToSend => ({ topic: 'orders', key: 'k', value });
    const good = [producer.send(keyed('a'))];
    const bad = failureOf(producer.send(order('without a key')));
    good.push(producer.send(keyed('b')), producer.send(keyed('c')));
    await clock.advance(1000);
    expect(await bad).toMatchObject({ errorName: 'INVALID_RECORD', persistence: 'not persisted' });
    expect(String(await bad)).toMatch(/Compacted topic cannot accept message without key/);
    expect(await Promise.all(good)).toMatchObject([{ offset: 0 }, { offset: 1 }, { offset: 2 }]);
    expect(log()).toEqual(['a', 'b', 'c']);
  });
});

it('a broker that refuses a record which the batch does not have refuses the batch', async () => {
  const { producer, cluster, requestCount } = await startOnMock();
  cluster.intercept('Produce', async (call) => {
    const answer = (await call.pass())!;
    const recordErrors = [1, -1].map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: 'not this one' }));
    const refused = { ...answer.responses[0]!.partitionResponses[0]!, errorCode: errorCodes.INVALID_RECORD, baseOffset: -1, recordErrors };
    return { ...answer, responses: [{ ...answer.responses[0]!, partitionResponses: [refused] }] };
  });
  expect(await failureOf(producer.send(order('a')))).toMatchObject({ errorName: 'INVALID_RECORD' });
  expect(requestCount()).toBe(1);
  expect(producer.stats()).toMatchObject({ failedMessages: 1, bufferedBytes: 0 });
});
