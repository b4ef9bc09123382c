import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apis, zeroUuid } from '@tskafka/core/protocol';
import { broker, type TestTopic } from '../broker.ts';
import { code } from '../error-code.ts';
import { batchOfValues } from '../requests.ts';
import { until } from '../until.ts';
import { versionsOf } from '../versions.ts';
import type { Wire } from '../wire.ts';
import { type AclSpec, closeLogins, everybodyOnCluster, grant, loginAs, type Operation, revoke } from './fixture.ts';

/** One topic that the user may not touch, and one that belongs to nobody, which everybody may. */
const user = broker.freshName('user');
const principal = `User:${user}`;
const denied = await broker.createTopic({ prefix: 'denied' });
const open = await broker.createTopic({ prefix: 'open' });
const topics = [denied, open];
const entry: AclSpec = { name: denied.name, principal, permission: 'deny' };
/** A topic that is not there, and that nobody could tell from one that is. */
const missing = broker.freshName('missing');
const missingEntry: AclSpec = { name: missing, principal, permission: 'deny' };
/** What somebody may do with the cluster may stand in for a topic's permission. */
const clusterEntry = { type: 'cluster', name: 'kafka-cluster', permission: 'deny' } as const;
let wire: Wire;

beforeAll(async () => {
  await grant(...everybodyOnCluster, { ...clusterEntry, principal }, entry, missingEntry);
  const any = await broker.wire();
  const [leader] = await broker.leaders(open.name, any);
  wire = await loginAs(user, leader);
});

afterAll(async () => {
  await revoke({ ...clusterEntry, principal }, entry, missingEntry, ...everybodyOnCluster);
  closeLogins();
});

const forbidden = code.topicAuthorizationFailed;
const byName = <T extends { readonly name?: string | null }>(list: readonly T[], name: string): T => list.find((one) => one.name === name)!;
const byTopic = <T extends { readonly name?: string | null; readonly topicId?: string }>(list: readonly T[], topic: TestTopic): T =>
  list.find(({ name, topicId }) => name === topic.name || topicId === topic.id)!;

describe.each(versionsOf(apis.produce).filter((version) => version >= 3))('Produce version %i', (version) => {
  const request = (acks: number, asked = topics) => ({
    acks,
    timeoutMs: 10_000,
    topicData: asked.map(({ name, id }) => ({ name, topicId: id, partitionData: [{ index: 0, records: batchOfValues('a') }] })),
  });

  it('refuses one topic, and appends to the other', async () => {
    const { responses } = await wire.send(apis.produce, version, request(-1));
    expect(byTopic(responses, denied).partitionResponses).toMatchObject([
      { errorCode: forbidden, baseOffset: -1, logAppendTimeMs: -1, ...(version >= 5 && { logStartOffset: -1 }) },
    ]);
    expect(byTopic(responses, open).partitionResponses).toMatchObject([{ errorCode: code.none }]);
  });

  it('closes the connection where no answer is wanted', async () => {
    const own = await loginAs(user);
    own.sendOnly(apis.produce, version, request(0, [denied]));
    await own.closed;
  });
});

describe.each(versionsOf(apis.fetch))('Fetch version %i', (version) => {
  it('refuses one topic, and reads the other', async () => {
    const { errorCode, responses } = await wire.send(apis.fetch, version, {
      ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 1_000_000, isolationLevel: 0 },
      topics: topics.map(({ name, id }) => ({
        topic: name,
        topicId: id,
        partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }],
      })),
    });
    expect(errorCode ?? 0).toBe(code.none);
    const of = (topic: TestTopic) => responses.find((one) => one.topic === topic.name || one.topicId === topic.id)!.partitions;
    expect(of(denied)).toMatchObject([{ partitionIndex: 0, errorCode: forbidden, highWatermark: -1, abortedTransactions: [] }]);
    expect(of(denied)[0]!.records).toHaveLength(0);
    expect(of(open)).toMatchObject([{ partitionIndex: 0, errorCode: code.none }]);
  });
});

describe.each(versionsOf(apis.listOffsets))('ListOffsets version %i', (version) => {
  it('refuses one topic, and answers for the other', async () => {
    const asked = topics.map(({ name }) => ({ name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }));
    const { topics: answered } = await wire.send(apis.listOffsets, version, { replicaId: -1, topics: asked });
    expect(byName(answered, denied.name).partitions).toMatchObject([{ errorCode: forbidden, timestamp: -1, offset: -1 }]);
    expect(byName(answered, open.name).partitions).toMatchObject([{ errorCode: code.none }]);
  });
});

describe.each(versionsOf(apis.offsetForLeaderEpoch))('OffsetForLeaderEpoch version %i', (version) => {
  it('refuses one topic, and answers for the other', async () => {
    const asked = topics.map(({ name }) => ({ topic: name, partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }));
    const { topics: answered } = await wire.send(apis.offsetForLeaderEpoch, version, { replicaId: -2, topics: asked });
    const of = ({ name }: TestTopic) => answered.find(({ topic }) => topic === name)!.partitions;
    expect(of(denied)).toMatchObject([{ partition: 0, errorCode: forbidden, endOffset: -1 }]);
    expect(of(open)).toMatchObject([{ partition: 0, errorCode: code.none }]);
  });
});

describe.each(versionsOf(apis.metadata))('Metadata version %i', (version) => {
  const ask = async (fields: object) => (await wire.send(apis.metadata, version, { topics: null, ...fields })).topics;

  it('hides the topic in a list of all', async () => {
    const all = await ask({ topics: version === 0 ? [] : null });
    const names = all.map(({ name }) => name);
    expect(names).toContain(open.name);
    expect(names).not.toContain(denied.name);
  });

  it('gives nothing of it away by name, whether it is there or not', async () => {
    const names = [denied.name, missing, open.name];
    const answered = await ask({ topics: names.map((name) => ({ name })), includeTopicAuthorizedOperations: version >= 8 });
    const refused = { errorCode: forbidden, partitions: [], ...(version >= 1 && { isInternal: false }) };
    const hidden = {
      ...refused,
      ...(version >= 10 && { topicId: zeroUuid }),
      ...(version >= 8 && { topicAuthorizedOperations: -0x80000000 }),
    };
    expect(byName(answered, denied.name)).toMatchObject(hidden);
    expect(byName(answered, missing)).toMatchObject(hidden);
    expect(byName(answered, open.name)).toMatchObject({
      errorCode: code.none,
      ...(version >= 8 && { topicAuthorizedOperations: 0b110111111000 }),
    });
  });

  it.runIf(version >= 12)('gives no name for its id', async () => {
    const answered = await ask({ topics: topics.map(({ id }) => ({ topicId: id, name: null })) });
    expect(answered.find(({ topicId }) => topicId === denied.id)).toMatchObject({ errorCode: forbidden, name: null, partitions: [] });
    expect(byName(answered, open.name)).toMatchObject({ errorCode: code.none, topicId: open.id });
  });

  it.runIf(version >= 4)('does not create what the user may only see', async () => {
    const name = broker.freshName('unborn');
    const see: AclSpec = { name, principal, operation: 'describe' };
    await grant(see);
    const [answered] = await ask({ topics: [{ name }], allowAutoTopicCreation: true });
    expect(answered).toMatchObject({ errorCode: forbidden, name, partitions: [] });
    await revoke(see);
  });
});

describe.each(versionsOf(apis.describeTopicPartitions))('DescribeTopicPartitions version %i', (version) => {
  it('hides the topic in a list of all', async () => {
    const answer = await wire.send(apis.describeTopicPartitions, version, { topics: [], cursor: null });
    expect(answer.topics.map(({ name }) => name)).not.toContain(denied.name);
  });

  it('gives nothing of it away by name', async () => {
    const asked = [{ name: denied.name }, { name: open.name }];
    const answer = await wire.send(apis.describeTopicPartitions, version, { topics: asked, cursor: null });
    expect(answer.topics).toMatchObject([
      { errorCode: code.none, name: open.name, topicAuthorizedOperations: 0b110111111000 },
      { errorCode: forbidden, name: denied.name, topicId: zeroUuid, partitions: [], topicAuthorizedOperations: -0x80000000 },
    ]);
  });
});

describe.each(versionsOf(apis.createTopics))('CreateTopics version %i', (version) => {
  it('refuses one, and creates the other', async () => {
    const name = broker.freshName();
    const asked = [missing, name].map((one) => ({ name: one, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }));
    const { topics: answered } = await wire.send(apis.createTopics, version, { topics: asked, timeoutMs: 10_000 });
    expect(byName(answered, missing)).toMatchObject({
      errorCode: forbidden,
      ...(version >= 1 && { errorMessage: 'Authorization failed.' }),
    });
    expect(byName(answered, name)).toMatchObject({ errorCode: code.none });
  });

  it.runIf(version >= 5)('keeps the configuration from those who may not see it', async () => {
    const name = broker.freshName();
    const create: AclSpec = { name, principal, operation: 'create' };
    await grant(create);
    const asked = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
    const { topics: answered } = await wire.send(apis.createTopics, version, { topics: asked, timeoutMs: 10_000 });
    expect(answered).toMatchObject([
      { name, errorCode: code.none, topicConfigErrorCode: forbidden, numPartitions: -1, replicationFactor: -1, configs: [] },
    ]);
    await revoke(create);
  });
});

describe.each(versionsOf(apis.createPartitions))('CreatePartitions version %i', (version) => {
  it('refuses one topic, and serves the other', async () => {
    const asked = topics.map(({ name }) => ({ name, count: 2, assignments: null }));
    const { results } = await wire.send(apis.createPartitions, version, { topics: asked, timeoutMs: 10_000, validateOnly: true });
    expect(byName(results, denied.name)).toEqual({ name: denied.name, errorCode: forbidden, errorMessage: null });
    expect(byName(results, open.name)).toMatchObject({ errorCode: code.none });
  });
});

describe.each(versionsOf(apis.deleteRecords))('DeleteRecords version %i', (version) => {
  it('refuses one topic, and serves the other', async () => {
    const asked = topics.map(({ name }) => ({ name, partitions: [{ partitionIndex: 0, offset: 0 }] }));
    const { topics: answered } = await wire.send(apis.deleteRecords, version, { topics: asked, timeoutMs: 10_000 });
    expect(byName(answered, denied.name).partitions).toEqual([{ partitionIndex: 0, lowWatermark: -1, errorCode: forbidden }]);
    expect(byName(answered, open.name).partitions).toMatchObject([{ errorCode: code.none }]);
  });
});

describe.each(versionsOf(apis.deleteTopics))('DeleteTopics version %i', (version) => {
  const remove = async (...asked: { readonly name?: string; readonly topicId?: string }[]) => {
    const named = asked.map(({ name = null, topicId = zeroUuid }) => ({ name, topicId }));
    const request = version >= 6 ? { topics: named } : { topicNames: asked.map(({ name }) => name!) };
    return (await wire.send(apis.deleteTopics, version, { ...request, timeoutMs: 10_000 })).responses;
  };
  const message = version >= 5 && { errorMessage: 'Topic authorization failed.' };

  it('refuses one, whether it is there or not, and deletes the other', async () => {
    const own = await broker.createTopic();
    const answered = await remove({ name: denied.name }, { name: missing }, { name: own.name });
    const refused = { errorCode: forbidden, ...message, ...(version >= 6 && { topicId: zeroUuid }) };
    expect(byName(answered, denied.name)).toMatchObject(refused);
    expect(byName(answered, missing)).toMatchObject(refused);
    expect(byName(answered, own.name)).toMatchObject({ errorCode: code.none });
  });

  it.runIf(version >= 6)('gives no name for the id of what the user may not see', async () => {
    expect(await remove({ topicId: denied.id })).toEqual([{ name: null, topicId: denied.id, errorCode: forbidden, ...message }]);
  });

  it.runIf(version >= 6)('gives a name for the id of what the user may see', async () => {
    const seen = await broker.createTopic();
    const see: AclSpec = { name: seen.name, principal, operation: 'describe' };
    await grant(see);
    expect(await remove({ topicId: seen.id })).toEqual([{ name: seen.name, topicId: seen.id, errorCode: forbidden, ...message }]);
    expect(await remove({ name: seen.name })).toEqual([{ name: seen.name, topicId: zeroUuid, errorCode: forbidden, ...message }]);
    await revoke(see);
  });
});

describe.each(versionsOf(apis.describeConfigs))('DescribeConfigs version %i', (version) => {
  it('refuses one topic, and describes the other', async () => {
    const resources = topics.map(({ name }) => ({ resourceType: 2, resourceName: name, configurationKeys: ['cleanup.policy'] }));
    const { results } = await wire.send(apis.describeConfigs, version, { resources });
    const of = ({ name }: TestTopic) => results.find(({ resourceName }) => resourceName === name)!;
    expect(of(denied)).toMatchObject({ errorCode: forbidden, errorMessage: 'Topic authorization failed.', resourceType: 2, configs: [] });
    expect(of(open)).toMatchObject({ errorCode: code.none, configs: [{ name: 'cleanup.policy' }] });
  });
});

describe('what an entry allows', () => {
  /** What the user may do with a topic, by what Metadata says. */
  const operationsOn = async (name: string): Promise<number> => {
    const request = { topics: [{ name }], includeTopicAuthorizedOperations: true };
    const { topics: answered } = await wire.send(apis.metadata, 9, request);
    return answered[0]!.errorCode === forbidden ? 0 : answered[0]!.topicAuthorizedOperations!;
  };
  const bit = { read: 3, write: 4, create: 5, delete: 6, alter: 7, describe: 8, describeConfigs: 10, alterConfigs: 11 } as const;
  const bits = (...names: (keyof typeof bit)[]): number => names.reduce((field, name) => field | (1 << bit[name]), 0);

  it.each<[string, (name: string) => AclSpec[], (keyof typeof bit)[]]>([
    ['reading implies describing', (name) => [{ name, principal, operation: 'read' }], ['read', 'describe']],
    ['writing implies describing', (name) => [{ name, principal, operation: 'write' }], ['write', 'describe']],
    ['deleting implies describing', (name) => [{ name, principal, operation: 'delete' }], ['delete', 'describe']],
    ['altering implies describing', (name) => [{ name, principal, operation: 'alter' }], ['alter', 'describe']],
    [
      'altering configurations implies seeing them',
      (name) => [allow(name, 'describe'), allow(name, 'alterConfigs')],
      ['describe', 'describeConfigs', 'alterConfigs'],
    ],
    ['creating implies nothing', (name) => [allow(name, 'create')], []],
    [
      'all is all',
      (name) => [allow(name, 'all')],
      ['read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'],
    ],
    ['an entry for somebody else closes the topic', (name) => [{ name, principal: 'User:somebody-else' }], []],
    ['everybody is meant by User:*', (name) => [{ name, principal: 'User:*', operation: 'read' }], ['read', 'describe']],
    [
      'a refusal wins',
      (name) => [allow(name, 'all'), { name, principal, operation: 'write', permission: 'deny' }],
      ['read', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'],
    ],
    [
      'refusing to read refuses nothing else',
      (name) => [allow(name, 'read'), allow(name, 'write'), { name, principal, operation: 'read', permission: 'deny' }],
      ['write', 'describe'],
    ],
    [
      'refusing to describe wins over what implies it',
      (name) => [allow(name, 'read'), { name, principal, operation: 'describe', permission: 'deny' }],
      [],
    ],
    ['an entry for another host does not count', (name) => [{ name, principal, operation: 'read', host: '10.0.0.1' }], []],
    ['an entry for this host counts', (name) => [{ name, principal, operation: 'read', host: '127.0.0.1' }], ['read', 'describe']],
    [
      'a prefix covers the names that begin with it',
      (name) => [{ name: name.slice(0, -1), pattern: 'prefixed', principal, operation: 'read' }],
      ['read', 'describe'],
    ],
    [
      'a prefix refuses for the names that begin with it',
      (name) => [allow(name, 'all'), { name: name.slice(0, -1), pattern: 'prefixed', principal, permission: 'deny' }],
      [],
    ],
  ])('%s', async (_, entries, expected) => {
    const { name } = await broker.createTopic({ prefix: 'ruled' });
    const specs = entries(name);
    await grant(...specs);
    expect(await operationsOn(name)).toBe(bits(...expected));
    await revoke(...specs);
  });

  const allow = (name: string, operation: Operation): AclSpec => ({ name, principal, operation });

  it('without any entry everybody may do everything, and so again once the last one is gone', async () => {
    const { name } = await broker.createTopic({ prefix: 'ruled' });
    const all = 0b110111111000;
    expect(await operationsOn(name)).toBe(all);
    const spec = allow(name, 'read');
    await grant(spec);
    expect(await operationsOn(name)).toBe(bits('read', 'describe'));
    await revoke(spec);
    await until('the topic is open again', async () => (await operationsOn(name)) === all);
  });

  it('super users may do everything', async () => {
    const admin = await loginAs('admin');
    const { topics: answered } = await admin.send(apis.metadata, 9, {
      topics: [{ name: denied.name }],
      includeTopicAuthorizedOperations: true,
    });
    expect(answered).toMatchObject([{ errorCode: code.none, topicAuthorizedOperations: 0b110111111000 }]);
  });
});
