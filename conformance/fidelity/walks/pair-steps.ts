import { apis, type Decoded, type JoinGroupResponse } from '@tskafka/core/protocol';
import { code } from '../../error-code.ts';
import type { DataWalker, PairMember } from './data-walker.ts';
import type { Sent, Step, WeightedSteps } from './walker.ts';

const { joinGroup, syncGroup } = apis;
const metadata = Buffer.from([0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
/** What members support, what they like best before the rest: all have one in common. */
const protocols = [['range'], ['range', 'sticky'], ['sticky', 'range']];

/**
 * Both join, the leader first, which makes the group begin anew. A member that the broker has answered already when the other makes it begin
 * once more is called back.
 */
const joinBoth: Step<DataWalker> = async (walker) => {
  const version = walker.version(joinGroup);
  const join = ({ groupId, memberId }: PairMember) => {
    const request = { groupId, memberId, sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000, protocolType: 'consumer' };
    return walker.send(joinGroup, version, { ...request, protocols: walker.pick(protocols).map((name) => ({ name, metadata })) });
  };
  const [first, second] = walker.pair.toSorted((a, b) => Number(b.isLeader) - Number(a.isLeader)) as [PairMember, PairMember];
  const one = join(first);
  await answeredOrWaiting(walker, one);
  if (!one.isAnswered()) {
    const other = join(second);
    learn(first, await one.take());
    return learn(second, await other.take());
  }
  learn(first, await one.take());
  const other = join(second);
  await answeredOrWaiting(walker, other);
  if (!other.isAnswered()) learn(first, await join(first).take());
  learn(second, await other.take());
};

/** A real group that nobody is waited for in prepares its rebalance for a moment, too. */
const looksToBeSure = 5;

async function answeredOrWaiting(walker: DataWalker, sent: Sent<JoinGroupResponse>): Promise<void> {
  let looks = 0;
  await walker.talk.until('it is answered, or waits', async () => {
    if (sent.isAnswered()) return true;
    looks = (await isPreparing(walker)) ? looks + 1 : 0;
    return looks === looksToBeSure;
  });
}

async function isPreparing({ talk, pair: [{ groupId }] }: DataWalker): Promise<boolean> {
  const { groups } = await talk.peek(apis.describeGroups, { groups: [groupId] });
  return groups[0]!.groupState === 'PreparingRebalance';
}

function learn(member: PairMember, { errorCode, memberId, generationId, leader, protocolName }: Decoded<JoinGroupResponse>): void {
  if (memberId !== '') member.memberId = memberId;
  if (errorCode === code.unknownMemberId) member.memberId = '';
  if (errorCode === 0) Object.assign(member, { generation: generationId, isLeader: leader === memberId, protocolName });
}

/** The one who is told what it has by the other waits for it, if it has to. */
const syncBoth: Step<DataWalker> = async (walker) => {
  if (!walker.pair.some(({ isLeader }) => isLeader)) return;
  const version = walker.version(syncGroup);
  const all = walker.pair.map(({ memberId }) => ({ memberId, assignment: Buffer.from('a part') }));
  const syncs = (walker.chance(0.5) ? walker.pair : walker.pair.toReversed()).map((member) => {
    const { groupId, memberId, generation, isLeader, protocolName } = member;
    const request = { groupId, memberId, generationId: generation, assignments: isLeader ? all : [] };
    return walker.send(syncGroup, version, { ...request, ...(version >= 5 && { protocolType: 'consumer', protocolName }) });
  });
  for (const sync of syncs) await sync.take();
};

/** A classic group of two members, who wait for each other. */
export const pairSteps: WeightedSteps<DataWalker> = [
  [5, joinBoth],
  [4, syncBoth],
];
