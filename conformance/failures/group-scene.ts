import { BalancedConsumer, type BalancedConsumerOptions, type ConsumerPartition } from '@tskafka/consumer';
import { errorCodes } from '@tskafka/core/protocol';
import type { MockClusterOptions, MockGroup } from '@tskafka/testing';
import { beforeEach, expect, onTestFinished } from 'vitest';
import { Scene } from './scene.ts';

export type Options = Partial<BalancedConsumerOptions>;

export const eager: Options = { groupProtocol: 'classic', partitionAssignors: ['range'] };
export const cooperative: Options = { groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] };
export const kip848: Options = { groupProtocol: 'consumer' };

/** The scene of the running test: a topic of four partitions with two messages each, and no member of the group yet. */
export let scene: Scene;

/** Each test of the file that calls it has a scene of its own. */
export function useGroupScene(): void {
  beforeEach(() => begin());
}

async function begin(options: MockClusterOptions = {}): Promise<void> {
  const begun = await Scene.start({ topics: { orders: 4 }, ...options });
  onTestFinished(() => begun[Symbol.asyncDispose]());
  scene = begun;
  await scene.connect();
  scene.cluster.topic('orders').append('0', '1', '2', '3', '4', '5', '6', '7');
}

export const group = (): MockGroup => scene.cluster.group('readers');
export const within = <T>(promise: Promise<T>, ms = 60_000): Promise<T> => scene.settledWithin(promise, ms);

/** A member with a record of what it was told. */
export class Member {
  readonly told: string[] = [];
  consumer!: BalancedConsumer;

  static async join(options: Options): Promise<Member> {
    const member = new Member();
    await within(member.start(options));
    return member;
  }

  async start(options: Options, { topics }: { topics?: readonly string[] } = {}): Promise<void> {
    const tell = (what: string) => (partitions: readonly ConsumerPartition[]) => {
      if (partitions.length > 0)
        this.told.push(
          `${what} ${partitions
            .map(({ partition }) => partition)
            .sort()
            .join()}`,
        );
    };
    const hooks = { onAssigned: tell('assigned'), onRevoked: tell('revoked'), onLost: tell('lost') };
    const source = topics === undefined ? scene.client.topic('orders') : scene.client;
    this.consumer = new BalancedConsumer(source, { consumerGroup: 'readers', ...hooks, ...(topics && { topics }), ...options });
    onTestFinished(() => within(this.consumer.close()));
    await this.consumer.start();
  }

  /** Takes what comes, until the consumer is stopped. */
  async read(): Promise<void> {
    for await (const message of this.consumer) void message;
  }

  get owned(): number[] {
    return this.consumer.assignment.map(({ partition }) => partition).sort();
  }

  get topics(): string[] {
    return [...new Set(this.consumer.assignment.map(({ topic }) => topic))].sort();
  }
}

/** Lets virtual time pass until it is so. */
export async function until(isTrue: () => boolean, ms = 120_000): Promise<void> {
  for (let passed = 0; !isTrue(); passed += 50) {
    if (passed > ms) throw new Error(`${ms} ms have passed, and still not: ${String(isTrue)}`);
    await scene.clock.advance(50);
  }
}

export const count = (api: 'JoinGroup' | 'Heartbeat' | 'ConsumerGroupHeartbeat' | 'LeaveGroup') => scene.cluster.requests({ api }).length;

/** Takes out the group's only member, as an administrator does. */
export const expel = (): void => group().evict(group().members()[0]!.memberId);

/** Answers the first commit only when it is told to, and then that it is to be repeated. */
function delayFirstCommit(): () => void {
  let answer!: () => void;
  const told = new Promise<void>((resolve) => (answer = resolve));
  const fault = scene.cluster.intercept('OffsetCommit', async (call) => {
    fault.stop();
    await told;
    const response = await call.pass();
    for (const topic of response!.topics)
      for (const partition of topic.partitions) partition.errorCode = errorCodes.COORDINATOR_LOAD_IN_PROGRESS;
    return response;
  });
  return answer;
}

/** A member is lost while its commit is to be repeated: nothing is stored under the membership that follows. */
export async function losesWithACommitOut(options: Options): Promise<void> {
  const member = await Member.join(options);
  await within(member.consumer.consume());
  const answer = delayFirstCommit();
  const commit = member.consumer.commitOffsets();
  commit.catch(() => {});
  expel();
  await until(() => member.told.length === 3);
  answer();
  await expect(within(commit)).rejects.toThrow("taken from this member of the group 'readers'");
  await scene.clock.advance(30_000);
  expect(group().commits()).toEqual([]);
}
