import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it, vi } from 'vitest';
import { count, expel, group, kip848, losesWithACommitOut, Member, scene, until, useGroupScene, within } from './group-scene.ts';

useGroupScene();

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('a member by the protocol of KIP-848', () => {
  it('K1: whose first answer is lost asks again under the same id: there is one member', async () => {
    const fault = scene.cluster.dropResponse('ConsumerGroupHeartbeat', { times: 1 });
    const { owned } = await Member.join(kip848);
    expect(fault.fired).toBe(1);
    expect(owned).toEqual([0, 1, 2, 3]);
    expect(group().members()).toHaveLength(1);
  });

  it('K1: an assignment whose answer is lost comes with the next one', async () => {
    const first = await Member.join(kip848);
    const second = await Member.join(kip848);
    scene.cluster.dropResponse('ConsumerGroupHeartbeat', { times: 3 });
    await until(() => first.owned.length === 2 && second.owned.length === 2);
    expect([...first.told, ...second.told].some((each) => each.startsWith('lost'))).toBe(false);
  });

  it('K1: that is closed before the answer to its first heartbeat leaves no member behind', async () => {
    let asked = 0;
    scene.cluster.intercept('ConsumerGroupHeartbeat', async (call) => {
      const isFirst = ++asked === 1;
      const answer = await call.pass();
      return isFirst ? await new Promise<never>(() => {}) : answer;
    });
    const member = new Member();
    const joining = member.start(kip848);
    joining.catch(() => {});
    await until(() => group().members().length === 1);
    await within(member.consumer.close(), 6000);
    expect(group().members()).toHaveLength(0);
    await expect(joining).rejects.toMatchObject({ name: 'ClosedError' });
  });

  it('K1: that is closed before the coordinator has read its first heartbeat leaves no member behind', async () => {
    const hold = scene.cluster.hold('ConsumerGroupHeartbeat', { times: 1 });
    const member = new Member();
    const joining = member.start(kip848);
    joining.catch(() => {});
    await until(() => count('ConsumerGroupHeartbeat') > 0);
    const closing = member.consumer.close();
    await scene.clock.advance(1000);
    hold.release();
    await within(closing, 5000);
    await scene.clock.advance(1000);
    expect(group().members()).toHaveLength(0);
    await expect(joining).rejects.toMatchObject({ name: 'ClosedError' });
  });

  it('K4: whose assignment names a topic that metadata does not know yet waits for it, and says that it has it only then', async () => {
    const member = new Member();
    await within(member.start({ ...kip848, topics: /orders|others/ }, { topics: [] }));
    const hidden = scene.cluster.intercept('Metadata', async (call) => {
      const response = await call.pass();
      return { ...response!, topics: response!.topics.filter(({ name }) => name !== 'others') };
    });
    scene.cluster.createTopic('others', 2);
    await until(() => group().members()[0]!.assignment.length === 6);
    await scene.clock.advance(20_000);
    const told = () =>
      scene.cluster.requests({ api: 'ConsumerGroupHeartbeat' }).some(({ request }) => request.topicPartitions?.length === 2);
    expect(member.topics).toEqual(['orders']);
    expect(told()).toBe(false);
    hidden.stop();
    const shownAt = scene.clock.now();
    await until(() => member.topics.length === 2, 1500);
    expect(member.owned).toHaveLength(6);
    await until(told, 1000);
    expect(scene.clock.now() - shownAt).toBeLessThan(2500);
    expect(member.told).toEqual(['assigned 0,1,2,3', 'assigned 0,1']);
  });

  it('K2: that is fenced while its commit is repeated stores nothing under its new epoch', () => losesWithACommitOut(kip848));

  it('K2: that is fenced joins anew although onLost never ends', async () => {
    const member = await Member.join({ ...kip848, drainTimeoutMs: 2000, onLost: () => new Promise(() => {}) });
    expel();
    await until(() => member.told.length === 2, 20_000);
  });

  it.each([errorCodes.FENCED_MEMBER_EPOCH, errorCodes.UNKNOWN_MEMBER_ID, errorCodes.GROUP_ID_NOT_FOUND])(
    'K2: that is fenced, or whose group is gone (%i), has lost what it had, and joins anew',
    async (code) => {
      const member = await Member.join(kip848);
      scene.cluster.fail('ConsumerGroupHeartbeat', [code]);
      await until(() => member.told.length >= 3);
      expect(member.told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3', 'assigned 0,1,2,3']);
    },
  );

  it('K3: whose epoch is behind when it commits does so again', async () => {
    const { consumer } = await Member.join(kip848);
    const message = await within(consumer.consume());
    const fault = scene.cluster.fail('OffsetCommit', [errorCodes.STALE_MEMBER_EPOCH]);
    await within(consumer.commitOffsets([[message!.partition, message!.offset + 1]]));
    expect(fault.fired).toBe(1);
    expect(group().committed('orders', message!.partition)).toBe(message!.offset + 1);
  });

  it('K3: says who it is when it asks where to start, and asks again when its epoch is behind', async () => {
    group().commit('orders', 2, 1);
    const fault = scene.cluster.fail('OffsetFetch', [errorCodes.STALE_MEMBER_EPOCH, errorCodes.UNKNOWN_MEMBER_ID]);
    const { consumer } = await Member.join(kip848);
    expect(fault.fired).toBe(2);
    expect(consumer.position(2)).toBe(1);
    const { memberId } = group().members()[0]!;
    const memberEpoch = group().generation;
    const asked = scene.cluster.requests({ api: 'OffsetFetch' }).map(({ request }) => request.groups[0]);
    expect(asked).toHaveLength(3);
    for (const each of asked) expect(each).toMatchObject({ memberId, memberEpoch });
  });

  it('K3: asks with the epoch that its heartbeat has brought meanwhile, where the broker refuses the one that it had', async () => {
    const hold = scene.cluster.hold('OffsetFetch', { times: 1 });
    const joining = Member.join(kip848);
    const epochs = () => scene.cluster.requests({ api: 'OffsetFetch' }).map(({ request }) => request.groups[0]!.memberEpoch);
    await until(() => epochs().length === 1);
    scene.cluster.createTopic('others', 1);
    // On a connection of its own: the one of the first waits for what is held.
    await scene.connect();
    const other = new Member();
    await within(other.start(kip848, { topics: ['others'] }));
    await scene.clock.advance(6000);
    hold.release();
    const { consumer } = await joining;
    const [first, ...later] = epochs();
    expect(Math.max(...later)).toBeGreaterThan(first!);
    expect(consumer.assignment).toHaveLength(4);
  });

  it('K3: says who it is when the program asks what is committed, and asks again when its epoch is behind', async () => {
    const { consumer } = await Member.join(kip848);
    group().commit('orders', 2, 1);
    const before = scene.cluster.requests({ api: 'OffsetFetch' }).length;
    const fault = scene.cluster.fail('OffsetFetch', [errorCodes.STALE_MEMBER_EPOCH]);
    expect(await within(consumer.committed())).toMatchObject([{ topic: 'orders', partition: 2, offset: 1 }]);
    expect(fault.fired).toBe(1);
    const { memberId } = group().members()[0]!;
    const memberEpoch = group().generation;
    const asked = scene.cluster.requests({ api: 'OffsetFetch' }).slice(before).map(({ request }) => request.groups[0]); // prettier-ignore
    expect(asked).toHaveLength(2);
    for (const each of asked) expect(each).toMatchObject({ memberId, memberEpoch });
  });

  it('K5: what it gives up is nobody’s until it has said so', async () => {
    let letGo!: () => void;
    const first = await Member.join({ ...kip848, onRevoked: () => new Promise<void>((resolve) => (letGo = resolve)) });
    const second = await Member.join(kip848);
    await scene.clock.advance(20_000);
    expect(second.owned).toEqual([]);
    letGo();
    await until(() => first.owned.length === 2 && second.owned.length === 2);
  });

  it('K6: leaving is asked for again, and to be unknown is to have left', async () => {
    const warn = vi.fn();
    await scene.connect({ logger: { ...silent, warn } });
    const { consumer } = await Member.join(kip848);
    const fault = scene.cluster.fail('ConsumerGroupHeartbeat', [errorCodes.NOT_COORDINATOR, errorCodes.UNKNOWN_MEMBER_ID]);
    await within(consumer.close());
    expect(fault.fired).toBe(2);
    expect(warn).not.toHaveBeenCalled();
  });

  it('K8: that may not see one of its topics any more is told so, and stays a member', async () => {
    const { consumer, told } = await Member.join(kip848);
    const denied = scene.cluster.fail('ConsumerGroupHeartbeat', Array(3).fill(errorCodes.TOPIC_AUTHORIZATION_FAILED));
    for (let i = 0; i < 8; i++) await within(consumer.consume());
    await expect(within(consumer.consume())).rejects.toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
    await until(() => denied.fired === 3);
    const back = scene.cluster.requests({ api: 'ConsumerGroupHeartbeat' }).length;
    await until(() => count('ConsumerGroupHeartbeat') > back + 1);
    scene.cluster.topic('orders').append('8');
    const next = async (): Promise<string> => {
      const message = await within(consumer.consume().catch(() => undefined));
      return message === undefined ? next() : String(message.value);
    };
    expect(await next()).toBe('8');
    expect(told).toEqual(['assigned 0,1,2,3']);
  });

  it('K8: that may not see its topics when it joins is refused', async () => {
    scene.cluster.fail('ConsumerGroupHeartbeat', [errorCodes.TOPIC_AUTHORIZATION_FAILED]);
    await expect(Member.join(kip848)).rejects.toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' });
  });

  it('K8: an assignor that the broker does not have is told, once', async () => {
    await expect(Member.join({ ...kip848, serverAssignor: 'none such' })).rejects.toMatchObject({ errorName: 'UNSUPPORTED_ASSIGNOR' });
    const asked = count('ConsumerGroupHeartbeat');
    await scene.clock.advance(60_000);
    expect(count('ConsumerGroupHeartbeat')).toBe(asked);
  });

  it('K8: a name that is not free yet is asked for again, and the log says once what is waited for', async () => {
    const warn = vi.fn();
    await scene.connect({ logger: { ...silent, warn } });
    const fault = scene.cluster.fail('ConsumerGroupHeartbeat', [errorCodes.UNRELEASED_INSTANCE_ID, errorCodes.UNRELEASED_INSTANCE_ID]);
    const { owned } = await Member.join({ ...kip848, groupInstanceId: 'one' });
    expect(fault.fired).toBe(2);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ groupInstanceId: 'one' }), expect.any(String));
    expect(owned).toEqual([0, 1, 2, 3]);
  });
});

it("'auto' joins a group of KIP-848 whose topics it may not see", async () => {
  await Member.join(kip848);
  const fault = scene.cluster.intercept('ConsumerGroupDescribe', async (call) => {
    const response = await call.pass();
    for (const described of response!.groups) described.errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
    return response;
  });
  await Member.join({});
  fault.stop();
  expect(count('JoinGroup')).toBe(0);
  expect(group().members()).toHaveLength(2);
});
