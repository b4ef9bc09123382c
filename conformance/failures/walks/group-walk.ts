import { BalancedConsumer, type BalancedConsumerOptions } from '@tskafka/consumer';
import type { ErrorCode } from '@tskafka/testing';
import { GroupLedger } from './group-ledger.ts';
import { Program, Walk, type WalkReport } from './walk.ts';

/** How the members of a group speak with it. */
export const ways = {
  eager: [{ groupProtocol: 'classic', partitionAssignors: ['range'] }],
  cooperative: [{ groupProtocol: 'classic', partitionAssignors: ['cooperative-sticky'] }],
  'KIP-848': [{ groupProtocol: 'consumer' }],
  mixed: [{ groupProtocol: 'classic', partitionAssignors: ['range'] }, { groupProtocol: 'consumer' }],
} as const satisfies Record<string, readonly Partial<BalancedConsumerOptions>[]>;

const topics = { orders: 4, letters: 3 };
const partitions = Object.entries(topics).flatMap(([topic, count]) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition })),
);
const all = Object.keys(topics);
const subscriptions: readonly (readonly string[] | RegExp)[] = [['orders'], ['letters'], all, /orders|letters/];
const seats = 4;
const steps = 60;
/** Sessions of nine seconds, by both protocols. */
const configs = {
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '9000',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.heartbeat.interval.ms': '1000',
};
const classicSession = { sessionTimeoutMs: 9000, heartbeatIntervalMs: 1000 };

/** What a broker may say at any time, and the group goes on. */
const passing = ['COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'] as const;
const refusals = {
  FindCoordinator: ['COORDINATOR_NOT_AVAILABLE'],
  JoinGroup: [...passing, 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'],
  SyncGroup: [...passing, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'],
  Heartbeat: [...passing, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'],
  ConsumerGroupHeartbeat: [...passing, 'UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'],
  OffsetCommit: [...passing, 'REQUEST_TIMED_OUT'],
  OffsetFetch: [...passing, 'UNSTABLE_OFFSET_COMMIT'],
  LeaveGroup: [...passing],
} as const;
const apis = Object.keys(refusals) as (keyof typeof refusals)[];

const happenings = [
  ...[
    'join',
    'join',
    'leave',
    'die',
    'cut',
    'stop',
    'stall',
    'expel',
    'subscribe',
    'move coordinator',
    'refuse',
    'lose answers',
    'nothing',
  ],
] as const;
type Reading = 'loop' | 'commits' | 'batches' | 'run';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Members come, go, die, stand still, are cut off and are taken out, and their group goes on. */
export async function walkGroup(seed: number, way: keyof typeof ways): Promise<WalkReport> {
  await using walk = await GroupWalk.start(seed, ways[way]);
  await walk.go(steps);
  return walk;
}

class Member extends Program {
  consumer!: BalancedConsumer;
}

class GroupWalk extends Walk<Member> {
  readonly #way: readonly Partial<BalancedConsumerOptions>[];
  #ledger!: GroupLedger;

  static async start(seed: number, way: readonly Partial<BalancedConsumerOptions>[]): Promise<GroupWalk> {
    const walk = new GroupWalk(seed, way);
    await walk.begin({ brokers: 2, topics, configs });
    walk.#ledger = new GroupLedger(walk.#group, walk.violation);
    return walk;
  }

  private constructor(seed: number, way: readonly Partial<BalancedConsumerOptions>[]) {
    super(seed);
    this.#way = way;
  }

  get #group() {
    return this.cluster.group('readers');
  }

  protected async step(): Promise<string | undefined> {
    const what = this.pick(happenings);
    const seat = this.whole(seats);
    const member = this.members.get(seat);
    if (what === 'join') return member === undefined ? await this.#join(seat) : undefined;
    if (what === 'move coordinator') {
      const next = this.pick(this.cluster.brokerIds);
      this.#group.moveCoordinator(next);
      return `broker ${next} coordinates`;
    }
    const api = this.pick(apis);
    if (what === 'refuse') return this.order(this.cluster.fail(api, [this.pick<ErrorCode>(refusals[api])]));
    if (what === 'lose answers') return this.order(this.cluster.dropResponse(api, { times: 1 + this.whole(2) }));
    if (member === undefined) return undefined;
    if (what === 'leave') return this.leave(seat, () => member.consumer.close());
    if (what === 'die') {
      this.#ledger.died(member.name);
      return this.die(seat);
    }
    if (what === 'cut') return this.cut(member);
    if (what === 'stop') return this.stop(member);
    if (what === 'stall') return this.stall(member);
    if (what === 'expel') return this.#expel(member);
    return what === 'subscribe' ? this.#subscribe(member) : undefined;
  }

  protected async end(): Promise<void> {
    if (this.members.size === 0) await this.#join(0);
    for (const { state, consumer } of this.members.values()) if (state === 'in') consumer.subscribe(all);
    const isDone = (): boolean => this.#behind().length === 0 && this.#isShared();
    if (!(await this.until(isDone, 120_000))) this.violation(`not all is done: ${[...this.#behind(), ...this.#positions()].join('; ')}`);
    for (const [seat, { consumer }] of this.members) this.leave(seat, () => consumer.close());
  }

  protected write(): void {
    this.cluster.topic('orders').append({ partition: this.whole(topics.orders), value: 'x' });
    this.cluster.topic('letters').append({ partition: this.whole(topics.letters), value: 'x' });
  }

  protected look(): void {
    this.#ledger.look();
  }

  #expel({ name }: Member): string | undefined {
    const known = this.#group.members().find(({ clientId }) => clientId === name);
    if (known === undefined) return undefined;
    this.#ledger.expelled(name);
    this.#group.evict(known.memberId);
    return `${name} is taken out`;
  }

  #subscribe({ name, state, consumer }: Member): string | undefined {
    if (state !== 'in') return undefined;
    const to = this.pick(subscriptions);
    consumer.subscribe(to);
    return `${name} subscribes to ${String(to)}`;
  }

  async #join(seat: number): Promise<string> {
    const { name, machine, client } = await this.newMachine();
    const member = new Member(name, machine, client);
    const [way, to] = [this.pick(this.#way), this.pick(subscriptions)];
    const reading = this.pick<Reading>(['loop', 'commits', 'batches', 'run']);
    const isStatic = this.whole(3) === 0;
    const isSlow = this.whole(3) === 0;
    const tell = (how: 'assigned' | 'revoked' | 'lost') => (told: readonly Place[]) => {
      if (member.isDead) return;
      this.tell(`  ${name} ${how} ${told.map(nameOf).join()}`);
      if (how === 'assigned') this.#ledger.assigned(name, told);
      else this.#ledger.gone(name, told, how);
      return isSlow ? member.takeTime(this.whole(3000)) : undefined;
    };
    member.consumer = new BalancedConsumer(client, {
      ...{ consumerGroup: 'readers', topics: to, maxPollIntervalMs: 15_000, rebalanceTimeoutMs: 10_000, ...way },
      ...(way.groupProtocol === 'classic' && classicSession),
      ...(isStatic && { groupInstanceId: `seat-${seat}` }),
      ...((reading === 'loop' || reading === 'batches') && { autoCommitEnable: true, autoCommitIntervalMs: 700 }),
      ...{ onAssigned: tell('assigned'), onRevoked: tell('revoked'), onLost: tell('lost') },
    });
    this.members.set(seat, member);
    const hasFailed = (what: string) => (error: unknown) => {
      if (member.state === 'joining' || member.state === 'in') this.violation(`${name} ${what}: ${String(error)}`);
    };
    const read = (): Promise<void> | undefined => {
      if (member.state !== 'joining') return undefined;
      member.state = 'in';
      // Where a static member comes back with one topic more, nobody is asked to join anew (KIP-345).
      if (this.isEnding) member.consumer.subscribe(all);
      return this.#read(member, reading).catch(hasFailed('has ended'));
    };
    member.consumer.start().then(read, hasFailed('has not joined'));
    const how = [JSON.stringify(way), String(to), `by ${reading}`, ...(isStatic ? [`as seat-${seat}`] : []), ...(isSlow ? ['slowly'] : [])];
    return `${name} joins: ${how.join(', ')}`;
  }

  async #read(member: Member, reading: Reading): Promise<void> {
    const { name, consumer, machine } = member;
    const given = (messages: readonly (Place & { readonly offset: number })[]): void => {
      if (member.isDead) return;
      if (!machine.isRunning) this.violation(`${name} does something while it stands still`);
      for (const message of messages) this.#ledger.delivered(name, message);
      // To commit by itself is to commit what was handed out.
      if (reading === 'loop' || reading === 'batches') for (const message of messages) this.#ledger.handled(message);
    };
    const work = (): Promise<boolean> => member.work(this.whole(30));
    if (reading === 'run') {
      const handle = async (message: Place & { readonly offset: number }): Promise<void> => {
        given([message]);
        if (await work()) this.#ledger.handled(message);
      };
      return await consumer.run(handle, { commitIntervalMs: 700 });
    }
    if (reading === 'batches') {
      for await (const batch of consumer.batches()) {
        given([...batch]);
        if (!(await work())) return;
      }
    }
    for await (const message of consumer) {
      given([message]);
      const held = this.#ledger.hold(name, message);
      if (!(await work())) return;
      if (reading === 'loop') continue;
      this.#ledger.handled(message);
      await this.#commit(member, message, held);
    }
  }

  /**
   * A commit of what was taken back may fail, or come too late. While the partition is the member's, it is refused only to whom the group has
   * given up, who hears of it soon.
   */
  async #commit(member: Member, message: Place & { readonly offset: number }, held: object | undefined): Promise<void> {
    const { name, consumer, machine } = member;
    const isHeld = (): boolean => held !== undefined && this.#ledger.hold(name, message) === held;
    if (!isHeld()) return;
    try {
      await consumer.commitOffsets([[message, message.offset + 1]]);
    } catch (error) {
      await member.takeTime(5000);
      if (member.state === 'in' && isHeld() && !this.#ledger.isExpelled(name) && !this.isCut(member) && machine.isRunning)
        this.violation(`${name} could not commit for what it has: ${String(error)}`);
    }
  }

  /** What is not handled, or not committed. */
  #behind(): string[] {
    return partitions.flatMap(({ topic, partition }) => {
      const { endOffset } = this.cluster.topic(topic).partition(partition);
      const handled = this.#ledger.handledUpTo({ topic, partition });
      const committed = this.#group.committed(topic, partition) ?? 0;
      if (handled === endOffset && committed === endOffset) return [];
      return [`${topic}-${partition}: of ${endOffset} ${handled} are handled, ${committed} committed`];
    });
  }

  /** Whether each partition is one member's. */
  #isShared(): boolean {
    const owned = [...this.members.values()].flatMap(({ consumer }) => consumer.assignment.map(nameOf));
    return owned.length === partitions.length && new Set(owned).size === partitions.length;
  }

  #positions(): string[] {
    return [...this.members.values()].map(
      ({ name, state, consumer }) => `${name} (${state}) ${consumer.assignment.map(nameOf).join()} ${JSON.stringify(consumer.health())}`,
    );
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
