import { apis } from '@tskafka/core/protocol';
import type { ShareFetchRequest } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import type { AskOptions, Talk } from '../talk.ts';

const { shareGroupHeartbeat, shareFetch, shareAcknowledge, incrementalAlterConfigs, describeConfigs, describeShareGroupOffsets } = apis;

type Batches = readonly { readonly firstOffset: number; readonly lastOffset: number; readonly acknowledgeTypes: readonly number[] }[];

export const nobodysId = '00000000-0000-4000-8000-00000000000';

/** A share group that reads from the start and assigns at once, whose coordinator is ready. */
export async function shareGroup(talk: Talk): Promise<string> {
  const groupId = talk.name('share');
  const wanted = { 'share.auto.offset.reset': 'earliest', 'share.assignment.interval.ms': '0' };
  const configs = Object.entries(wanted).map(([name, value]) => ({ name, configOperation: 0, value }));
  const resource = { resourceType: 32, resourceName: groupId };
  await talk.peek(incrementalAlterConfigs, { resources: [{ ...resource, configs }], validateOnly: false });
  await talk.until(`${groupId} is configured`, async () => {
    const { results } = await talk.peek(describeConfigs, { resources: [{ ...resource, configurationKeys: ['share.auto.offset.reset'] }] });
    return results[0]!.configs[0]?.value === 'earliest';
  });
  await talk.coordinator(groupId);
  return groupId;
}

let members = 0;

export const shareBeat = (
  groupId: string,
  memberId: string,
  memberEpoch: number,
  subscribedTopicNames: readonly string[] | null = null,
) => ({
  ...{ groupId, memberId, memberEpoch, subscribedTopicNames },
});

/** A member of a share group of one topic, and its session with node 1. */
export class ShareMember {
  readonly groupId: string;
  readonly topic: TestTopic;
  readonly memberId: string;
  memberEpoch = 0;
  sessionEpoch = 0;
  readonly #talk: Talk;

  /** Joins without being compared, and has its partition, whose state can be read. */
  static async join(talk: Talk, topic: TestTopic, groupId?: string): Promise<ShareMember> {
    const member = new ShareMember(talk, groupId ?? (await shareGroup(talk)), topic);
    let assigned = 0;
    await talk.until(`${member.memberId} has a partition`, async () => {
      const names = member.memberEpoch === 0 ? [topic.name] : null;
      const answer = await talk.peek(shareGroupHeartbeat, shareBeat(member.groupId, member.memberId, member.memberEpoch, names));
      if (answer.errorCode !== 0) throw new Error(`joining: error ${answer.errorCode} ${answer.errorMessage}`);
      member.memberEpoch = answer.memberEpoch;
      assigned += answer.assignment?.topicPartitions.length ?? 0;
      return assigned > 0;
    });
    const groups = [{ groupId: member.groupId, topics: [{ topicName: topic.name, partitions: [0] }] }];
    await talk.until('the state of the partition is there', async () => {
      const answer = await talk.peek(describeShareGroupOffsets, { groups });
      return answer.groups[0]!.topics[0]?.partitions[0]?.errorCode === 0;
    });
    return member;
  }

  constructor(talk: Talk, groupId: string, topic: TestTopic) {
    this.#talk = talk;
    this.groupId = groupId;
    this.topic = topic;
    this.memberId = `00000000-0000-4000-9000-${String(members++).padStart(12, '0')}`;
  }

  fetching(fields: Partial<ShareFetchRequest> = {}, acknowledgementBatches: Batches = []): ShareFetchRequest {
    const isNamed = this.sessionEpoch === 0 || acknowledgementBatches.length > 0;
    const partitions = [{ partitionIndex: 0, acknowledgementBatches }];
    return {
      ...{ groupId: this.groupId, memberId: this.memberId, shareSessionEpoch: this.sessionEpoch },
      ...{ maxWaitMs: 5000, minBytes: 1, maxBytes: 1_000_000, maxRecords: 500, batchSize: 500 },
      topics: isNamed ? [{ topicId: this.topic.id, partitions }] : [],
      forgottenTopicsData: [],
      ...fields,
    };
  }

  async fetch(fields: Partial<ShareFetchRequest> = {}, batches: Batches = [], options: AskOptions = {}): Promise<void> {
    await this.#talk.ask(shareFetch, this.fetching(fields, batches), options);
    this.sessionEpoch++;
  }

  acknowledging(batches: Batches, partitionIndex = 0, topicId = this.topic.id) {
    return {
      ...{ groupId: this.groupId, memberId: this.memberId, shareSessionEpoch: this.sessionEpoch },
      topics: [{ topicId, partitions: [{ partitionIndex, acknowledgementBatches: batches }] }],
    };
  }

  async acknowledge(batches: Batches, options: AskOptions = {}): Promise<void> {
    await this.#talk.ask(shareAcknowledge, this.acknowledging(batches), options);
    this.sessionEpoch++;
  }
}
