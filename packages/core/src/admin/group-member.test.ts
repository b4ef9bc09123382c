import { describe, expect, it } from 'vitest';
import { consumerProtocolAssignment } from '../protocol/messages/consumer-protocol-assignment.ts';
import { consumerProtocolSubscription } from '../protocol/messages/consumer-protocol-subscription.ts';
import { Writer } from '../protocol/writer.ts';
import { classicMember, streamsMember } from './group-member.ts';

const written = (version: number, write: (w: Writer) => void): Buffer => {
  const w = new Writer();
  w.int16(version);
  write(w);
  return w.toBuffer();
};
const subscription = (version: number): Buffer =>
  written(version, (w) => consumerProtocolSubscription.write(w, Math.min(version, 3), { topics: ['orders', 'bills'] }));
const assignment = written(0, (w) =>
  consumerProtocolAssignment.write(w, 0, { assignedPartitions: [{ topic: 'orders', partitions: [2, 0] }], userData: null }),
);
const member = { memberId: 'm1', groupInstanceId: null, clientId: 'c', clientHost: '/10.0.0.1' };

describe('a classic member', () => {
  it('reads what its assignment says', () => {
    const { subscribedTopics, assignment: assigned } = classicMember(
      { ...member, memberMetadata: subscription(3), memberAssignment: assignment },
      'consumer',
    );
    expect(subscribedTopics).toEqual(['orders', 'bills']);
    expect(assigned).toEqual([
      { topic: 'orders', partition: 2 },
      { topic: 'orders', partition: 0 },
    ]);
  });

  const none = Buffer.alloc(0);
  const garbage = Buffer.from([0, 1, 127, 255, 255, 255]);
  it.each<[string, Buffer, Buffer, string, string[], unknown]>([
    ['nothing assigned yet reads nothing', subscription(1), none, 'consumer', ['orders', 'bills'], []],
    ['a newer version is read as far as it is known', subscription(9), none, 'consumer', ['orders', 'bills'], []],
    ['garbage for both is told as unknown', garbage, garbage, 'consumer', [], undefined],
    ['another protocol is not looked into', subscription(1), assignment, 'connect', [], undefined],
  ])('with %s', (_, memberMetadata, memberAssignment, protocolType, topics, assigned) => {
    const told = classicMember({ ...member, memberMetadata, memberAssignment }, protocolType);
    expect([told.subscribedTopics, told.assignment]).toEqual([topics, assigned]);
  });
});

describe('a member of a streams group', () => {
  const tasks = (partitions: number[]) => ({
    activeTasks: [{ subtopologyId: '0', partitions }],
    standbyTasks: [{ subtopologyId: '1', partitions: [7] }],
    warmupTasks: [],
  });
  const streams = {
    ...{ memberId: 'm1', memberEpoch: 3, instanceId: null, rackId: null, clientId: 'c', clientHost: '/10.0.0.1', topologyEpoch: 0 },
    ...{ processId: 'p', userEndpoint: { host: '', port: 0 }, clientTags: [], taskOffsets: [], taskEndOffsets: [], isClassic: false },
  };
  const none = { repartitionSinkTopics: [], stateChangelogTopics: [], repartitionSourceTopics: [] };

  it('reads the source topics of its active tasks', () => {
    const subtopologies = [
      { subtopologyId: '0', sourceTopics: ['orders', 'bills'], ...none },
      { subtopologyId: '1', sourceTopics: ['others'], ...none },
    ];
    const told = streamsMember({ ...streams, assignment: tasks([1]), targetAssignment: tasks([]) }, { epoch: 0, subtopologies });
    expect(told.subscribedTopics).toEqual(['orders', 'bills', 'others']);
    expect(told.assignment).toEqual([
      { topic: 'orders', partition: 1 },
      { topic: 'bills', partition: 1 },
    ]);
    expect(told.targetAssignment).toEqual([]);
  });
});
