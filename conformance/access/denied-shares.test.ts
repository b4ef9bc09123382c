import { afterAll, expect, it } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues } from '../requests.ts';
import { acknowledgement, freshMember, join, shareFetch, shareGroup, type } from '../share-requests.ts';
import { versionsOf } from '../versions.ts';
import { type AclSpec, closeLogins, grant, loginAs, revoke } from './fixture.ts';

/** Who may not read a topic shares it neither: each partition says so by itself, and others are served. */

const user = broker.freshName('user');
const [free, denied] = [await broker.createTopic({ assignments: [[1]] }), await broker.createTopic({ assignments: [[1]] })];
const entry: AclSpec = { name: denied.name, principal: `User:${user}`, operation: 'read', permission: 'deny' };
await grant(entry);
for (const topic of [free, denied]) await append(await broker.leaderWire(topic), topic, batchOfValues('a'));
const wire = await loginAs(user, 1);

afterAll(async () => {
  await revoke(entry);
  closeLogins();
});

const noTopic = code.topicAuthorizationFailed;

it.each(versionsOf(apis.shareFetch))('ShareFetch version %i', async (version) => {
  const group = await shareGroup();
  const { memberId } = await join(group, [free]);
  const refused = await shareFetch(wire, group.id, freshMember(), denied, { version });
  expect(refused).toMatchObject({ errorCode: code.none, responses: [{ topicId: denied.id, partitions: [{ errorCode: noTopic }] }] });
  const served = await shareFetch(wire, group.id, memberId, free, { version });
  expect(served).toMatchObject({ errorCode: code.none, responses: [{ topicId: free.id, partitions: [{ errorCode: code.none }] }] });
});

it.each(versionsOf(apis.shareAcknowledge))('ShareAcknowledge version %i', async (version) => {
  const group = await shareGroup();
  const { memberId } = await join(group, [free]);
  await shareFetch(wire, group.id, memberId, free);
  const acknowledgementBatches = [acknowledgement(0, 0, type.accept)];
  const answer = await wire.send(apis.shareAcknowledge, version, {
    ...{ groupId: group.id, memberId, shareSessionEpoch: 1 },
    topics: [free, denied].map(({ id }) => ({ topicId: id, partitions: [{ partitionIndex: 0, acknowledgementBatches }] })),
  });
  const errors = new Map(answer.responses.map(({ topicId, partitions }) => [topicId, partitions[0]!.errorCode]));
  expect(errors.get(denied.id)).toBe(noTopic);
  expect(errors.get(free.id)).toBe(code.none);
});
