import { afterAll, describe, expect, it } from 'vitest';
import { broker } from '../broker.ts';
import { code } from '../error-code.ts';
import { configureGroup, type GroupConfigs } from '../group-configs.ts';
import { until } from '../until.ts';
import { TestGroup } from './consumer-group.ts';

/** What the configuration of one group changes for it (KIP-848). */

const topic = await broker.createTopic({ partitions: 2 });
afterAll(() => broker.closeWires());

async function configure({ id }: TestGroup, configs: GroupConfigs): Promise<void> {
  expect(await configureGroup(id, configs)).toBe(code.none);
}

describe('The configuration of a group', () => {
  it('says how often its members send a heartbeat', async () => {
    const group = await TestGroup.create();
    const member = group.member();
    expect((await member.join([topic])).heartbeatIntervalMs).toBe(1000);
    await configure(group, { 'consumer.heartbeat.interval.ms': '2000' });
    await until('it says so', async () => (await member.beat()).heartbeatIntervalMs === 2000);
  });

  it('says how long a member may be silent', async () => {
    const group = await TestGroup.create();
    // Short, and long enough for the other one to be heard of although the broker or this process hesitates.
    await configure(group, { 'consumer.heartbeat.interval.ms': '500', 'consumer.session.timeout.ms': '4000' });
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
    await configure(group, { 'consumer.assignment.interval.ms': '15000', 'consumer.heartbeat.interval.ms': '2000' });
    const [a, b] = [group.member('a'), group.member('b')];
    await a.join([topic]);
    await until('it is in force', async () => (await a.beat()).heartbeatIntervalMs === 2000);
    expect(await b.join([topic])).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [] } });
    expect(await group.describe()).toMatchObject({ groupState: 'Assigning', groupEpoch: 3, assignmentEpoch: 2 });
    await configure(group, { 'consumer.assignment.interval.ms': '0' });
    await until('there is a new one', async () => (await b.beat()).memberEpoch === 3);
  });
});
