import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { until } from '../until.ts';
import { configureGroup, TestGroup } from './consumer-group.ts';

/** What the configuration of one group changes for it (KIP-848). */

const topic = await broker.createTopic({ partitions: 2 });
afterAll(() => broker.closeWires());

describe('The configuration of a group', () => {
  it('says how often its members send a heartbeat', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    expect((await member.join([topic])).heartbeatIntervalMs).toBe(1000);
    await configureGroup(group.id, 'consumer.heartbeat.interval.ms', '2000');
    expect((await member.beat()).heartbeatIntervalMs).toBe(2000);
  });

  it('says how long a member may be silent', async () => {
    const group = await TestGroup.create();
    await configureGroup(group.id, 'consumer.heartbeat.interval.ms', '500');
    await configureGroup(group.id, 'consumer.session.timeout.ms', '1000');
    const [silent, other] = [group.member('silent'), group.member('other')];
    await silent.join([topic]);
    await other.join([topic]);
    await until('the silent one is out', async () => {
      expect((await other.beat()).errorCode).toBe(code.none);
      return (await group.describe()).members.length === 1;
    });
    await group.stable(other);
    expect(other.partitions(topic)).toEqual([0, 1]);
  });

  it('says how long a target assignment stays at the least', async () => {
    const group = await TestGroup.create();
    await configureGroup(group.id, 'consumer.assignment.interval.ms', '15000');
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic]);
    expect(await b.join([topic])).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [] } });
    expect(await group.describe()).toMatchObject({ groupState: 'Assigning', groupEpoch: 3, assignmentEpoch: 2 });
    await configureGroup(group.id, 'consumer.assignment.interval.ms', '0');
    expect((await b.beat()).memberEpoch).toBe(3);
  });
});
