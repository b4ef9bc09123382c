import type { Connection } from '../connection/connection.ts';
import type { BrokerError } from '../errors.ts';
import type { Decoded } from '../protocol/api.ts';
import { offsetFetch, type OffsetFetchRequestTopics, type OffsetFetchResponseGroup } from '../protocol/apis/offset-fetch.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import { partitionName } from '../topic-partition.ts';
import type { CommittedOffset, ReadingMember } from './committed.ts';

interface AskedGroup extends Partial<ReadingMember> {
  readonly groupId: string;
  /** `null` for all that it has committed. */
  readonly topics: readonly (OffsetFetchRequestTopics & { readonly name: string })[] | null;
}

interface AskOptions {
  readonly requireStable: boolean;
  readonly minVersion: number;
  readonly maxVersion: number | undefined;
  readonly signal: AbortSignal;
}

type AnsweredGroup = Omit<Decoded<OffsetFetchResponseGroup>, 'groupId'>;

/** Asks a coordinator what groups have committed: all of them in one request from version 8 on (Kafka 3.0), each in its own before. */
export async function askCommitted(
  connection: Connection,
  groups: readonly AskedGroup[],
  { requireStable, ...limits }: AskOptions,
): Promise<Map<string, AnsweredGroup>> {
  const version = connection.versions.pick(offsetFetch, { maxVersion: limits.maxVersion });
  // Brokers before 2.5 cannot wait for transactions. Java's consumer takes what they have, too.
  const waits = { requireStable: requireStable && version >= 7 };
  if (version >= 8) {
    const answer = await connection.send(offsetFetch, { groups, ...waits }, limits);
    return new Map(answer.groups.map((group) => [group.groupId, group]));
  }
  const each = async (group: AskedGroup): Promise<readonly [string, AnsweredGroup]> => {
    const { errorCode, topics } = await connection.send(offsetFetch, { ...group, ...waits }, limits);
    return [group.groupId, { errorCode, topics: topics.map((topic) => ({ ...topic, topicId: undefined as never })) }];
  };
  return new Map(await Promise.all(groups.map(each)));
}

/** What one answer says of each partition; -1 is "nothing committed". Throws the first error that is in it. */
export function committedIn(
  groupId: string,
  { errorCode: ofGroup, topics }: AnsweredGroup,
  nameOf: (topicId: string) => string = String,
): CommittedOffset[] {
  if (ofGroup !== 0) throw refusal(ofGroup, `committed offsets of the group '${groupId}'`);
  return topics.flatMap(({ name, topicId, partitions }) => {
    const topic = name || nameOf(topicId);
    return partitions.map(({ partitionIndex: partition, errorCode, committedOffset, committedLeaderEpoch, metadata }) => {
      if (errorCode !== 0)
        throw brokerError(errorCode, `committed offset of the group '${groupId}' in ${partitionName({ topic, partition })}`);
      return { topic, partition, offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' };
    });
  });
}

/** A member that is behind its group, or has been given up, asks again as the one that its next heartbeat makes it. */
function refusal(code: number, what: string): BrokerError {
  const isPassing = code === errorCodes.STALE_MEMBER_EPOCH || code === errorCodes.UNKNOWN_MEMBER_ID;
  return brokerError(code, what, isPassing ? { retriable: true } : {});
}
