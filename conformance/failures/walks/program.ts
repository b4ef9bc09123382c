import type { KafkaClient } from '@tskafka/consumer';
import type { Machine } from './machine.ts';

/** What a walk asks of each consumer. */
interface Walker {
  start(): Promise<unknown>;
  close(): Promise<void>;
  subscribe(topics: readonly string[] | RegExp): void;
}

/** A program that runs one consumer on a machine of its own. */
export class Program<Consumer extends Walker = Walker> {
  consumer!: Consumer;
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
