import { KafkaClient } from '@tskafka/consumer';
import {
  type ApiName,
  type ErrorCode,
  type Fault,
  MockCluster,
  type MockClusterOptions,
  type MockGroup,
  seededRandom,
  VirtualClock,
} from '@tskafka/testing';
import { Machine } from './machine.ts';
import type { Program } from './program.ts';

/** What came of a walk. */
export interface WalkReport {
  /** What happened, with the time. */
  readonly story: readonly string[];
  /** What must not be; empty when all went well. */
  readonly violations: readonly string[];
}

/** How a step of a walk is said, and nothing where it was not possible. */
export type Told = string | undefined;

/** What a coordinator may say at any time, and the group goes on. */
export const passing = ['COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'] as const;

const happenings = [
  ...['join', 'join', 'leave', 'die', 'cut', 'stop', 'stall', 'expel', 'subscribe'],
  ...['move coordinator', 'refuse', 'lose answers', 'nothing'],
];
/** At most so many members at once. */
const seats = 4;
const steps = 60;

/**
 * Consumers on machines of their own and a cluster, in virtual time, to which one thing happens after the other: the same seed gives the same
 * walk. While it lasts messages are written all the time.
 */
export abstract class Walk<Member extends Program> implements AsyncDisposable, WalkReport {
  readonly story: string[] = [];
  readonly violations: string[] = [];
  protected readonly clock = new VirtualClock();
  protected readonly random: () => number;
  protected cluster!: MockCluster;
  protected readonly members = new Map<number, Member>();
  protected readonly leaving: Promise<unknown>[] = [];
  protected isEnding = false;
  /** What may happen in a step; more of the same is likelier. */
  protected readonly happenings: readonly string[] = happenings;
  /** What brokers may say of which request. */
  protected abstract readonly refusals: Readonly<Partial<Record<ApiName, readonly ErrorCode[]>>>;
  protected abstract readonly subscriptions: readonly (readonly string[] | RegExp)[];
  protected abstract readonly topics: readonly string[];
  /** How long it may take until all is done in the end. */
  protected abstract readonly restMs: number;
  readonly #cut = new Map<string, 'deaf' | 'unheard'>();
  readonly #faults: Fault[] = [];
  readonly #seed: number;
  #names = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.random = seededRandom(seed + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
  }

  /** Goes its steps, and then sees whether everything comes to rest. */
  async go(): Promise<void> {
    for (let i = 0; i < steps; i++) {
      const told = await this.#step();
      if (told !== undefined) this.tell(told);
      await this.pass(this.whole(3) === 0 ? this.whole(12_000) : this.whole(1500));
    }
    this.tell('the end');
    this.isEnding = true;
    this.#cut.clear();
    for (const fault of this.#faults) fault.stop();
    for (const member of this.members.values()) {
      await member.machine.goOn();
      member.goOn();
    }
    await this.#end();
    await this.settled(Promise.all(this.leaving), 60_000, 'leaving');
  }

  protected abstract get group(): MockGroup;
  protected abstract join(seat: number): Promise<Told>;
  protected abstract write(): void;
  /** Whether nothing is left to be done. */
  protected abstract isDone(): boolean;
  /** What is left to be done. */
  protected abstract left(): string[];
  /** How a member stands, for a report. */
  protected abstract standing(member: Member): string;

  /** Sees whether something is as it must not be. */
  protected look(): void {}

  /** What else may happen to the cluster. */
  protected happens(_what: string): Told {
    return undefined;
  }

  protected expelled(_name: string): void {}

  protected close({ consumer }: Member): Promise<void> {
    return consumer.close();
  }

  protected async begin(options: MockClusterOptions): Promise<void> {
    const realism = { rttMs: 2, jitterMs: 20 };
    this.cluster = await MockCluster.start({ clock: this.clock, random: seededRandom(this.#seed), realism, ...options });
    const broken = new Set<number>();
    this.cluster.intercept('*', async (call) => {
      const how = this.#cut.get(call.clientId ?? '');
      // A stream of bytes that has lost some is of no more use.
      if (how === undefined) return broken.has(call.connection) ? call.drop() : call.pass();
      broken.add(call.connection);
      if (how === 'deaf') await call.pass();
      return call.silence();
    });
  }

  protected async newMachine(): Promise<{ name: string; machine: Machine; client: KafkaClient }> {
    const name = `m${++this.#names}`;
    const machine = new Machine(this.clock);
    const options = {
      ...{ brokers: this.cluster.brokers, transport: machine.transport(this.cluster.transport), clock: machine, clientId: name },
      ...{ random: this.random, requestTimeoutMs: 3000 },
    };
    return { name, machine, client: await this.settled(KafkaClient.connect(options), 10_000, 'connecting') };
  }

  /** Starts a member's consumer, and has it read from then on. It must neither fail to join nor end by itself. */
  protected run(member: Member, read: () => Promise<void>): void {
    const { name, consumer } = member;
    const hasFailed = (what: string) => (error: unknown) => {
      if (member.state === 'joining' || member.state === 'in') this.violation(`${name} ${what}: ${String(error)}`);
    };
    const begun = (): Promise<void> | undefined => {
      if (member.state !== 'joining') return undefined;
      member.state = 'in';
      // Where a static member comes back with one topic more, nobody is asked to join anew (KIP-345).
      if (this.isEnding) consumer.subscribe(this.topics);
      return read().catch(hasFailed('has ended'));
    };
    consumer.start().then(begun, hasFailed('has not joined'));
  }

  async #step(): Promise<Told> {
    const what = this.pick(this.happenings);
    const seat = this.whole(seats);
    const member = this.members.get(seat);
    if (what === 'join') return member === undefined ? await this.join(seat) : undefined;
    if (what === 'move coordinator') return this.#moveCoordinator();
    const told = this.happens(what);
    if (told !== undefined) return told;
    const api = this.pick(Object.keys(this.refusals) as ApiName[]);
    if (what === 'refuse') return this.#order(this.cluster.fail(api, [this.pick(this.refusals[api]!)]));
    if (what === 'lose answers') return this.#order(this.cluster.dropResponse(api, { times: 1 + this.whole(2) }));
    return member === undefined ? undefined : this.#happensTo(member, what, seat);
  }

  #happensTo(member: Member, what: string, seat: number): Told {
    if (what === 'leave') return this.#leave(seat);
    if (what === 'die') return this.die(seat);
    if (what === 'cut') return this.#cutOff(member);
    if (what === 'stop') return this.#stop(member);
    if (what === 'stall') return this.#stall(member);
    if (what === 'expel') return this.#expel(member);
    return what === 'subscribe' ? this.#subscribe(member) : undefined;
  }

  /** Nothing more happens, and whoever is there has the time to do what is left. */
  async #end(): Promise<void> {
    if (this.members.size === 0) await this.join(0);
    for (const { state, consumer } of this.members.values()) if (state === 'in') consumer.subscribe(this.topics);
    if (!(await this.until(() => this.isDone(), this.restMs))) {
      const standing = [...this.members.values()].map((member) => `${member.name} (${member.state}) ${this.standing(member)}`);
      this.violation(`not all is done: ${[...this.left(), ...standing].join('; ')}`);
    }
    for (const seat of this.members.keys()) this.#leave(seat);
  }

  #moveCoordinator(): string {
    const next = this.pick(this.cluster.brokerIds);
    this.group.moveCoordinator(next);
    return `broker ${next} coordinates`;
  }

  #expel({ name }: Member): Told {
    const known = this.group.members().find(({ clientId }) => clientId === name);
    if (known === undefined) return undefined;
    this.expelled(name);
    this.group.evict(known.memberId);
    return `${name} is taken out`;
  }

  #subscribe({ name, state, consumer }: Member): Told {
    if (state !== 'in') return undefined;
    const to = this.pick(this.subscriptions);
    consumer.subscribe(to);
    return `${name} subscribes to ${String(to)}`;
  }

  protected die(seat: number): string {
    const member = this.members.get(seat)!;
    member.machine.die();
    member.state = 'dead';
    this.members.delete(seat);
    return `${member.name} dies`;
  }

  /** What brokers hear of it, or what it hears of them, is lost for a while. */
  #cutOff({ name }: Member): string {
    const [how, forMs] = [this.pick(['deaf', 'unheard'] as const), this.whole(20_000)];
    this.#cut.set(name, how);
    this.clock.setTimeout(() => this.#cut.delete(name), forMs);
    return `${name} is ${how} for ${forMs} ms`;
  }

  protected isCut({ name }: Member): boolean {
    return this.#cut.has(name);
  }

  /** Its event loop is blocked. */
  #stop({ name, machine }: Member): string {
    const forMs = this.whole(20_000);
    machine.stop();
    this.clock.setTimeout(() => void machine.goOn(), forMs);
    return `${name} stands still for ${forMs} ms`;
  }

  #stall(member: Member): string {
    const forMs = this.whole(20_000);
    member.stall();
    this.clock.setTimeout(() => member.goOn(), forMs);
    return `${member.name} takes nothing for ${forMs} ms`;
  }

  #leave(seat: number): string {
    const member = this.members.get(seat)!;
    const { name, client } = member;
    this.members.delete(seat);
    member.goOn();
    member.state = 'leaving';
    const gone = this.close(member).then(() => client.close());
    this.leaving.push(gone.catch((error: unknown) => this.violation(`${name} has not left: ${String(error)}`)));
    return `${name} leaves`;
  }

  /** Until it has struck, or the walk ends. */
  #order(fault: Fault): string {
    this.#faults.push(fault);
    return fault.description;
  }

  protected async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      if (!this.isEnding) this.write();
      await this.clock.advance(Math.min(50, end - this.clock.now()));
      this.look();
    }
  }

  /** Whether it has become so in time. */
  protected async until(isTrue: () => boolean, ms: number): Promise<boolean> {
    const end = this.clock.now() + ms;
    while (!isTrue()) {
      if (this.clock.now() >= end) return false;
      await this.pass(50);
    }
    return true;
  }

  protected async settled<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    promise.then(settle, settle);
    await this.clock.advance(0);
    if (await this.until(() => isSettled, ms)) return promise;
    throw new Error(`${what} has not ended within ${ms} ms\n${this.story.join('\n')}`);
  }

  protected readonly violation = (text: string): void => {
    this.violations.push(text);
    this.tell(`VIOLATION ${text}`);
  };

  protected tell(text: string): void {
    this.story.push(`${this.clock.now().toFixed().padStart(7)} ${text}`);
  }

  protected whole(below: number): number {
    return Math.floor(this.random() * below);
  }

  protected pick<T>(from: readonly T[]): T {
    return from[this.whole(from.length)]!;
  }
}
