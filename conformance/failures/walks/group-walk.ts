import { BalancedConsumer, type BalancedConsumerOptions } from '@tskafka/consumer';
import type { MockGroup } from '@tskafka/testing';
import { GroupLedger } from './group-ledger.ts';
import { Program } from './program.ts';
import { passing, type Told, Walk, type WalkReport } from './walk.ts';

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
/** Sessions of nine seconds, by both protocols. */
const configs = {
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '9000',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.heartbeat.interval.ms': '1000',
};
const classicSession = { sessionTimeoutMs: 9000, heartbeatIntervalMs: 1000 };

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

type Reading = 'loop' | 'commits' | 'batches' | 'run';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Members come, go, die, stand still, are cut off and are taken out, and their group goes on. */
export async function walkGroup(seed: number, way: keyof typeof ways): Promise<WalkReport> {
  await using walk = await GroupWalk.start(seed, ways[way]);
  await walk.go();
  return walk;
}

type Member = Program<BalancedConsumer>;

class GroupWalk extends Walk<Member> {
  protected readonly refusals = refusals;
  protected readonly subscriptions = [['orders'], ['letters'], all, /orders|letters/];
  protected readonly topics = all;
  protected readonly restMs = 120_000;
  readonly #way: readonly Partial<BalancedConsumerOptions>[];
  #ledger!: GroupLedger;

  static async start(seed: number, way: readonly Partial<BalancedConsumerOptions>[]): Promise<GroupWalk> {
    const walk = new GroupWalk(seed, way);
    await walk.begin({ brokers: 2, topics, configs });
    walk.#ledger = new GroupLedger(walk.group, walk.violation);
    return walk;
  }

  private constructor(seed: number, way: readonly Partial<BalancedConsumerOptions>[]) {
    super(seed);
    this.#way = way;
  }

  protected get group(): MockGroup {
    return this.cluster.group('readers');
  }

  protected write(): void {
    this.cluster.topic('orders').append({ partition: this.whole(topics.orders), value: 'x' });
    this.cluster.topic('letters').append({ partition: this.whole(topics.letters), value: 'x' });
  }

  protected override look(): void {
    this.#ledger.look();
  }

  protected override die(seat: number): string {
    this.#ledger.died(this.members.get(seat)!.name);
    return super.die(seat);
  }

  protected override expelled(name: string): void {
    this.#ledger.expelled(name);
  }

  protected async join(seat: number): Promise<Told> {
    const { name, machine, client } = await this.newMachine();
    const member: Member = new Program(name, machine, client);
    const [way, to] = [this.pick(this.#way), this.pick(this.subscriptions)];
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
    this.run(member, () => this.#read(member, reading));
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
  protected left(): string[] {
    return partitions.flatMap(({ topic, partition }) => {
      const { endOffset } = this.cluster.topic(topic).partition(partition);
      const handled = this.#ledger.handledUpTo({ topic, partition });
      const committed = this.group.committed(topic, partition) ?? 0;
      if (handled === endOffset && committed === endOffset) return [];
      return [`${topic}-${partition}: of ${endOffset} ${handled} are handled, ${committed} committed`];
    });
  }

  /** All is handled and committed, and each partition is one member's. */
  protected isDone(): boolean {
    const owned = [...this.members.values()].flatMap(({ consumer }) => consumer.assignment.map(nameOf));
    return this.left().length === 0 && owned.length === partitions.length && new Set(owned).size === partitions.length;
  }

  protected standing({ consumer }: Member): string {
    return `${consumer.assignment.map(nameOf).join()} ${JSON.stringify(consumer.health())}`;
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
