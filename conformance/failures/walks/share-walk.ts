import { type AcknowledgeType, ShareConsumer, type ShareMessage } from '@tskafka/consumer';
import { alterConfigs, valuesOf } from '@tskafka/core';
import type { ErrorCode } from '@tskafka/testing';
import { ShareLedger } from './share-ledger.ts';
import { Program, Walk, type WalkReport } from './walk.ts';

const topics = { orders: 3, letters: 2 };
const all = Object.keys(topics);
const seats = 4;
const steps = 60;
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

const passing = ['COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'] as const;
const session = ['SHARE_SESSION_NOT_FOUND', 'INVALID_SHARE_SESSION_EPOCH'] as const;
/** What a broker may say at any time, and the group goes on. */
const refusals = {
  FindCoordinator: ['COORDINATOR_NOT_AVAILABLE'],
  ShareGroupHeartbeat: [...passing, 'UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'],
  ShareFetch: [...session, 'SHARE_SESSION_LIMIT_REACHED'],
  ShareAcknowledge: [...session],
} as const;
const apis = Object.keys(refusals) as (keyof typeof refusals)[];

const happenings = [
  ...['join', 'join', 'leave', 'die', 'cut', 'stop', 'stall', 'expel', 'subscribe'],
  ...['move coordinator', 'move leader', 'break connections', 'refuse', 'lose answers', 'nothing'],
] as const;
type Reading = 'implicit' | 'explicit' | 'batches' | 'run';

/** Members of a share group come, go, die, stand still and are cut off, and every message is given to one that is done with it. */
export async function walkShareGroup(seed: number): Promise<WalkReport> {
  await using walk = await ShareWalk.start(seed);
  await walk.go(steps);
  return walk;
}

class Member extends Program {
  consumer!: ShareConsumer;
  isExplicit = false;
}

class ShareWalk extends Walk<Member> {
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

  get #group() {
    return this.cluster.group('workers');
  }

  protected async step(): Promise<string | undefined> {
    const what = this.pick(happenings);
    const seat = this.whole(seats);
    const member = this.members.get(seat);
    if (what === 'join') return member === undefined ? await this.#join(seat) : undefined;
    if (what === 'move coordinator') return this.#moveCoordinator();
    if (what === 'move leader') return this.#moveLeader();
    if (what === 'break connections') {
      const id = this.pick(this.cluster.brokerIds);
      this.cluster.broker(id).dropConnections();
      return `the connections to broker ${id} break`;
    }
    const api = this.pick(apis);
    if (what === 'refuse') return this.order(this.cluster.fail(api, [this.pick<ErrorCode>(refusals[api])]));
    if (what === 'lose answers') return this.order(this.cluster.dropResponse(api, { times: 1 + this.whole(2) }));
    if (member === undefined) return undefined;
    if (what === 'leave') return this.leave(seat, () => this.#close(member));
    if (what === 'die') return this.die(seat);
    if (what === 'cut') return this.cut(member);
    if (what === 'stop') return this.stop(member);
    if (what === 'stall') return this.stall(member);
    if (what === 'expel') return this.#expel(member);
    return what === 'subscribe' ? this.#subscribe(member) : undefined;
  }

  protected async end(): Promise<void> {
    if (this.members.size === 0) await this.#join(0);
    for (const { state, consumer } of this.members.values()) if (state === 'in') consumer.subscribe(all);
    const isDone = (): boolean => this.#ledger.given === this.#written && this.#behind().length === 0;
    if (!(await this.until(isDone, 180_000)))
      this.violation(
        `not all is done: of ${this.#written} ${this.#ledger.given} were given; ${[...this.#behind(), ...this.#positions()].join('; ')}`,
      );
    for (const [seat, member] of this.members) this.leave(seat, () => this.#close(member));
  }

  protected write(): void {
    this.#written++;
    const topic = this.pick(['orders', 'letters'] as const);
    this.cluster.topic(topic).append({ partition: this.whole(topics[topic]), value: 'x' });
  }

  protected look(): void {}

  #moveCoordinator(): string {
    const next = this.pick(this.cluster.brokerIds);
    this.#group.moveCoordinator(next);
    return `broker ${next} coordinates`;
  }

  #moveLeader(): string {
    const topic = this.pick(['orders', 'letters'] as const);
    const partition = this.whole(topics[topic]);
    const { leader } = this.cluster.topic(topic).partition(partition);
    const next = this.pick(this.cluster.brokerIds.filter((id) => id !== leader));
    this.cluster.topic(topic).moveLeader(partition, next);
    return `broker ${next} leads ${topic}-${partition}`;
  }

  #expel({ name }: Member): string | undefined {
    const known = this.#group.members().find(({ clientId }) => clientId === name);
    if (known === undefined) return undefined;
    this.#group.evict(known.memberId);
    return `${name} is taken out`;
  }

  #subscribe({ name, state, consumer }: Member): string | undefined {
    if (state !== 'in') return undefined;
    const to = this.pick([['orders'], ['letters'], all]);
    consumer.subscribe(to);
    return `${name} subscribes to ${to.join()}`;
  }

  async #join(seat: number): Promise<string> {
    const { name, machine, client } = await this.newMachine();
    const member = new Member(name, machine, client);
    const to = this.pick([['orders'], ['letters'], all]);
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
    const hasFailed = (what: string) => (error: unknown) => {
      if (member.state === 'joining' || member.state === 'in') this.violation(`${name} ${what}: ${String(error)}`);
    };
    const read = (): Promise<void> | undefined => {
      if (member.state !== 'joining') return undefined;
      member.state = 'in';
      if (this.isEnding) member.consumer.subscribe(all);
      return this.#read(member, reading).catch(hasFailed('has ended'));
    };
    member.consumer.start().then(read, hasFailed('has not joined'));
    return `${name} joins: ${to.join()}, ${reading}, ${acquireMode}`;
  }

  async #close({ name, consumer, isExplicit }: Member): Promise<void> {
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

  #behind(): string[] {
    return this.#group.lag().flatMap(({ topic, partition, lag }) => (lag === 0 ? [] : [`${topic}-${partition}: ${lag} are left`]));
  }

  #positions(): string[] {
    return [...this.members.values()].map(
      ({ name, state, consumer }) => `${name} (${state}) ${JSON.stringify(consumer.stats())} ${consumer.explain()}`,
    );
  }
}
