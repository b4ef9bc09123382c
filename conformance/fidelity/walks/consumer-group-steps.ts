import { apis, type ConsumerGroupHeartbeatRequest } from '@tskafka/core/protocol';
import { code } from '../../error-code.ts';
import { nowhere } from '../scenarios/requests.ts';
import type { ConsumerMember } from './consumer-member.ts';
import type { DataWalker } from './data-walker.ts';
import type { Step, WeightedSteps } from './walker.ts';

const { consumerGroupHeartbeat, consumerGroupDescribe } = apis;

async function beat(walker: DataWalker, member: ConsumerMember, fields: Partial<ConsumerGroupHeartbeatRequest>): Promise<void> {
  const { groupId, memberId, instanceId, epoch } = member;
  const request = { groupId, memberId, memberEpoch: epoch, instanceId, ...fields };
  const answer = await walker.ask(consumerGroupHeartbeat, walker.version(consumerGroupHeartbeat), request);
  if (answer.errorCode === code.unknownMemberId || answer.errorCode === code.fencedMemberEpoch) member.epoch = 0;
  if (answer.errorCode !== 0) return;
  member.epoch = answer.memberEpoch;
  if (answer.assignment !== null) member.owned = answer.assignment.topicPartitions;
}

/** Mostly one that has joined. */
function anyMember(walker: DataWalker): ConsumerMember {
  const joined = walker.consumers.filter(({ epoch }) => epoch > 0);
  return walker.pick(joined.length === 0 || walker.chance(0.1) ? walker.consumers : joined);
}

function subscription(walker: DataWalker, { topics }: ConsumerMember): string[] {
  const names = topics.filter(() => walker.chance(0.8)).map(({ name }) => name);
  return walker.chance(0.1) ? [...names, nowhere.name] : names;
}

const join: Step<DataWalker> = (walker) => {
  const member = walker.pick(walker.consumers);
  return beat(walker, member, {
    ...{ memberEpoch: 0, rebalanceTimeoutMs: 60_000, topicPartitions: [], serverAssignor: member.serverAssignor },
    subscribedTopicNames: subscription(walker, member),
  });
};

/** What members say most of the time, and now and then of another epoch, or of partitions that are not theirs. */
const sayOwned: Step<DataWalker> = (walker) => {
  const member = anyMember(walker);
  const owned = walker.chance(0.1) ? walker.pick(walker.consumers).owned : member.owned;
  const memberEpoch = walker.chance(0.1) ? member.epoch + walker.pick([-1, 1]) : member.epoch;
  return beat(walker, member, { memberEpoch, topicPartitions: walker.chance(0.8) ? owned : null });
};

const resubscribe: Step<DataWalker> = (walker) => {
  const member = anyMember(walker);
  return beat(walker, member, { subscribedTopicNames: subscription(walker, member) });
};

/** For good, or (static members) for a while. */
const leave: Step<DataWalker> = (walker) => beat(walker, anyMember(walker), { memberEpoch: walker.pick([-1, -2]) });

const describe: Step<DataWalker> = (walker) =>
  walker.ask(consumerGroupDescribe, walker.version(consumerGroupDescribe), {
    groupIds: [walker.chance(0.1) ? walker.pick(walker.groups) : walker.pick(walker.consumers).groupId],
    includeAuthorizedOperations: walker.chance(0.2),
  });

/** Groups of the new protocol (KIP-848), of several members: nobody waits for others there. */
export const consumerGroupSteps: WeightedSteps<DataWalker> = [
  [5, join],
  [16, sayOwned],
  [2, resubscribe],
  [2, leave],
  [4, describe],
];
