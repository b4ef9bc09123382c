import type { ConsumerPartition } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { cooperative, eager, expel, kip848, Member, type Options, scene, until, useGroupScene, within } from './group-scene.ts';

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

  it('G15: that comes while a consumer is closed is told of once', async () => {
    const { consumer, told, busy, letGo } = await slowMember(options);
    const closing = consumer.close();
    await until(() => told.length === 1);
    const joining = Member.join(options);
    await scene.clock.advance(8000);
    letGo();
    await within(Promise.all([closing, joining, busy]));
    expect(told).toEqual(['revoked 0,1,2,3']);
  });

  it('G5: during which a consumer leaves because nobody asks it is told of once', async () => {
    const { consumer, told, letGo } = await slowMember({ ...options, maxPollIntervalMs: 12_000 });
    const joining = Member.join(options);
    await until(() => told.length === 1);
    await until(() => consumer.assignment.length === 0);
    letGo();
    await within(joining);
    const gone = told.flatMap((each) => each.split(' ')[1]!.split(','));
    expect(new Set(gone).size).toBe(gone.length);
  });

  it('G15: a consumer that is closed, and hears meanwhile that it was expelled, is told once that all of it goes', async () => {
    const { consumer, told, letGo } = await slowMember(options);
    const closing = consumer.close();
    await until(() => told.length === 1);
    expel();
    await scene.clock.advance(6000);
    letGo();
    await within(closing);
    expect(told).toEqual(['revoked 0,1,2,3']);
  });

  it('G3: whose time a handler uses up is told of all the same, and the signal says that the time is over', async () => {
    scene.cluster.topic('orders').append(...[1, 2, 3].map((partition) => ({ partition, value: 'x' })));
    const signals: AbortSignal[] = [];
    const onRevoked: Options['onRevoked'] = (_partitions, _consumer, { signal }) => void signals.push(signal);
    const first = await Member.join({ ...options, drainTimeoutMs: 1000, onRevoked });
    let handling = 0;
    const running = first.consumer.run(() => {
      handling++;
      return new Promise(() => {});
    });
    await until(() => handling === 4);
    const second = await Member.join(options);
    await until(() => first.owned.length === 2 && second.owned.length === 2);
    expect(signals).toHaveLength(1);
    expect(signals[0]!.aborted).toBe(true);
    await within(first.consumer.close());
    await running;
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

/** A member that takes its time, until it is let go, to give up what goes; and what it was told of that. */
async function slowMember(options: Options) {
  let letGo!: () => void;
  const busy = new Promise<void>((resolve) => (letGo = resolve));
  const told: string[] = [];
  const tell = (what: string) => (partitions: readonly ConsumerPartition[]) => {
    told.push(`${what} ${partitions.map(({ partition }) => partition).join()}`);
    return busy;
  };
  const { consumer } = await Member.join({ closeTimeoutMs: 20_000, ...options, onRevoked: tell('revoked'), onLost: tell('lost') });
  return { consumer, told, busy, letGo };
}
