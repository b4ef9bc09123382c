import { afterAll, describe, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOf } from '../requests.ts';
import { acknowledgement, join, shareFetch, shareGroup, type, valuesIn } from '../share-requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';
import { closeLogins, loginAs } from './fixture.ts';

const wire = await broker.wire();
type Entity = Readonly<Partial<Record<string, string | null>>>;
const used: { readonly entity: Entity; readonly key: string }[] = [];

afterAll(async () => {
  for (const { entity, key } of [...used]) await alter(entity, { [key]: undefined });
  closeLogins();
});

const entityOf = (entity: Entity) => Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName: entityName! }));

/** Sets quotas of an entity, and with undefined removes them. */
async function alter(entity: Entity, quotas: Readonly<Record<string, number | undefined>>, { version = 1, validateOnly = false } = {}) {
  const ops = Object.entries(quotas).map(([key, value]) => ({ key, value: value ?? 0, remove: value === undefined }));
  const { entries } = await wire.send(apis.alterClientQuotas, version, { entries: [{ entity: entityOf(entity), ops }], validateOnly });
  expect(entries).toHaveLength(1);
  const { errorCode, errorMessage } = entries[0]!;
  if (errorCode === 0 && !validateOnly)
    for (const [key, value] of Object.entries(quotas)) if (value !== undefined) used.push({ entity, key });
  return { errorCode, errorMessage };
}

interface Filter {
  readonly version?: number;
  readonly strict?: boolean;
  readonly node?: Wire;
}

const exact = (entityType: string, match: string) => ({ entityType, matchType: 0, match });
const ofDefault = (entityType: string) => ({ entityType, matchType: 1, match: null });
const any = (entityType: string) => ({ entityType, matchType: 2, match: null });

async function describeQuotas(
  components: readonly ReturnType<typeof exact | typeof any>[],
  { version = 1, strict = false, node = wire }: Filter = {},
) {
  const answer = await node.send(apis.describeClientQuotas, version, { components, strict });
  return {
    errorCode: answer.errorCode,
    errorMessage: answer.errorMessage,
    entries: answer.entries?.map(({ entity, values }) => [
      Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName])),
      Object.fromEntries(values.map(({ key, value }) => [key, value])),
    ]),
  };
}

const ok = { errorCode: code.none, errorMessage: null };

/** Sets quotas, and resolves once every node knows them: what a client sends meanwhile would count, and have it wait for long. */
async function limit(entity: Entity, quotas: Readonly<Record<string, number>>): Promise<void> {
  expect(await alter(entity, quotas)).toEqual(ok);
  const components = Object.entries(entity).map(([type, name]) => exact(type, name!));
  await broker.everyNode('knows the quota', async (node) => {
    const { entries } = await describeQuotas(components, { strict: true, node });
    return JSON.stringify(entries?.[0]?.[1]) === JSON.stringify(quotas);
  });
}

describe.each(versionsOf(apis.alterClientQuotas))('AlterClientQuotas and DescribeClientQuotas, version %i', (version) => {
  it('a quota is set, changed, shown, and removed', async () => {
    const entity = { user: broker.freshName('user') };
    const shown = async () => (await describeQuotas([exact('user', entity.user)], { version })).entries!;
    expect(await alter(entity, { producer_byte_rate: 1000, request_percentage: 12.5 }, { version })).toEqual(ok);
    await until('the quota is set', async () => (await shown()).length === 1);
    expect(await shown()).toEqual([[entity, { producer_byte_rate: 1000, request_percentage: 12.5 }]]);
    expect(await alter(entity, { producer_byte_rate: undefined, request_percentage: 13 }, { version })).toEqual(ok);
    await until(
      'the quota is changed',
      async () => JSON.stringify(await shown()) === JSON.stringify([[entity, { request_percentage: 13 }]]),
    );
    expect(await alter(entity, { request_percentage: undefined }, { version })).toEqual(ok);
    await until('the quota is gone', async () => (await shown()).length === 0);
    expect(await alter(entity, { request_percentage: undefined }, { version })).toEqual(ok);
  });

  it('only says whether it would', async () => {
    const entity = { user: broker.freshName('user') };
    expect(await alter(entity, { producer_byte_rate: 1000 }, { version, validateOnly: true })).toEqual(ok);
    expect(await alter(entity, { x: 1 }, { version, validateOnly: true })).toMatchObject({ errorCode: code.invalidRequest });
    expect((await describeQuotas([exact('user', entity.user)], { version })).entries).toEqual([]);
  });
});

describe('AlterClientQuotas', () => {
  const name = broker.freshName('refused');

  it.each<[string, Entity, Record<string, number>, string]>([
    ['no entity', {}, { producer_byte_rate: 1 }, 'Invalid empty client quota entity'],
    ['an unknown type', { group: name }, { producer_byte_rate: 1 }, 'Unhandled client quota entity type: group'],
    ['no name', { user: '' }, { producer_byte_rate: 1 }, 'Empty user not supported'],
    [
      'an address and a user',
      { ip: '127.0.0.9', user: name },
      { producer_byte_rate: 1 },
      'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId',
    ],
    ['no address', { ip: 'not an address' }, { connection_creation_rate: 1 }, 'not an address is not a valid IP or resolvable host.'],
    ['an unknown quota', { user: name }, { x: 1 }, 'Invalid configuration key x'],
    ['a quota of addresses', { user: name }, { connection_creation_rate: 1 }, 'Invalid configuration key connection_creation_rate'],
    ['a quota of users', { ip: '127.0.0.9' }, { producer_byte_rate: 1 }, 'Invalid configuration key producer_byte_rate'],
    ['zero', { user: name }, { producer_byte_rate: 0 }, 'Quota producer_byte_rate must be greater than 0'],
    ['a negative number', { user: name }, { request_percentage: -1 }, 'Quota request_percentage must be greater than 0'],
    ['a fraction of a byte', { user: name }, { consumer_byte_rate: 1.5 }, 'consumer_byte_rate cannot be a fractional value.'],
    ['too many bytes', { user: name }, { producer_byte_rate: 1e30 }, 'Proposed value for producer_byte_rate is too large for a LONG.'],
    [
      'too many connections',
      { ip: '127.0.0.9' },
      { connection_creation_rate: 2 ** 31 },
      'Proposed value for connection_creation_rate is too large for an INT.',
    ],
  ])('%s is refused', async (_, entity, quotas, errorMessage) => {
    expect(await alter(entity, quotas)).toEqual({ errorCode: code.invalidRequest, errorMessage });
  });

  it('an entity or a quota twice is refused, and other entities are served', async () => {
    const [twice, repeated, good] = [broker.freshName(), broker.freshName(), broker.freshName()];
    const op = { key: 'producer_byte_rate', value: 1000, remove: false };
    const entry = (user: string, ...ops: (typeof op)[]) => ({ entity: entityOf({ user }), ops });
    const entries = [entry(twice, op), entry(twice, op), entry(repeated, op, op), entry(good, op)];
    const answer = await wire.send(apis.alterClientQuotas, 1, { entries, validateOnly: true });
    const refused = (user: string) => ({
      entity: entityOf({ user }),
      errorCode: code.invalidRequest,
      errorMessage: `Ignoring duplicate entity ClientQuotaEntity(entries={user=${user}})`,
    });
    expect(answer.entries).toHaveLength(3);
    expect(answer.entries).toEqual(
      expect.arrayContaining([refused(twice), refused(repeated), { entity: entityOf({ user: good }), ...ok }]),
    );
  });
});

describe('DescribeClientQuotas', () => {
  it('finds by exact names, by any name, and strictly', async () => {
    const [user, client] = [broker.freshName('user'), broker.freshName('client')];
    await limit({ user }, { producer_byte_rate: 1 });
    await limit({ user, 'client-id': client }, { producer_byte_rate: 2 });
    await limit({ 'client-id': client }, { producer_byte_rate: 3 });
    const found = async (...args: Parameters<typeof describeQuotas>) => {
      const { entries } = await describeQuotas(...args);
      const rates = entries!.filter(([entity]) => entity!['user'] === user || entity!['client-id'] === client);
      return rates.map(([, values]) => values!['producer_byte_rate']).sort();
    };
    expect(await found([exact('user', user)])).toEqual([1, 2]);
    expect(await found([exact('user', user)], { strict: true })).toEqual([1]);
    expect(await found([exact('user', user), any('client-id')])).toEqual([2]);
    expect(await found([exact('client-id', client)])).toEqual([2, 3]);
    expect(await found([any('client-id')], { strict: true })).toEqual([3]);
    expect(await found([any('user'), any('client-id')], { strict: true })).toEqual([2]);
    expect(await found([])).toEqual([1, 2, 3]);
    expect(await found([], { strict: true })).toEqual([]);
    expect(await found([ofDefault('user')])).toEqual([]);
    expect(await found([exact('user', client)])).toEqual([]);
  });

  const invalid = code.invalidRequest;
  it.each<[string, readonly { readonly entityType: string; readonly matchType: number; readonly match: string | null }[], number, string]>([
    ['no type', [any('')], invalid, 'Invalid empty entity type.'],
    ['a type twice', [any('user'), exact('user', 'x')], invalid, 'Entity type user cannot appear more than once in the filter.'],
    ['an unknown type', [any('group')], code.unsupportedVersion, 'Unsupported entity type group'],
    [
      'an exact match with nothing',
      [{ entityType: 'user', matchType: 0, match: null }],
      invalid,
      'Request specified MATCH_TYPE_EXACT, but set match string to null.',
    ],
    [
      'the default by a name',
      [{ entityType: 'user', matchType: 1, match: 'x' }],
      invalid,
      'Request specified MATCH_TYPE_DEFAULT, but also specified a match string.',
    ],
    [
      'any name by a name',
      [{ entityType: 'user', matchType: 2, match: 'x' }],
      invalid,
      'Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.',
    ],
    ['an unknown match', [{ entityType: 'user', matchType: 3, match: null }], invalid, 'Unknown match type 3'],
    [
      'an address and a user',
      [any('ip'), any('user')],
      invalid,
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    ],
  ])('%s is refused', async (_, components, errorCode, errorMessage) => {
    const answer = await wire.send(apis.describeClientQuotas, 1, { components, strict: false });
    expect(answer).toMatchObject({ errorCode, errorMessage, entries: null });
  });
});

describe('a client that exceeds its quota', () => {
  /** Logged in at the leader of a new topic. */
  async function scene(user: string): Promise<{ readonly own: Wire; readonly topic: TestTopic }> {
    const topic = await broker.createTopic();
    const any = await broker.wire();
    const [leader] = await broker.leaders(topic.name, any);
    return { own: await loginAs(user, leader), topic };
  }

  const produce = async (own: Wire, { name }: TestTopic, bytes: number) => {
    const partitionData = [{ index: 0, records: batchOf([{ value: Buffer.alloc(bytes) }]) }];
    return own.send(apis.produce, 9, { acks: -1, timeoutMs: 10_000, topicData: [{ name, partitionData }] });
  };

  it('by producing is told how long to wait, and is not heard until then', async () => {
    const user = broker.freshName('user');
    const { own, topic } = await scene(user);
    expect((await produce(own, topic, 100_000)).throttleTimeMs).toBe(0);
    await limit({ user }, { producer_byte_rate: 100_000 });
    const ten = 10 * 100_000;
    // The quota reaches each node in its own time. Ten seconds' worth are free, and a tenth more costs a second.
    let [asked, throttleTimeMs] = [0, 0];
    await until('the producer is throttled', async () => {
      asked = performance.now();
      ({ throttleTimeMs } = await produce(own, topic, ten * 0.55));
      return throttleTimeMs! > 0;
    });
    expect(throttleTimeMs).toBeGreaterThan(500);
    expect(throttleTimeMs).toBeLessThan(6000);
    await own.send(apis.metadata, 9, { topics: [] });
    expect(performance.now() - asked).toBeGreaterThan(throttleTimeMs! * 0.8);
  });

  it('by fetching gets nothing but the time to wait', async () => {
    const user = broker.freshName('user');
    const { own, topic } = await scene(user);
    await produce(own, topic, 200_000);
    await limit({ user }, { consumer_byte_rate: 30_000 });
    let answer: Awaited<ReturnType<typeof fetch>> | undefined;
    const fetch = async () =>
      own.send(apis.fetch, 11, {
        ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 1_000_000, isolationLevel: 0 },
        topics: [{ topic: topic.name, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }] }],
      });
    await until('the consumer is throttled', async () => (answer = await fetch()).throttleTimeMs > 0);
    expect(answer).toMatchObject({ errorCode: code.none, sessionId: 0, responses: [] });
    // Once it has waited, it reads on.
    await until('the consumer reads', async () => (await fetch()).responses.length > 0);
  });

  it('by sharing gets nothing but the time to wait, and what it acknowledges counts', async () => {
    const user = broker.freshName('user');
    const { own, topic } = await scene(user);
    const group = await shareGroup({ 'share.delivery.count.limit': '10' });
    const { memberId } = await join(group, [topic]);
    await produce(own, topic, 200_000);
    await limit({ user }, { consumer_byte_rate: 30_000 });
    let epoch = 0;
    const fetch = () => {
      const acknowledge = epoch === 0 ? [] : [acknowledgement(0, 0, type.release)];
      return shareFetch(own, group.id, memberId, topic, { epoch: epoch++, acknowledge });
    };
    let answer = await fetch();
    await until('the member is throttled', async () => answer.throttleTimeMs > 0 || ((answer = await fetch()), false));
    expect(answer.responses.flatMap(({ partitions }) => partitions)).toMatchObject([
      { partitionIndex: 0, errorCode: code.none, acknowledgeErrorCode: code.none, acquiredRecords: [] },
    ]);
    expect(valuesIn(answer.responses[0]!.partitions[0])).toEqual([]);
  });

  it('by requests alone waits a second at most', async () => {
    const user = broker.freshName('user');
    const own = await loginAs(user);
    await limit({ user }, { request_percentage: 0.001 });
    let throttleTimeMs = 0;
    await until('the client is throttled', async () => {
      ({ throttleTimeMs } = await own.send(apis.metadata, 9, { topics: [] }));
      return throttleTimeMs > 0;
    });
    expect(throttleTimeMs).toBeLessThanOrEqual(1000);
  });

  it.each([
    ['clients that know of it are refused', 7],
    ['others wait afterwards', 4],
  ])('by creating and deleting partitions: %s', async (_, version) => {
    const user = broker.freshName('user');
    const own = await loginAs(user);
    await limit({ user }, { controller_mutation_rate: 1 });
    const names = Array.from({ length: 3 }, () => broker.freshName());
    const create = async (name: string) => {
      const topic = { name, numPartitions: 12, replicationFactor: 1, assignments: [], configs: [] };
      const answer = await own.send(apis.createTopics, version, { topics: [topic], timeoutMs: 10_000 });
      return { ...answer.topics[0]!, throttleTimeMs: answer.throttleTimeMs! };
    };
    // A burst of eleven is free, so the twelfth partition makes the next request wait for a second.
    let answer = await create(names[0]!);
    await until('the quota is in force', async () => {
      if (answer.throttleTimeMs > 0 || answer.errorCode !== code.none) return true;
      answer = await create(broker.freshName());
      return false;
    });
    expect(answer.throttleTimeMs).toBeGreaterThan(0);
    expect(answer.errorCode).toBe(version >= 6 ? code.throttlingQuotaExceeded : code.none);
    if (version >= 6) expect(answer.errorMessage).toBeNull();
  });
});
