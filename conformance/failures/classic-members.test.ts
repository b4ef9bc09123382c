import { BrokerError } from '@tskafka/consumer';
import { errorCodes } from '@tskafka/core/protocol';
import { describe, expect, it } from 'vitest';
import {
  cooperative,
  count,
  eager,
  expel,
  group,
  losesWithACommitOut,
  Member,
  type Options,
  scene,
  until,
  useGroupScene,
  within,
} from './group-scene.ts';

useGroupScene();

describe.each([
  ['eager', eager],
  ['cooperative', cooperative],
])('a member of a classic group, %s', (_name, way) => {
  it('G1: finds a coordinator again that has moved, without a rebalance', async () => {
    const { consumer, told } = await Member.join(way);
    const { generation } = group();
    const fault = scene.cluster.fail('Heartbeat', [errorCodes.NOT_COORDINATOR, errorCodes.COORDINATOR_LOAD_IN_PROGRESS]);
    await until(() => fault.fired === 2);
    await scene.clock.advance(10_000);
    expect(group().generation).toBe(generation);
    expect(told).toEqual(['assigned 0,1,2,3']);
    expect(consumer.assignment).toHaveLength(4);
  });

  it('G3: is told to join again by a heartbeat: it commits, gives up what goes, and joins', async () => {
    const first = await Member.join({ ...way, autoCommitEnable: true });
    const taken = await within(first.consumer.consume());
    const joining = Member.join(way);
    const second = await within(joining);
    await until(() => first.owned.length === 2 && second.owned.length === 2);
    expect(first.told.filter((each) => each.startsWith('revoked'))).toHaveLength(1);
    expect(first.told.some((each) => each.startsWith('lost'))).toBe(false);
    if (first.owned.includes(taken!.partition)) return;
    expect(group().committed('orders', taken!.partition)).toBe(taken!.offset + 1);
  });

  it.each([errorCodes.UNKNOWN_MEMBER_ID, errorCodes.ILLEGAL_GENERATION])(
    'G4: that is expelled (%i) has lost what it had, commits nothing for it, and joins anew',
    async (code) => {
      const member = await Member.join({ ...way, autoCommitEnable: true });
      await within(member.consumer.consume());
      scene.cluster.fail('Heartbeat', [code]);
      await until(() => member.told.length >= 3);
      expect(member.told).toEqual(['assigned 0,1,2,3', 'lost 0,1,2,3', 'assigned 0,1,2,3']);
      expect(group().commits()).toEqual([]);
      expect(member.owned).toEqual([0, 1, 2, 3]);
    },
  );

  it('G4: whose commit comes from a generation that is over is told so', async () => {
    const { consumer } = await Member.join(way);
    await within(consumer.consume());
    scene.cluster.fail('OffsetCommit', [errorCodes.ILLEGAL_GENERATION]);
    await expect(within(consumer.commitOffsets())).rejects.toMatchObject({ name: 'BrokerError', errorName: 'ILLEGAL_GENERATION' });
  });

  it('G4: that is lost while its commit is repeated stores nothing under its new name', () => losesWithACommitOut(way));

  it('G4: that is lost joins anew although onLost never ends', async () => {
    const member = await Member.join({ ...way, drainTimeoutMs: 2000, onLost: () => new Promise(() => {}) });
    expel();
    await until(() => member.told.length === 2, 10_000);
    expect(member.owned).toEqual([0, 1, 2, 3]);
  });

  it('G15: that is closed by its own onLost leaves no member behind', async () => {
    let closed: Promise<void> | undefined;
    await Member.join({ ...way, onLost: (_lost, consumer) => (closed = consumer.close()) });
    expel();
    await until(() => closed !== undefined);
    await within(closed!, 1000);
    expect(group().members()).toHaveLength(0);
  });

  it('G15: that is closed while onRevoked runs waits for it, and does not call it again', async () => {
    let calls = 0;
    let letGo!: () => void;
    const running = new Promise<void>((resolve) => (letGo = resolve));
    const first = await Member.join({
      ...way,
      onRevoked: async (partitions, consumer) => {
        calls += partitions.length;
        await running;
        await consumer.commitOffsets(partitions.map((partition) => [partition, 0]));
      },
    });
    const joining = Member.join(way);
    await until(() => calls > 0);
    const closing = first.consumer.close();
    await scene.clock.advance(1000);
    letGo();
    await within(Promise.all([closing, joining]));
    expect(calls).toBe(4);
    expect(group().commits()).toHaveLength(4);
  });

  it('G15: may commit in onRevoked when it is closed', async () => {
    const { consumer } = await Member.join({
      ...way,
      onRevoked: (partitions, revoked) => revoked.commitOffsets(partitions.map((partition) => [partition, 0])),
    });
    await within(consumer.close(), 500);
    expect(group().commits()).toHaveLength(4);
  });

  it('G7: whose first answer is lost joins once', async () => {
    scene.cluster.dropResponse('JoinGroup', { times: 2 });
    await Member.join(way);
    await scene.clock.advance(60_000);
    expect(group().members()).toHaveLength(1);
  });

  it('G8: joins again when the sync fails, and has a whole assignment', async () => {
    const fault = scene.cluster.fail('SyncGroup', [errorCodes.REBALANCE_IN_PROGRESS]);
    const { owned } = await Member.join(way);
    expect(fault.fired).toBe(1);
    expect(owned).toEqual([0, 1, 2, 3]);
  });

  it('G9: without a partition goes on as a member', async () => {
    const members: Member[] = [];
    for (let i = 0; i < 5; i++) members.push(await Member.join(way));
    await until(() => members.reduce((sum, { owned }) => sum + owned.length, 0) === 4 && group().state === 'Stable');
    await scene.clock.advance(100_000);
    expect(group().members()).toHaveLength(5);
    expect(members.filter(({ owned }) => owned.length === 0)).toHaveLength(1);
  });

  it('G10: that is static and comes back within its session has its partitions again without a rebalance', async () => {
    const others = await Member.join({ ...way, groupInstanceId: 'other' });
    const before = await Member.join({ ...way, groupInstanceId: 'one' });
    await until(() => before.owned.length === 2 && others.owned.length === 2);
    const [{ generation }, { owned }] = [group(), before];
    await within(before.consumer.close());
    const after = await Member.join({ ...way, groupInstanceId: 'one' });
    expect(after.owned).toEqual(owned);
    expect(group().generation).toBe(generation);
    expect(others.owned).toHaveLength(2);
  });

  it('G10: that is static and comes back for other topics reads those, and nothing else', async () => {
    scene.cluster.createTopic('others', 2);
    const before = await Member.join({ ...way, groupInstanceId: 'one' });
    await within(before.consumer.close());
    const after = new Member();
    await within(after.start({ ...way, groupInstanceId: 'one' }, { topics: ['others'] }));
    await until(() => after.owned.length === 2, 10_000);
    expect(after.topics).toEqual(['others']);
    expect(after.told).toEqual(['assigned 0,1']);
  });

  it('G11: whose name another one takes over is told so, for good', async () => {
    const old = await Member.join({ ...way, groupInstanceId: 'one' });
    const young = await Member.join({ ...way, groupInstanceId: 'one' });
    await until(() => old.told.at(-1)?.startsWith('lost') === true);
    await expect(old.consumer.consume()).rejects.toMatchObject({ errorName: 'FENCED_INSTANCE_ID' });
    await expect(old.consumer.consume()).rejects.toThrow(BrokerError);
    expect(young.owned).toEqual([0, 1, 2, 3]);
  });

  it('G13: that has no assignor in common with the others is refused, with the reason', async () => {
    await Member.join(way);
    const other: Options = { groupProtocol: 'classic', partitionAssignors: ['roundrobin'] };
    await expect(Member.join(other)).rejects.toMatchObject({ errorName: 'INCONSISTENT_GROUP_PROTOCOL' });
  });

  it.each([errorCodes.GROUP_MAX_SIZE_REACHED, errorCodes.GROUP_AUTHORIZATION_FAILED])(
    'G14: that is refused (%i) is told, and does not try again',
    async (code) => {
      scene.cluster.fail(
        'JoinGroup',
        Array.from({ length: 9 }, () => code),
      );
      await expect(Member.join(way)).rejects.toMatchObject({ code });
      const asked = count('JoinGroup');
      await scene.clock.advance(60_000);
      expect(count('JoinGroup')).toBe(asked);
    },
  );

  it('G4: that hears while it gives something up that it was expelled hands out nothing more', async () => {
    let letGo!: () => void;
    const busy = new Promise<void>((resolve) => (letGo = resolve));
    let isGivingUp = false;
    const onRevoked = (): Promise<void> => {
      isGivingUp = true;
      return busy;
    };
    const first = await Member.join({ ...way, onRevoked });
    const joining = Member.join(way);
    await until(() => isGivingUp);
    expel();
    await scene.clock.advance(4000);
    for (const partition of [0, 1, 2, 3]) scene.cluster.topic('orders').append({ partition, value: 'new' });
    let isGiven = false;
    const next = first.consumer.consume().finally(() => (isGiven = true));
    await scene.clock.advance(1000);
    expect(isGiven).toBe(false);
    letGo();
    await within(Promise.all([joining, next]));
  });

  it('G15: that is closed while it joins leaves no member behind', async () => {
    const hold = scene.cluster.hold('JoinGroup', { times: 1 });
    const member = new Member();
    const joining = member.start(way);
    joining.catch(() => {});
    await until(() => count('JoinGroup') > 0);
    await within(member.consumer.close(), 6000);
    await expect(joining).rejects.toMatchObject({ name: 'ClosedError' });
    hold.release();
    await scene.clock.advance(1000);
    expect(group().members()).toHaveLength(0);
  });

  it('G15: that is closed leaves at once', async () => {
    const { consumer } = await Member.join(way);
    await within(consumer.close(), 500);
    expect(group().members()).toHaveLength(0);
  });

  it('G16: whose last commit hangs lets the group go on', async () => {
    const first = await Member.join({ ...way, autoCommitEnable: true, closeTimeoutMs: 2000 });
    await within(first.consumer.consume());
    const hold = scene.cluster.hold('OffsetCommit', { times: 9 });
    const second = await Member.join(way);
    await until(() => first.owned.length === 2 && second.owned.length === 2);
    hold.release();
  });

  it('G17: reads the topics that it was told of while it joined', async () => {
    scene.cluster.createTopic('others', 2);
    const member = new Member();
    const hold = scene.cluster.hold('JoinGroup', { times: 1 });
    const joining = member.start(way, { topics: ['orders'] });
    await until(() => count('JoinGroup') > 0);
    member.consumer.subscribe(['others']);
    hold.release();
    await within(joining);
    await until(() => member.topics.join() === 'others', 1000);
    expect(member.told).toEqual(['assigned 0,1']);
  });

  it('G17: sees a topic that is made after it was subscribed to, and that one is deleted', async () => {
    const member = new Member();
    await within(member.start({ ...way, maxPollIntervalMs: Infinity }, { topics: ['orders', 'others'] }));
    expect(member.topics).toEqual(['orders']);
    scene.cluster.createTopic('others', 2);
    await until(() => member.topics.join() === 'orders,others', 10_000);
    scene.cluster.topic('orders').delete();
    await until(() => member.topics.join() === 'others', 600_000);
  });

  it('G17: sees added partitions also as a static leader that has come back', async () => {
    const before = await Member.join({ ...way, groupInstanceId: 'one' });
    await within(before.consumer.close());
    const after = await Member.join({ ...way, groupInstanceId: 'one', maxPollIntervalMs: Infinity });
    scene.cluster.topic('orders').addPartitions(6);
    await within(scene.client.topic('orders').partitions());
    await until(() => after.owned.length === 6, 600_000);
  });

  it('G17: goes on committing for its other topics when one is deleted', async () => {
    scene.cluster.createTopic('others', 1).append('0');
    const member = new Member();
    await within(member.start({ ...way, autoCommitEnable: true, autoCommitIntervalMs: 1000 }, { topics: ['orders', 'others'] }));
    for (let i = 0; i < 9; i++) await within(member.consumer.consume());
    scene.cluster.topic('others').delete();
    await until(
      () =>
        group()
          .commits()
          .some(({ topic }) => topic === 'orders'),
      10_000,
    );
  });

  it('G17: sees partitions that are added', async () => {
    const member = await Member.join({ ...way, maxPollIntervalMs: Infinity });
    scene.cluster.topic('orders').addPartitions(6);
    await within(scene.client.topic('orders').partitions());
    await until(() => member.owned.length === 6, 600_000);
  });
});

it('G12: a cooperative member keeps what does not move: only the rest is revoked', async () => {
  const first = await Member.join(cooperative);
  const second = await Member.join(cooperative);
  await until(() => first.owned.length === 2 && second.owned.length === 2);
  expect(first.told).toHaveLength(2);
  expect(first.told[1]).toBe(`revoked ${second.owned.join()}`);
});

it('G6: hands out nothing after the session is over, until the coordinator has answered', async () => {
  const { consumer } = await Member.join({ ...eager, sessionTimeoutMs: 10_000 });
  expect(await within(consumer.consume())).toBeDefined();
  const hold = scene.cluster.hold('Heartbeat', { times: 99 });
  await scene.clock.advance(11_000);
  let isSettled = false;
  const next = consumer.consume().finally(() => (isSettled = true));
  await scene.clock.advance(100);
  expect(isSettled).toBe(false);
  hold.release();
  expect(await within(next)).toBeDefined();
});
