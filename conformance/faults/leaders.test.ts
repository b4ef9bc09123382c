import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { append, batchOfValues, fetchFrom, offsetAt, produceTo, valuesOf } from '../requests.ts';
import { until } from '../until.ts';

afterAll(() => broker.closeWires());

describe('a leader that moves', () => {
  it('leaves its log to the next leader, which has a higher epoch; the old one sends clients on', async () => {
    const topic = await broker.createTopic({ assignments: [[1, 2]] });
    const old = await broker.leaderWire(topic);
    await append(old, topic, batchOfValues('before'));
    await broker.moveLeader(topic, 0, 2);

    await until('node 1 has heard of it', async () => (await produceTo(old, 10, topic, batchOfValues('late'))).errorCode !== code.none);
    const refused = await produceTo(old, 10, topic, batchOfValues('late'));
    expect(refused).toMatchObject({ errorCode: code.notLeaderOrFollower, currentLeader: { leaderId: 2 } });
    expect(await offsetAt(old, 9, topic, -1)).toMatchObject({ errorCode: code.notLeaderOrFollower });

    const next = await broker.leaderWire(topic);
    const epoch = (await offsetAt(next, 9, topic, -1)).leaderEpoch;
    expect(epoch).toBeGreaterThan(0);
    expect(await fetchFrom(next, 12, topic, 0, { leaderEpoch: epoch - 1 })).toMatchObject({ errorCode: code.fencedLeaderEpoch });
    const values = valuesOf(await fetchFrom(next, 12, topic, 0, { leaderEpoch: epoch }));
    expect(values[0]).toBe('before');
    expect(await append(next, topic, batchOfValues('after'))).toBe(values.length);
  });
});

describe('a broker that dies', () => {
  it('is replaced as a leader, its connections break, and it comes back with its log', async () => {
    const topic = await broker.createTopic({ assignments: [[3, 1, 2]] });
    const only = await broker.createTopic({ assignments: [[3]] });
    const leader = await broker.leaderWire(topic);
    await append(leader, topic, batchOfValues('a'));
    await append(leader, only, batchOfValues('kept'));
    await broker.kill(3);
    await leader.closed;

    const any = await broker.wire();
    await until('another leads', async () => ![3, undefined].includes((await broker.leaders(topic.name, any))[0]));
    const next = await broker.leaderWire(topic);
    expect(valuesOf(await fetchFrom(next, 12, topic, 0))).toEqual(['a']);
    expect(await append(next, topic, batchOfValues('b'))).toBe(1);
    expect(await broker.leaders(only.name, any)).toEqual([]);

    await broker.restart(3);
    const back = await broker.leaderWire(only);
    expect(valuesOf(await fetchFrom(back, 12, only, 0))).toEqual(['kept']);
  });
});
