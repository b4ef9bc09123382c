import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues } from '../requests.ts';
import { acknowledgement, rangesOf, scene, type ShareFetchFields, shareFetch, type, valuesIn } from '../share-requests.ts';
import { versionsOf } from '../versions.ts';

/** What members of a share group are given, and what becomes of it (KIP-932). */

afterAll(() => broker.closeWires());

const values = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => String(from + i));

describe.each(versionsOf(apis.shareFetch))('ShareFetch version %i', (version) => {
  it('acquires what there is, with the batches that hold it', async () => {
    const { topic, reader } = await scene();
    await append(reader.wire, topic, batchOfValues('a', 'b', 'c'));
    const partition = await reader.fetch({ version });
    expect(partition).toMatchObject({ errorCode: code.none, errorMessage: null, acknowledgeErrorCode: code.none });
    expect(partition!.acquiredRecords).toEqual([{ firstOffset: 0, lastOffset: 2, deliveryCount: 1 }]);
    expect(valuesIn(partition)).toEqual(['a', 'b', 'c']);
  });

  it('waits for records', async () => {
    const { topic, reader } = await scene();
    await reader.fetch({ version, maxWaitMs: 0 });
    const waiting = reader.acquire({ version, maxWaitMs: 20_000 });
    const other = await broker.leaderWire(topic);
    await append(other, topic, batchOfValues('a'));
    expect(await waiting).toBe('0-0x1');
  });

  it('answers after the time with nothing, and names no partition that it has named before', async () => {
    const { group, topic, reader } = await scene();
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic, { version, maxWaitMs: 20 });
    expect(answer).toMatchObject({ errorCode: code.none, acquisitionLockTimeoutMs: 30_000 });
    expect(answer.responses).toMatchObject([{ topicId: topic.id, partitions: [{ partitionIndex: 0, acquiredRecords: [] }] }]);
    const next = await shareFetch(reader.wire, group.id, reader.memberId, topic, { version, epoch: 1, maxWaitMs: 20, asBefore: true });
    expect(next).toMatchObject({ errorCode: code.none, responses: [] });
  });

  it('takes acknowledgements along', async () => {
    const { topic, reader } = await scene();
    await append(reader.wire, topic, batchOfValues('a', 'b', 'c'));
    await reader.fetch({ version });
    await append(reader.wire, topic, batchOfValues('d'));
    const acknowledge = [acknowledgement(0, 1, type.accept), acknowledgement(2, 2, type.release)];
    const partition = await reader.fetch({ version, acknowledge });
    expect(partition).toMatchObject({ errorCode: code.none, acknowledgeErrorCode: code.none });
    const acquired = new Set(rangesOf(partition).split(' '));
    // What was released may come with the record that is new, or once the release is written down.
    for (; acquired.size < 2; acquired.delete('')) acquired.add(await reader.acquire({ version, maxWaitMs: 200 }));
    expect([...acquired].sort()).toEqual(['2-2x2', '3-3x1']);
  });

  it('answers for the acknowledgements of a partition that it has no records of', async () => {
    const { topic, reader } = await scene();
    await append(reader.wire, topic, batchOfValues('a'));
    await reader.fetch({ version });
    const partition = await reader.fetch({ version, maxWaitMs: 20, acknowledge: [acknowledgement(7, 8, type.accept)] });
    expect(partition).toMatchObject({ errorCode: code.none, acknowledgeErrorCode: code.invalidRequest, acquiredRecords: [] });
    expect(partition!.acknowledgeErrorMessage).toBe('Batch record not found. The first offset in request is past acquired records.');
  });

  it.each<[string, Partial<ShareFetchFields> & { group?: string; member?: string | null }, number]>([
    ['a member without a name', { member: '' }, code.invalidRequest],
    ['a member whose name is too long', { member: 'x'.repeat(37) }, code.invalidRequest],
    ['acknowledgements with the first fetch', { acknowledge: [acknowledgement(0, 0, type.accept)] }, code.invalidRequest],
    ['a session that there is not', { epoch: 1 }, code.shareSessionNotFound],
    ['the end of a session that there is not', { epoch: -1 }, code.shareSessionNotFound],
  ])('refuses %s', async (_what, { member, ...fields }, error) => {
    const { group, topic, reader } = await scene();
    const memberId = member ?? reader.memberId;
    const answer = await shareFetch(reader.wire, group.id, memberId, topic, { version, maxWaitMs: 20, ...fields });
    expect(answer).toMatchObject({ errorCode: error, acquisitionLockTimeoutMs: 0, responses: [] });
  });

  it('refuses an epoch that is not the next', async () => {
    const { group, topic, reader } = await scene();
    await reader.fetch({ version, maxWaitMs: 0 });
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic, { version, maxWaitMs: 20, epoch: 2 });
    expect(answer).toMatchObject({ errorCode: code.invalidShareSessionEpoch, responses: [] });
  });

  it('refuses a partition that there is not', async () => {
    const { group, topic, reader } = await scene();
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic, { version, maxWaitMs: 20, partition: 7 });
    expect(answer.responses[0]!.partitions).toMatchObject([{ partitionIndex: 7, errorCode: code.unknownTopicOrPartition }]);
  });

  it('fails as a whole where a topic id is unknown', async () => {
    const { group, topic, reader } = await scene();
    const unknown = { ...topic, id: 'AQIDBAUGBwgJCgsMDQ4PEA' };
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, unknown, { version, maxWaitMs: 20 });
    expect(answer).toMatchObject({ errorCode: code.unknownServerError, responses: [] });
  });

  it('finds no state of a group that nobody has joined, and says so after the time', async () => {
    const { topic, reader } = await scene();
    const answer = await shareFetch(reader.wire, broker.freshName('nobody'), reader.memberId, topic, { version, maxWaitMs: 20 });
    expect(answer.responses[0]!.partitions).toMatchObject([{ partitionIndex: 0, errorCode: code.unknownServerError, acquiredRecords: [] }]);
  });

  if (broker.nodes > 1) {
    it('names the leader of a partition that another node leads', async () => {
      const { group, topic, reader } = await scene();
      const [leader] = await broker.leaders(topic.name, reader.wire);
      const other = await broker.wire((leader! % broker.nodes) + 1);
      const answer = await shareFetch(other, group.id, reader.memberId, topic, { version, maxWaitMs: 20 });
      expect(answer.responses[0]!.partitions).toMatchObject([
        { errorCode: code.notLeaderOrFollower, currentLeader: { leaderId: leader, leaderEpoch: 0 } },
      ]);
      expect(answer.nodeEndpoints).toMatchObject([{ nodeId: leader, rack: `r${leader}` }]);
    });
  }
});

describe('how much a ShareFetch acquires', () => {
  it.each<[string, ShareFetchFields, string, string]>([
    ['whole batches up to the one that reaches the limit', { maxRecords: 3 }, '0-3x1', '4-5x1'],
    ['one piece of each batch where pieces are small', { batchSize: 1 }, '0-1x1 2-3x1 4-5x1', ''],
    ['exactly as many as a strict limit says (KIP-1206)', { maxRecords: 3, recordLimit: true }, '0-2x1', '3-3x1 4-5x1'],
    ['nothing where nothing is asked for', { maxRecords: 0 }, '', '0-5x1'],
    ['one batch where the bytes do not suffice for more', { maxBytes: 1 }, '0-1x1', '2-5x1'],
  ])('%s', async (_rule, fields, first, rest) => {
    const { topic, reader } = await scene();
    for (const from of [0, 2, 4]) await append(reader.wire, topic, batchOfValues(...values(2, from)));
    // What is there comes at once, or when the leader has loaded what the group has read; for nothing there is no use in waiting.
    const waitFor = (expected: string): ShareFetchFields => ({ maxWaitMs: expected === '' ? 50 : 5000 });
    expect(await reader.acquire({ ...waitFor(first), ...fields })).toBe(first);
    expect(await reader.acquire(waitFor(rest))).toBe(rest);
  });

  it('sends only batches that hold something that was acquired', async () => {
    const { topic, reader } = await scene();
    for (const from of [0, 2, 4]) await append(reader.wire, topic, batchOfValues(...values(2, from)));
    expect(valuesIn(await reader.fetch({ maxRecords: 2 }))).toEqual(['0', '1']);
    expect(valuesIn(await reader.fetch({ maxRecords: 3, recordLimit: true }))).toEqual(['2', '3', '4', '5']);
  });

  it('no more than the group may have in flight', async () => {
    const { topic, reader } = await scene({ 'share.partition.max.record.locks': '100' });
    for (const from of [0, 60, 120]) await append(reader.wire, topic, batchOfValues(...values(60, from)));
    expect(await reader.acquire()).toBe('0-119x1');
    expect(await reader.acquire({ maxWaitMs: 50 })).toBe('');
    expect(await reader.acknowledge(acknowledgement(0, 59, type.accept))).toBe(code.none);
    expect(await reader.acquire()).toBe('120-179x1');
  });
});

describe('where a share group begins', () => {
  it.each<[string, string]>([
    ['latest', '3-3x1'],
    ['earliest', '0-3x1'],
    ['by_duration:PT1H', '0-3x1'],
  ])('%s', async (reset, expected) => {
    const { topic, reader } = await scene({ 'share.auto.offset.reset': reset });
    await append(reader.wire, topic, batchOfValues('a', 'b', 'c'));
    const before = await reader.acquire({ maxRecords: 0 }); // asks for nothing, and does not begin yet
    const all: string[] = [];
    if (reset === 'latest') all.push(await reader.acquire({ maxWaitMs: 3000 })); // in which the leader begins, also where it hesitates
    await append(reader.wire, topic, batchOfValues('d'));
    all.push(await reader.acquire());
    expect([before, ...all].filter(Boolean).join(' ')).toBe(expected);
  });
});

describe('acknowledging', () => {
  async function acquired(count = 6, configs = {}) {
    const found = await scene(configs);
    await append(found.reader.wire, found.topic, batchOfValues(...values(count)));
    expect(await found.reader.acquire()).toBe(`0-${count - 1}x1`);
    return found;
  }

  it.each<[string, readonly (readonly number[])[], string]>([
    ['accepted records are gone', [[0, 5, type.accept]], ''],
    ['rejected records are gone', [[0, 5, type.reject]], ''],
    ['gaps are gone', [[0, 5, type.gap]], ''],
    ['released records come again', [[0, 5, type.release]], '0-5x2'],
    [
      'each record may have its own end',
      [[0, 5, type.accept, type.release, type.reject, type.release, type.release, type.gap]],
      '1-1x2 3-4x2',
    ],
    [
      'several batches are taken together',
      [
        [0, 1, type.accept],
        [2, 3, type.release],
        [4, 5, type.reject],
      ],
      '2-3x2',
    ],
  ])('%s', async (_rule, batches, again) => {
    const { reader } = await acquired();
    const said = batches.map(([first, last, ...types]) => acknowledgement(first!, last!, ...types));
    expect(await reader.acknowledge(...said)).toBe(code.none);
    expect(await reader.acquire({ maxWaitMs: again === '' ? 50 : 5000 })).toBe(again);
  });

  it.each<[string, readonly (readonly number[])[], number, string | null]>([
    [
      'records that were not fetched',
      [[20, 21, type.accept]],
      code.invalidRequest,
      'Batch record not found. The first offset in request is past acquired records.',
    ],
    [
      'more records than were fetched',
      [[0, 9, type.accept]],
      code.invalidRequest,
      'Batch record not found. The last offset in request is past acquired records.',
    ],
    ['offsets that run backwards', [[3, 2, type.accept]], code.invalidRequest, null],
    [
      'batches that overlap',
      [
        [0, 3, type.accept],
        [2, 4, type.accept],
      ],
      code.invalidRequest,
      null,
    ],
    ['no type', [[0, 5]], code.invalidRequest, null],
    ['a type too few', [[0, 5, type.accept, type.accept]], code.invalidRequest, null],
    ['a type that there is not', [[0, 5, 5]], code.invalidRequest, null],
    ['a renewal in a request that says it has none', [[0, 5, type.renew]], code.invalidRequest, null],
  ])('refuses %s', async (_what, batches, error, message) => {
    const { reader } = await acquired();
    const said = batches.map(([first, last, ...types]) => acknowledgement(first!, last!, ...types));
    expect(await reader.acknowledgeIn(2, said)).toMatchObject({ errorCode: error, errorMessage: message });
    expect(await reader.acknowledge(acknowledgement(0, 5, type.accept))).toBe(code.none); // and it has changed nothing
  });

  it('refuses to end a record twice', async () => {
    const { reader } = await acquired();
    await reader.acknowledge(acknowledgement(2, 3, type.accept));
    expect(await reader.acknowledgeIn(2, [acknowledgement(3, 4, type.accept)])).toMatchObject({
      errorCode: code.invalidRecordState,
      errorMessage: 'The offset cannot be acknowledged. The offset is not acquired.',
    });
    expect(await reader.acknowledge(acknowledgement(4, 4, type.accept))).toBe(code.none);
  });

  it('passes over records that are done with, all before them included', async () => {
    const { reader } = await acquired();
    await reader.acknowledge(acknowledgement(0, 5, type.accept));
    expect(await reader.acknowledge(acknowledgement(0, 5, type.accept))).toBe(code.none);
  });

  it('refuses what another member has acquired', async () => {
    const { topic, reader, second } = await acquired();
    const other = await second();
    await other.fetch({ maxWaitMs: 0 });
    expect(await other.acknowledgeIn(2, [acknowledgement(0, 5, type.accept)])).toMatchObject({
      errorCode: code.invalidRecordState,
      errorMessage: 'Member is not the owner of batch record',
    });
    await append(reader.wire, topic, batchOfValues('x'));
    expect(await other.acquire()).toBe('6-6x1');
  });

  it('archives a record after its last delivery, and delivers it alone before', async () => {
    const { topic, reader } = await acquired(4, { 'share.delivery.count.limit': '3' });
    const rounds: string[] = [];
    for (let round = 0; round < 6; round++) {
      const [first, last] = (rounds.at(-1) ?? '0-3x1').split(/[-x]/).map(Number);
      expect(await reader.acknowledge(acknowledgement(first!, last!, type.release))).toBe(code.none);
      rounds.push(await reader.acquire({ maxWaitMs: round < 5 ? 5000 : 300 }));
      if (rounds.at(-1) === '') break;
    }
    expect(rounds).toEqual(['0-3x2', '0-0x3', '1-1x3', '2-2x3', '3-3x3', '']);
    await append(reader.wire, topic, batchOfValues('next'));
    expect(await reader.acquire()).toBe('4-4x1');
  });

  it('renews locks, with nothing fetched along (KIP-1222)', async () => {
    const { group, topic, reader } = await acquired();
    expect(await reader.acknowledgeIn(2, [acknowledgement(0, 5, type.renew)], true)).toMatchObject({ errorCode: code.none });
    await append(reader.wire, topic, batchOfValues('more'));
    const nothing = { maxWaitMs: 0, minBytes: 0, maxBytes: 0, maxRecords: 0, renews: true };
    const answer = await shareFetch(reader.wire, group.id, reader.memberId, topic, {
      epoch: reader.epoch++,
      acknowledge: [acknowledgement(0, 5, type.renew)],
      ...nothing,
    });
    expect(answer.responses[0]!.partitions).toMatchObject([{ acknowledgeErrorCode: code.none, acquiredRecords: [] }]);
    const fetches = await shareFetch(reader.wire, group.id, reader.memberId, topic, { epoch: reader.epoch, ...nothing, maxRecords: 1 });
    expect(fetches).toMatchObject({ errorCode: code.invalidRequest });
  });

  it('refuses to renew where the group does not allow it', async () => {
    const { reader } = await acquired(6, { 'share.renew.acknowledge.enable': 'false' });
    expect(await reader.acknowledgeIn(2, [acknowledgement(0, 5, type.renew)], true)).toMatchObject({
      errorCode: code.invalidRecordState,
      errorMessage: 'Renewing acquisition locks is not enabled for the group.',
    });
  });

  it('knows no renewal in version 1', async () => {
    const { reader } = await acquired();
    expect(await reader.acknowledgeIn(1, [acknowledgement(0, 5, type.renew)])).toMatchObject({ errorCode: code.invalidRequest });
  });
});

describe('two members of a share group', () => {
  it('are given different records of one partition', async () => {
    const { topic, reader, second } = await scene();
    const other = await second();
    await append(reader.wire, topic, batchOfValues('a', 'b'));
    await append(reader.wire, topic, batchOfValues('c', 'd'));
    expect(await reader.acquire({ maxRecords: 1 })).toBe('0-1x1');
    expect(await other.acquire()).toBe('2-3x1');
  });

  it('take over from each other what is released', async () => {
    const { topic, reader, second } = await scene();
    const other = await second();
    await append(reader.wire, topic, batchOfValues('a', 'b', 'c'));
    await reader.acquire();
    // Kafka 4.3.1 leaves a fetch that waits alone, and it finds what was released when its time is over.
    const waiting = other.acquire({ maxWaitMs: 500 });
    await reader.acknowledge(acknowledgement(1, 1, type.release));
    let found = await waiting;
    while (found === '') found = await other.acquire({ maxWaitMs: 500 });
    expect(found).toBe('1-1x2');
  });
});
