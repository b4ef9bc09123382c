import { apis, consumerProtocolSubscription, Writer } from '@tskafka/core/protocol';
import { requests, type Scenario } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { commitRequest } from './requests.ts';

const { joinGroup, syncGroup, heartbeat, leaveGroup, listGroups, describeGroups, deleteGroups, offsetCommit } = apis;

/** A subscription: Kafka reads it, and never answers one that it cannot read. */
const ofOrders = subscription('orders');
const assignment = Buffer.from('assignment');

async function group(talk: Talk): Promise<string> {
  const name = talk.name('group');
  await talk.coordinator(name);
  return name;
}

interface JoinFields {
  readonly memberId?: string;
  readonly instanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly protocolType?: string;
  readonly protocols?: readonly string[];
  readonly metadata?: Uint8Array;
}

const join = (groupId: string, fields: JoinFields = {}) => {
  const {
    memberId = '',
    instanceId,
    sessionTimeoutMs = 30_000,
    protocolType = 'consumer',
    protocols = ['range', 'sticky'],
    metadata = ofOrders,
  } = fields;
  return {
    ...{ groupId, sessionTimeoutMs, rebalanceTimeoutMs: 30_000, memberId, protocolType },
    ...(instanceId !== undefined && { groupInstanceId: instanceId }),
    protocols: protocols.map((name) => ({ name, metadata })),
  };
};

const sync = (groupId: string, memberId: string, generationId: number, assignments: readonly string[] = [memberId]) => ({
  ...{ groupId, memberId, generationId },
  assignments: assignments.map((member) => ({ memberId: member, assignment })),
});

const beat = (groupId: string, memberId: string, generationId: number) => ({ groupId, memberId, generationId });

const leave = (version: number, groupId: string, memberId: string) =>
  version >= 3 ? { groupId, members: [{ memberId }] } : { groupId, memberId };

interface Joined {
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
}

/** Joins as a member of its own, in the versions that ask for a second request and in those that do not. */
async function joined(talk: Talk, version: number, fields: JoinFields = {}): Promise<Joined> {
  const groupId = await group(talk);
  const first = await talk.ask(joinGroup, join(groupId, fields), { version });
  if (first.errorCode === 0) return { groupId, memberId: first.memberId, generationId: first.generationId };
  const second = await talk.ask(joinGroup, join(groupId, { ...fields, memberId: first.memberId }), { version });
  return { groupId, memberId: second.memberId, generationId: second.generationId };
}

/** A group with one member that has its assignment, made without comparing how. */
async function stable(talk: Talk, fields: JoinFields = {}): Promise<Joined> {
  const groupId = await group(talk);
  const { memberId, generationId } = await talk.peek(joinGroup, join(groupId, fields), { version: 3 });
  await talk.peek(syncGroup, sync(groupId, memberId, generationId), { version: 2 });
  return { groupId, memberId, generationId };
}

export const classicGroupScenarios: Scenario[] = [
  {
    api: joinGroup,
    title: 'a member joins, and joins again',
    run: async (talk, version) => {
      const { groupId, memberId } = await joined(talk, version);
      await talk.ask(joinGroup, join(groupId, { memberId }));
    },
  },
  {
    api: joinGroup,
    title: 'a static member joins, and comes back',
    since: 5,
    run: async (talk) => {
      const groupId = await group(talk);
      await talk.ask(joinGroup, join(groupId, { instanceId: 'static' }));
      await talk.ask(joinGroup, join(groupId, { instanceId: 'static' }));
      await talk.ask(joinGroup, join(groupId, { instanceId: 'static', memberId: 'another' }));
    },
  },
  {
    api: joinGroup,
    title: 'a second member, and a new generation',
    run: async (talk, version) => {
      const { groupId, memberId, generationId } = await stable(talk);
      let id = '';
      if (version >= 4)
        id = (await talk.peek(joinGroup, join(groupId, { metadata: subscription('payments') }), { connection: 'second' })).memberId;
      const second = talk.peek(joinGroup, join(groupId, { memberId: id, metadata: subscription('payments') }), {
        version,
        connection: 'second',
      });
      await talk.until('the group prepares a rebalance', async () => {
        return (await talk.peek(heartbeat, beat(groupId, memberId, generationId))).errorCode === 27;
      });
      const first = await talk.ask(joinGroup, join(groupId, { memberId }));
      await second;
      await talk.ask(syncGroup, sync(groupId, memberId, first.generationId));
    },
  },
  ...requests(joinGroup, [
    ['a group without a name', () => join('')],
    ['a session that is too short', async (talk) => join(await group(talk), { sessionTimeoutMs: 10 })],
    ['a session that is too long', async (talk) => join(await group(talk), { sessionTimeoutMs: 100_000_000 })],
    ['a member that nobody knows', async (talk) => join(await group(talk), { memberId: 'nobody' })],
    ['a member that nobody knows, of a group that is there', async (talk) => join((await stable(talk)).groupId, { memberId: 'nobody' })],
    ['no protocols', async (talk) => join(await group(talk), { protocols: [] })],
    ['no type', async (talk) => join(await group(talk), { protocolType: '' })],
    ['another type than the group’s', async (talk) => join((await stable(talk)).groupId, { protocolType: 'connect' })],
    ['no protocol in common', async (talk) => join((await stable(talk)).groupId, { protocols: ['other'] })],
  ]),
  {
    api: syncGroup,
    title: 'the leader hands out assignments',
    run: async (talk) => {
      const groupId = await group(talk);
      const { memberId, generationId } = await talk.peek(joinGroup, join(groupId), { version: 3 });
      await talk.ask(syncGroup, sync(groupId, memberId, generationId));
      await talk.ask(syncGroup, sync(groupId, memberId, generationId, []));
    },
  },
  {
    api: syncGroup,
    title: 'refusals',
    run: async (talk, version) => {
      const { groupId, memberId, generationId } = await stable(talk);
      await talk.ask(syncGroup, sync(groupId, memberId, generationId + 1));
      await talk.ask(syncGroup, sync(groupId, 'nobody', generationId));
      await talk.ask(syncGroup, sync(await group(talk), memberId, generationId));
      await talk.ask(syncGroup, sync('', memberId, generationId));
      if (version < 5) return;
      for (const [protocolType, protocolName] of [
        ['consumer', 'range'],
        ['consumer', 'other'],
        ['other', 'range'],
      ] as const) {
        await talk.ask(syncGroup, { ...sync(groupId, memberId, generationId), protocolType, protocolName });
      }
    },
  },
  {
    api: heartbeat,
    title: 'a member, and those who are none',
    run: async (talk, version) => {
      const { groupId, memberId, generationId } = await stable(talk);
      await talk.ask(heartbeat, beat(groupId, memberId, generationId));
      await talk.ask(heartbeat, beat(groupId, memberId, generationId + 1));
      await talk.ask(heartbeat, beat(groupId, 'nobody', generationId));
      await talk.ask(heartbeat, beat(await group(talk), memberId, generationId));
      await talk.ask(heartbeat, beat('', memberId, generationId));
      if (version >= 3) await talk.ask(heartbeat, { ...beat(groupId, memberId, generationId), groupInstanceId: 'static' });
    },
  },
  {
    api: leaveGroup,
    title: 'a member leaves, and those who are none',
    run: async (talk, version) => {
      const { groupId, memberId } = await stable(talk);
      await talk.ask(leaveGroup, leave(version, groupId, 'nobody'));
      await talk.ask(leaveGroup, leave(version, groupId, memberId));
      await talk.ask(leaveGroup, leave(version, groupId, memberId));
      await talk.ask(leaveGroup, leave(version, await group(talk), 'nobody'));
      await talk.ask(leaveGroup, leave(version, '', 'nobody'));
      await talk.ask(describeGroups, { groups: [groupId] });
    },
  },
  {
    api: leaveGroup,
    title: 'a static member is taken out',
    since: 3,
    run: async (talk) => {
      const groupId = await group(talk);
      await talk.peek(joinGroup, join(groupId, { instanceId: 'static' }));
      await talk.ask(leaveGroup, {
        groupId,
        members: [
          { memberId: '', groupInstanceId: 'other' },
          { memberId: '', groupInstanceId: 'static' },
        ],
      });
    },
  },
  {
    api: describeGroups,
    title: 'groups in all states',
    run: async (talk) => {
      const { groupId, memberId } = await stable(talk);
      await talk.ask(describeGroups, { groups: [groupId] });
      await talk.peek(leaveGroup, leave(3, groupId, memberId), { version: 3 });
      await talk.ask(describeGroups, { groups: [groupId, await group(talk)] });
      await talk.ask(describeGroups, { groups: [''] });
      const waiting = await group(talk);
      await talk.peek(joinGroup, join(waiting), { version: 3 });
      await talk.ask(describeGroups, { groups: [waiting] });
    },
  },
  {
    api: describeGroups,
    title: 'authorized operations',
    since: 3,
    run: async (talk) =>
      void (await talk.ask(describeGroups, { groups: [(await stable(talk)).groupId], includeAuthorizedOperations: true })),
  },
  {
    api: listGroups,
    title: 'groups with and without members',
    run: async (talk, version) => {
      await stable(talk);
      await talk.peek(offsetCommit, commitRequest(await group(talk), await talk.topic(), 1));
      await talk.ask(listGroups, {}, { own: 'groups' });
      if (version >= 4) await talk.ask(listGroups, { statesFilter: ['Stable'] }, { own: 'groups' });
      if (version >= 4) await talk.ask(listGroups, { statesFilter: ['nonsense'] }, { own: 'groups' });
      if (version >= 5) await talk.ask(listGroups, { typesFilter: ['classic'] }, { own: 'groups' });
      if (version >= 5) await talk.ask(listGroups, { typesFilter: ['share'] }, { own: 'groups' });
    },
  },
  {
    api: deleteGroups,
    title: 'a group with members, and none',
    run: async (talk) => {
      const { groupId } = await stable(talk);
      await talk.ask(deleteGroups, { groupsNames: [groupId] });
      await talk.ask(deleteGroups, { groupsNames: [await group(talk)] });
    },
  },
  {
    api: offsetCommit,
    title: 'a member commits, and those who are none',
    run: async (talk) => {
      const { groupId, memberId, generationId } = await stable(talk);
      const topic = await talk.topic();
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId, generation: generationId }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId, generation: generationId + 1 }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1, { memberId: 'nobody', generation: generationId }));
      await talk.ask(offsetCommit, commitRequest(groupId, topic, 1));
    },
  },
];

function subscription(...topics: string[]): Buffer {
  const w = new Writer();
  w.int16(0);
  consumerProtocolSubscription.write(w, 0, { topics });
  return Buffer.concat(w.finish());
}
