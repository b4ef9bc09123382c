import { afterAll, describe, expect, it } from 'vitest';
import { apis, type Decoded, type FetchRequest, type FetchResponse } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, valuesOf } from '../requests.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';

afterAll(() => broker.closeWires());

type Asked = readonly [topic: TestTopic, partition: number, offset: number];

/** One client's session on one connection (KIP-227): each fetch names what has changed, and the epoch that is due. */
class SessionClient {
  readonly wire: Wire;
  readonly version: number;
  sessionId = 0;
  epoch = 0;

  constructor(wire: Wire, version: number) {
    this.wire = wire;
    this.version = version;
  }

  async fetch(asked: readonly Asked[] = [], fields: Partial<FetchRequest> = {}): Promise<Decoded<FetchResponse>> {
    const topics = asked.map(([{ name, id }, partition, fetchOffset]) => ({
      ...(this.version >= 13 ? { topicId: id } : { topic: name }),
      partitions: [{ partition, fetchOffset, partitionMaxBytes: 1_000_000 }],
    }));
    const session = { sessionId: this.sessionId, sessionEpoch: this.epoch };
    const answer = await this.wire.send(apis.fetch, this.version, {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1_000_000,
      ...session,
      topics,
      ...fields,
    });
    if (answer.errorCode === 0) {
      this.sessionId = answer.sessionId;
      this.epoch++;
    }
    return answer;
  }
}

/** What an answer tells: its error, and the partitions with their errors and values. */
function told(answer: Decoded<FetchResponse>): unknown[] {
  return answer.responses.flatMap(({ partitions }) => partitions.map((one) => [one.partitionIndex, one.errorCode, valuesOf(one)]));
}

async function sceneOf(partitions = 1, node = 1): Promise<{ topic: TestTopic; wire: Wire }> {
  const topic = await broker.createTopic({ assignments: Array.from({ length: partitions }, () => [node]) });
  for (let i = 0; i < partitions; i++) (await broker.leaderWire(topic, i)).close();
  return { topic, wire: await broker.wire(node) };
}

describe.each(versionsOf(apis.fetch).filter((version) => version >= 7))('Fetch version %i in a session', (version) => {
  it('tells only what is new (KIP-227)', async () => {
    const { topic, wire } = await sceneOf();
    await append(wire, topic, batchOfValues('a'));
    const client = new SessionClient(wire, version);
    expect(told(await client.fetch([[topic, 0, 0]]))).toEqual([[0, code.none, ['a']]]);
    expect(client.sessionId).toBeGreaterThan(0);
    expect(told(await client.fetch([[topic, 0, 1]]))).toEqual([]);
    await append(wire, topic, batchOfValues('b'));
    const third = await client.fetch();
    expect(third).toMatchObject({ errorCode: code.none, sessionId: client.sessionId });
    expect(told(third)).toEqual([[0, code.none, ['b']]]);
    // Whoever does not move on is given the same again.
    expect(told(await client.fetch())).toEqual([[0, code.none, ['b']]]);
    wire.close();
  });

  it('takes in partitions, and forgets others', async () => {
    const { topic, wire } = await sceneOf(3);
    for (const partition of [0, 1, 2]) await append(wire, topic, batchOfValues(`of ${partition}`), { partition });
    const client = new SessionClient(wire, version);
    await client.fetch([[topic, 0, 0]]);
    expect(told(await client.fetch([[topic, 1, 0]]))).toEqual([
      [0, code.none, ['of 0']],
      [1, code.none, ['of 1']],
    ]);
    const forgotten = version >= 13 ? { topicId: topic.id } : { topic: topic.name };
    const forgottenTopicsData = [{ ...forgotten, partitions: [0] }];
    const after = await client.fetch([[topic, 2, 0]], { forgottenTopicsData });
    expect(told(after)).toEqual([
      [1, code.none, ['of 1']],
      [2, code.none, ['of 2']],
    ]);
    wire.close();
  });

  it('reads first what was given nothing lately, so that all get their turn', async () => {
    const { topic, wire } = await sceneOf(3);
    for (const partition of [0, 1, 2]) await append(wire, topic, batchOfValues('x'.repeat(1000)), { partition });
    const client = new SessionClient(wire, version);
    const asked = [0, 1, 2].map((partition): Asked => [topic, partition, 0]);
    const givers = (answer: Decoded<FetchResponse>): number[] =>
      answer.responses.flatMap(({ partitions }) =>
        partitions.filter(({ records }) => records!.length > 0).map(({ partitionIndex }) => partitionIndex),
      );
    // Room for one batch each time. The first fetch, which opens the session, moves nobody.
    const turns = [givers(await client.fetch(asked, { maxBytes: 1 }))];
    for (let i = 0; i < 4; i++) turns.push(givers(await client.fetch([], { maxBytes: 1 })));
    expect(turns).toEqual([[0], [0], [1], [2], [0]]);
    wire.close();
  });

  it('tells an error each time, and the partition once more when it is over', async () => {
    const { topic, wire } = await sceneOf();
    await append(wire, topic, batchOfValues('a'));
    const client = new SessionClient(wire, version);
    const outOfRange = [[0, code.offsetOutOfRange, []]];
    expect(told(await client.fetch([[topic, 0, 9]]))).toEqual(outOfRange);
    expect(told(await client.fetch())).toEqual(outOfRange);
    expect(told(await client.fetch([[topic, 0, 1]]))).toEqual([[0, code.none, []]]);
    expect(told(await client.fetch())).toEqual([]);
    wire.close();
  });

  it('ends with its last partition, and answers that request without a session', async () => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, version);
    await client.fetch([[topic, 0, 0]]);
    const id = client.sessionId;
    const forgotten = version >= 13 ? { topicId: topic.id } : { topic: topic.name };
    const last = await client.fetch([], { forgottenTopicsData: [{ ...forgotten, partitions: [0] }] });
    expect(last).toMatchObject({ errorCode: code.none, sessionId: 0, responses: [] });
    expect(await client.fetch([], { sessionId: id })).toMatchObject({ errorCode: code.fetchSessionIdNotFound });
    wire.close();
  });

  it('waits within a session as without one', async () => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, version);
    await client.fetch([[topic, 0, 0]]);
    const waiting = client.fetch([], { maxWaitMs: 20_000, minBytes: 1 });
    const producing = await broker.wire(1);
    await append(producing, topic, batchOfValues('news'));
    expect(told(await waiting)).toEqual([[0, code.none, ['news']]]);
    producing.close();
    wire.close();
  });

  it.each([
    ['an id that there is not', { sessionId: 12_345, sessionEpoch: 1 }, code.fetchSessionIdNotFound],
    ['no id', { sessionId: 0, sessionEpoch: 1 }, code.fetchSessionIdNotFound],
    ['an epoch that is over', { sessionEpoch: 1 }, code.invalidFetchSessionEpoch],
    ['an epoch to come', { sessionEpoch: 9 }, code.invalidFetchSessionEpoch],
  ])('refuses %s', async (_what, fields, errorCode) => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, version);
    await client.fetch([[topic, 0, 0]]);
    await client.fetch();
    expect(await client.fetch([], fields)).toMatchObject({ errorCode, sessionId: 0, responses: [] });
    // The session that it had goes on.
    expect(await client.fetch()).toMatchObject({ errorCode: code.none });
    wire.close();
  });

  it.each([
    ['for another', 0],
    ['for none', -1],
  ])('ends a session that is given up %s', async (_what, sessionEpoch) => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, version);
    await client.fetch([[topic, 0, 0]]);
    const { sessionId, epoch } = client;
    const answer = await client.fetch([[topic, 0, 0]], { sessionEpoch });
    expect(answer.errorCode).toBe(code.none);
    if (sessionEpoch === 0) expect(answer.sessionId).not.toBe(sessionId);
    else expect(answer.sessionId).toBe(0);
    expect(await client.fetch([], { sessionId, sessionEpoch: epoch })).toMatchObject({ errorCode: code.fetchSessionIdNotFound });
    wire.close();
  });
});

describe('a fetch session', () => {
  it.each([
    ['by name', 12, 13],
    ['by id', 13, 12],
  ])('that began %s refuses the other way', async (_how, first, second) => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, first);
    await client.fetch([[topic, 0, 0]]);
    const other = new SessionClient(wire, second);
    Object.assign(other, { sessionId: client.sessionId, epoch: client.epoch });
    expect(await other.fetch()).toMatchObject({ errorCode: code.fetchSessionTopicIdError, sessionId: 0, responses: [] });
    expect(await client.fetch()).toMatchObject({ errorCode: code.none });
    wire.close();
  });

  it('holds partitions that nobody knows, and tells them last', async () => {
    const { topic, wire } = await sceneOf();
    await append(wire, topic, batchOfValues('a'));
    const client = new SessionClient(wire, 13);
    const unknown: TestTopic = { name: '', id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
    const expected = [
      [0, code.none, ['a']],
      [0, code.unknownTopicId, []],
    ];
    expect(told(await client.fetch([[unknown, 0, 0], [topic, 0, 0]]))).toEqual(expected); // prettier-ignore
    expect(told(await client.fetch())).toEqual(expected);
    wire.close();
  });

  it('of a topic that was deleted and created anew tells that the ids differ', async () => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, 13);
    await client.fetch([[topic, 0, 0]]);
    await wire.send(apis.deleteTopics, 5, { topicNames: [topic.name], timeoutMs: 10_000 });
    await broker.createTopic({ name: topic.name, assignments: [[1]] });
    (await broker.leaderWire(topic)).close();
    expect(told(await client.fetch())).toEqual([[0, code.inconsistentTopicId, []]]);
    wire.close();
  });

  it('is answered with an error when another request of it came meanwhile', async () => {
    const { topic, wire } = await sceneOf();
    const client = new SessionClient(wire, 12);
    await client.fetch([[topic, 0, 0]]);
    const waiting = client.fetch([], { maxWaitMs: 20_000, minBytes: 1 });
    const other = new SessionClient(await broker.wire(1), 12);
    Object.assign(other, { sessionId: client.sessionId, epoch: client.epoch + 1 });
    let second = await other.fetch();
    while (second.errorCode === code.invalidFetchSessionEpoch) second = await other.fetch(); // the first had not come yet
    expect(second.errorCode).toBe(code.none);
    await append(other.wire, topic, batchOfValues('news'));
    expect(await waiting).toMatchObject({ errorCode: code.invalidFetchSessionEpoch, sessionId: client.sessionId, responses: [] });
    other.wire.close();
    wire.close();
  });
});
