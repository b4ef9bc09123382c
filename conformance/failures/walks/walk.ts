import { KafkaClient } from '@tskafka/consumer';
import { type Fault, MockCluster, type MockClusterOptions, seededRandom, VirtualClock } from '@tskafka/testing';
import { Machine } from './machine.ts';

/** What came of a walk. */
export interface WalkReport {
  /** What happened, with the time. */
  readonly story: readonly string[];
  /** What must not be; empty when all went well. */
  readonly violations: readonly string[];
}

/** A program that runs one consumer on a machine of its own. */
export class Program {
  readonly name: string;
  readonly machine: Machine;
  readonly client: KafkaClient;
  state: 'joining' | 'in' | 'leaving' | 'dead' = 'joining';
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  constructor(name: string, machine: Machine, client: KafkaClient) {
    this.name = name;
    this.machine = machine;
    this.client = client;
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** It does not go on with what it was given. */
  stall(): void {
    this.goOn();
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  goOn(): void {
    this.#open();
  }

  /** What it does with a message takes so long. False when it has died meanwhile. */
  async work(ms: number): Promise<boolean> {
    await this.#gate;
    await this.takeTime(ms);
    return !this.isDead;
  }

  takeTime(ms: number): Promise<void> {
    return new Promise((resolve) => this.machine.setTimeout(resolve, ms));
  }
}

/** How a step of a walk is said, and nothing where it was not possible. */
type Told = string | undefined;

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

  /** Goes so many steps, and then sees whether everything comes to rest. */
  async go(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      const told = await this.step();
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
    await this.end();
    await this.settled(Promise.all(this.leaving), 60_000, 'leaving');
  }

  /** Something happens. */
  protected abstract step(): Promise<Told> | Told;
  /** Nothing more happens, and what was wrong is mended. */
  protected abstract end(): Promise<void>;
  protected abstract write(): void;
  /** Sees whether something is as it must not be. */
  protected abstract look(): void;

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

  protected die(seat: number): string {
    const member = this.members.get(seat)!;
    member.machine.die();
    member.state = 'dead';
    this.members.delete(seat);
    return `${member.name} dies`;
  }

  /** What brokers hear of it, or what it hears of them, is lost for a while. */
  protected cut({ name }: Member): string {
    const [how, forMs] = [this.pick(['deaf', 'unheard'] as const), this.whole(20_000)];
    this.#cut.set(name, how);
    this.clock.setTimeout(() => this.#cut.delete(name), forMs);
    return `${name} is ${how} for ${forMs} ms`;
  }

  protected isCut({ name }: Member): boolean {
    return this.#cut.has(name);
  }

  /** Its event loop is blocked. */
  protected stop({ name, machine }: Member): string {
    const forMs = this.whole(20_000);
    machine.stop();
    this.clock.setTimeout(() => void machine.goOn(), forMs);
    return `${name} stands still for ${forMs} ms`;
  }

  protected stall(member: Member): string {
    const forMs = this.whole(20_000);
    member.stall();
    this.clock.setTimeout(() => member.goOn(), forMs);
    return `${member.name} takes nothing for ${forMs} ms`;
  }

  protected leave(seat: number, close: () => Promise<void>): string {
    const member = this.members.get(seat)!;
    const { name, client } = member;
    this.members.delete(seat);
    member.goOn();
    member.state = 'leaving';
    const gone = close().then(() => client.close());
    this.leaving.push(gone.catch((error: unknown) => this.violation(`${name} has not left: ${String(error)}`)));
    return `${name} leaves`;
  }

  /** Until it has struck, or the walk ends. */
  protected order(fault: Fault): string {
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
