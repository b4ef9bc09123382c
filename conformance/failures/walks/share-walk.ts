import { type AcknowledgeType, ShareConsumer, type ShareMessage } from '@tskafka/consumer';
import { alterConfigs, valuesOf } from '@tskafka/core';
import type { MockGroup } from '@tskafka/testing';
import { Program } from './program.ts';
import { ShareLedger } from './share-ledger.ts';
import { passing, type Told, Walk, type WalkReport } from './walk.ts';

const topics = { orders: 3, letters: 2 };
const all = Object.keys(topics);
/** Sessions of nine seconds, and locks of fifteen. What is lost on the way is given out often. */
const configs = {
  'group.share.min.session.timeout.ms': '1000',
  'group.share.session.timeout.ms': '9000',
  'group.share.min.heartbeat.interval.ms': '500',
  'group.share.heartbeat.interval.ms': '1000',
  'group.share.assignment.interval.ms': '0',
  'group.share.record.lock.duration.ms': '15000',
  'group.share.max.delivery.count.limit': '1000',
  'group.share.delivery.count.limit': '1000',
};

const session = ['SHARE_SESSION_NOT_FOUND', 'INVALID_SHARE_SESSION_EPOCH'] as const;
/** What a broker may say at any time, and the group goes on. */
const refusals = {
  FindCoordinator: ['COORDINATOR_NOT_AVAILABLE'],
  ShareGroupHeartbeat: [...passing, 'UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'],
  ShareFetch: [...session, 'SHARE_SESSION_LIMIT_REACHED'],
  ShareAcknowledge: [...session],
} as const;

const happenings = [
  ...['join', 'join', 'leave', 'die', 'cut', 'stop', 'stall', 'expel', 'subscribe'],
  ...['move coordinator', 'move leader', 'break connections', 'refuse', 'lose answers', 'nothing'],
];
type Reading = 'implicit' | 'explicit' | 'batches' | 'run';

/** Members of a share group come, go, die, stand still and are cut off, and every message is given to one that is done with it. */
export async function walkShareGroup(seed: number): Promise<WalkReport> {
  await using walk = await ShareWalk.start(seed);
  await walk.go();
  return walk;
}

class Member extends Program<ShareConsumer> {
  isExplicit = false;
}

class ShareWalk extends Walk<Member> {
  protected override readonly happenings = happenings;
  protected readonly refusals = refusals;
  protected readonly subscriptions = [['orders'], ['letters'], all];
  protected readonly topics = all;
  protected readonly restMs = 180_000;
  readonly #ledger = new ShareLedger(this.violation);
  #written = 0;

  static async start(seed: number): Promise<ShareWalk> {
    const walk = new ShareWalk(seed);
    await walk.begin({ brokers: 2, topics, configs });
    const { client } = await walk.newMachine();
    const change = { type: 'group', name: 'workers', set: { 'share.auto.offset.reset': 'earliest' } } as const;
    valuesOf(await walk.settled(alterConfigs(client, [change]), 10_000, 'configuring'));
    walk.leaving.push(client.close());
    return walk;
  }

  protected get group(): MockGroup {
    return this.cluster.group('workers');
  }

  protected override happens(what: string): Told {
    if (what === 'move leader') return this.#moveLeader();
    if (what !== 'break connections') return undefined;
    const id = this.pick(this.cluster.brokerIds);
    this.cluster.broker(id).dropConnections();
    return `the connections to broker ${id} break`;
  }

  protected write(): void {
    this.#written++;
    const topic = this.pick(['orders', 'letters'] as const);
    this.cluster.topic(topic).append({ partition: this.whole(topics[topic]), value: 'x' });
  }

  #moveLeader(): string {
    const topic = this.pick(['orders', 'letters'] as const);
    const partition = this.whole(topics[topic]);
    const { leader } = this.cluster.topic(topic).partition(partition);
    const next = this.pick(this.cluster.brokerIds.filter((id) => id !== leader));
    this.cluster.topic(topic).moveLeader(partition, next);
    return `broker ${next} leads ${topic}-${partition}`;
  }

  protected async join(seat: number): Promise<Told> {
    const { name, machine, client } = await this.newMachine();
    const member = new Member(name, machine, client);
    const to = this.pick(this.subscriptions);
    const reading = this.pick<Reading>(['implicit', 'explicit', 'batches', 'run']);
    const acquireMode = this.pick(['batch_optimized', 'record_limit'] as const);
    member.consumer = new ShareConsumer(client, {
      ...{ consumerGroup: 'workers', topics: to, maxPollIntervalMs: 15_000, maxRecords: 1 + this.whole(20), acquireMode },
      acknowledgementMode: reading === 'explicit' ? 'explicit' : 'implicit',
      onAcknowledged: (acknowledged) => {
        if (!member.isDead) this.#ledger.told(name, acknowledged, member);
      },
    });
    member.isExplicit = reading === 'explicit';
    this.members.set(seat, member);
    this.run(member, () => this.#read(member, reading));
    return `${name} joins: ${to.join()}, ${reading}, ${acquireMode}`;
  }

  protected override async close({ name, consumer, isExplicit }: Member): Promise<void> {
    await consumer.close();
    if (isExplicit) this.#ledger.left(name);
  }

  async #read(member: Member, reading: Reading): Promise<void> {
    const { name, consumer, machine } = member;
    const given = (message: ShareMessage): void => {
      if (member.isDead) return;
      if (!machine.isRunning) this.violation(`${name} does something while it stands still`);
      this.#ledger.delivered(name, message);
    };
    const work = (): Promise<boolean> => member.work(this.whole(30));
    const fails = (): boolean => !this.isEnding && this.whole(8) === 0;
    if (reading === 'run') {
      const handle = async (message: ShareMessage): Promise<void> => {
        given(message);
        await work();
        if (!fails()) return;
        this.#ledger.said(name, message, 'release');
        throw new Error('not this time');
      };
      return await consumer.run(handle);
    }
    if (reading === 'batches') {
      for await (const batch of consumer.batches()) {
        for (const message of batch) given(message);
        if (!(await work())) return;
      }
    } else if (reading === 'implicit') {
      for await (const message of consumer) {
        given(message);
        if (!(await work())) return;
      }
    } else {
      for await (const message of consumer) {
        given(message);
        if (!(await work())) return;
        const type: AcknowledgeType = fails() ? this.pick(['release', 'reject'] as const) : 'accept';
        if ((member.state as string) !== 'in') return;
        this.#ledger.said(name, message, type);
        consumer.acknowledge(message, type);
        if (this.whole(10) === 0) await consumer.commit();
      }
    }
  }

  protected isDone(): boolean {
    return this.#ledger.given === this.#written && this.#behind().length === 0;
  }

  protected left(): string[] {
    return [`of ${this.#written} ${this.#ledger.given} were given`, ...this.#behind()];
  }

  protected standing({ consumer }: Member): string {
    return `${JSON.stringify(consumer.stats())} ${consumer.explain()}`;
  }

  #behind(): string[] {
    return this.group.lag().flatMap(({ topic, partition, lag }) => (lag === 0 ? [] : [`${topic}-${partition}: ${lag} are left`]));
  }
}
