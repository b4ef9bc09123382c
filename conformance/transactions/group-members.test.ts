import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { stableGroup } from '../groups/classic-member.ts';
import { TestGroup } from '../groups/consumer-group.ts';
import { type OffsetFields, stableOffset, TransactionalProducer } from './transactional-producer.ts';

/** Offsets of a group's members in a transaction: a member that the group has put out is fenced by its generation or epoch (KIP-447). */

const topic = await broker.createTopic();
afterAll(() => broker.closeWires());

describe('a classic group', () => {
  it.each<[string, (memberId: string, generation: number) => OffsetFields, number]>([
    ['a member of this generation', (memberId, generationId) => ({ memberId, generationId }), code.none],
    ['a member of another generation', (memberId, generation) => ({ memberId, generationId: generation + 1 }), code.illegalGeneration],
    ['one that is no member', (_memberId, generationId) => ({ memberId: 'other', generationId }), code.unknownMemberId],
    ['one that says only a generation', (_memberId, generationId) => ({ generationId }), code.unknownMemberId],
    ['a member that says no generation', (memberId) => ({ memberId }), code.illegalGeneration],
    // So did producers before KIP-447, which knew nothing of the group.
    ['one that says nothing', () => ({}), code.none],
  ])('%s', async (_who, fields, errorCode) => {
    const [member] = await stableGroup(1);
    const producer = await TransactionalProducer.start(2);
    expect(await producer.commitOffset(member!.groupId, topic, 5, fields(member!.memberId, member!.generation))).toBe(errorCode);
    // An abort is right also where nothing was begun.
    await producer.end(errorCode === code.none);
    expect(await stableOffset(member!.groupId, topic)).toBe(errorCode === code.none ? 5 : -1);
    await member!.leave();
  });
});

describe('a consumer group (KIP-848)', () => {
  it.each<[string, OffsetFields, number]>([
    ['a member at its epoch', { memberId: 'm', generationId: 2 }, code.none],
    ['a member at an epoch that is ahead', { memberId: 'm', generationId: 9 }, code.illegalGeneration],
    ['one that is no member', { memberId: 'other', generationId: 2 }, code.unknownMemberId],
  ])('%s', async (_who, fields, errorCode) => {
    const group = await TestGroup.create();
    await group.member('m').join([topic]);
    const producer = await TransactionalProducer.start(2);
    expect(await producer.commitOffset(group.id, topic, 5, fields)).toBe(errorCode);
    await producer.end(errorCode === code.none);
    expect(await stableOffset(group.id, topic)).toBe(errorCode === code.none ? 5 : -1);
  });
});
