import { apis } from '@tskafka/core/protocol';
import { code } from '../../error-code.ts';
import { commitRequest, committedRequest } from '../scenarios/requests.ts';
import type { DataWalker } from './data-walker.ts';
import type { Step, WeightedSteps } from './walker.ts';

const commit: Step<DataWalker> = (walker) => {
  const consumers = walker.consumers.map(({ epoch, ...member }) => ({ ...member, generation: epoch }));
  const [topic, { groupId, memberId, generation }] = [walker.topic(), walker.pick([...walker.members, ...walker.pair, ...consumers])];
  const asMember = walker.chance(0.5) ? { memberId, generation } : walker.chance(0.1) ? { memberId, generation: generation + 1 } : {};
  const fields = {
    partition: walker.partition(),
    metadata: walker.pick([null, '', 'meta']),
    leaderEpoch: walker.pick([-1, 0, 1]),
    ...asMember,
  };
  return walker.ask(apis.offsetCommit, walker.version(apis.offsetCommit), commitRequest(groupId, topic, walker.int(20) - 1, fields));
};

const readCommits: Step<DataWalker> = (walker) => {
  const topics = walker.chance(0.5) ? null : [...walker.topics];
  const since = topics === null ? 2 : 0;
  const version = walker.version(apis.offsetFetch, since);
  const request = {
    ...committedRequest(version, walker.pick(walker.groups), topics),
    ...(version >= 7 && { requireStable: walker.chance(0.5) }),
  };
  return walker.ask(apis.offsetFetch, version, request);
};

const deleteCommits: Step<DataWalker> = (walker) => {
  const partitions = [{ partitionIndex: walker.partition() }];
  const request = { groupId: walker.pick(walker.groups), topics: [{ name: walker.topic().name, partitions }] };
  return walker.ask(apis.offsetDelete, walker.version(apis.offsetDelete), request);
};

const describeGroup: Step<DataWalker> = (walker) =>
  walker.ask(apis.describeGroups, walker.version(apis.describeGroups), {
    groups: [walker.pick(walker.groups)],
    includeAuthorizedOperations: walker.chance(0.2),
  });

const listGroups: Step<DataWalker> = (walker) => {
  const filter = walker.pick([{}, { statesFilter: ['Stable'] }, { typesFilter: ['consumer'] }]);
  return walker.ask(apis.listGroups, walker.version(apis.listGroups), filter, { own: 'groups' });
};

const deleteGroup: Step<DataWalker> = (walker) =>
  walker.ask(apis.deleteGroups, walker.version(apis.deleteGroups), { groupsNames: [walker.pick(walker.groups)] });

const join: Step<DataWalker> = async (walker) => {
  const member = walker.pick(walker.members);
  const metadata = Buffer.from([0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
  const request = {
    ...{ groupId: member.groupId, sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000, memberId: member.memberId },
    ...{
      protocolType: walker.chance(0.95) ? 'consumer' : 'connect',
      protocols: [{ name: walker.pick(['range', 'range', 'sticky']), metadata }],
    },
  };
  const answer = await walker.ask(apis.joinGroup, walker.version(apis.joinGroup), request);
  if (answer.memberId !== '') member.memberId = answer.memberId;
  if (answer.errorCode === code.unknownMemberId) member.memberId = '';
  if (answer.errorCode === 0) member.generation = answer.generationId;
};

const sync: Step<DataWalker> = (walker) => {
  const { groupId, memberId, generation } = walker.pick(walker.members);
  const assignments = [{ memberId, assignment: Buffer.from('all') }];
  const version = walker.version(apis.syncGroup);
  return walker.ask(apis.syncGroup, version, {
    ...{ groupId, memberId, generationId: generation, assignments },
    ...(version >= 5 && { protocolType: 'consumer', protocolName: 'range' }),
  });
};

const heartbeat: Step<DataWalker> = (walker) => {
  const { groupId, memberId, generation } = walker.pick([...walker.members, ...walker.pair]);
  const generationId = walker.chance(0.1) ? generation + 1 : generation;
  return walker.ask(apis.heartbeat, walker.version(apis.heartbeat), { groupId, memberId, generationId });
};

const leave: Step<DataWalker> = async (walker) => {
  const member = walker.pick([...walker.members, ...walker.pair]);
  const version = walker.version(apis.leaveGroup);
  const { groupId, memberId } = member;
  await walker.ask(apis.leaveGroup, version, version >= 3 ? { groupId, members: [{ memberId }] } : { groupId, memberId });
};

/** Commits, and classic groups. Those who join here are alone in theirs, so that they need not wait for others. */
export const groupSteps: WeightedSteps<DataWalker> = [
  [6, commit],
  [6, readCommits],
  [3, deleteCommits],
  [3, describeGroup],
  [1, listGroups],
  [1, deleteGroup],
  [3, join],
  [3, sync],
  [3, heartbeat],
  [1, leave],
];
