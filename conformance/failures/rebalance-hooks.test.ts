import { describe, expect, it } from 'vitest';
import { cooperative, eager, expel, kip848, Member, scene, until, useGroupScene, within } from './group-scene.ts';

useGroupScene();

describe.each([
  ['classic, eager', eager],
  ['classic, cooperative', cooperative],
  ['KIP-848', kip848],
])('a rebalance (%s)', (_, options) => {
  it('G3: that comes while onAssigned is under way is told of what that was told', async () => {
    let letGo!: () => void;
    const told: string[] = [];
    const busy = new Promise<void>((resolve) => (letGo = resolve));
    const first = new Member();
    const joining = first.start({
      ...options,
      onAssigned: (partitions) => {
        told.push(...partitions.map(({ partition }) => `+${partition}`));
        return told.length === 4 ? busy : undefined;
      },
      onRevoked: (partitions) => void told.push(...partitions.map(({ partition }) => `-${partition}`)),
      onLost: (partitions) => void told.push(...partitions.map(({ partition }) => `-${partition}`)),
    });
    await until(() => told.length === 4);
    const second = new Member();
    const joiningToo = second.start(options);
    await until(() => second.consumer !== undefined);
    await scene.clock.advance(10_000);
    letGo();
    await within(Promise.all([joining, joiningToo]));
    await until(() => first.owned.length === 2 && second.owned.length === 2);
    const held = new Set<string>();
    for (const each of told) {
      const [sign, partition] = [each[0], each.slice(1)];
      expect(held.has(partition), `${each} of ${told.join(' ')}`).toBe(sign === '-');
      if (sign === '+') held.add(partition);
      else held.delete(partition);
    }
    expect([...held].map(Number).sort()).toEqual(first.owned);
  });

  it('G15: a consumer that is closed while onAssigned is under way waits for it, and says that all of it goes', async () => {
    let letGo!: () => void;
    const told: string[] = [];
    const tell = (what: string) => () => void told.push(what);
    const busy = new Promise<void>((resolve) => (letGo = resolve));
    const onAssigned = async (): Promise<void> => {
      told.push('assigned');
      await busy;
      told.push('ready');
    };
    const member = new Member();
    const joining = member.start({ ...options, onAssigned, onRevoked: tell('revoked'), onLost: tell('lost') });
    joining.catch(() => {});
    await until(() => told.length === 1);
    const closing = member.consumer.close();
    await scene.clock.advance(1000);
    letGo();
    await within(closing);
    await expect(joining).rejects.toMatchObject({ name: 'ClosedError' });
    expect(told).toEqual(['assigned', 'ready', 'revoked']);
  });

  it('that takes a partition away while it is jumped to fails the jump: nobody is to believe that it stands there', async () => {
    const { consumer, told } = await Member.join(options);
    const hold = scene.cluster.hold('ListOffsets', { times: 1 });
    const jump = consumer.resetOffsets([[0, 1]]);
    jump.catch(() => {});
    await hold.held();
    expel();
    await until(() => told.length === 3);
    hold.release();
    await expect(within(jump)).rejects.toThrow(RangeError);
    expect(consumer.position(0)).toBe(0);
  });
});
