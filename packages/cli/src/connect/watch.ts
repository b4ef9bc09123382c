import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Diagnostics, KafkaClient, KafkaError } from '@tskafka/core';
import { formatAddress } from '@tskafka/core/protocol';

/** Why nothing can be done: what each address said. */
export class Unreachable extends Error {
  readonly failures: ReadonlyMap<string, KafkaError | Error>;
  /** The cluster answered, but named brokers that cannot be reached from here. */
  readonly advertised: boolean;

  constructor(failures: ReadonlyMap<string, Error>, advertised: boolean) {
    super('no broker can be reached');
    this.failures = failures;
    this.advertised = advertised;
  }
}

/** So long an address of the cluster's own may be out of reach, before a command that got nowhere else gives up. */
const patienceMs = 500;

/**
 * Watches what becomes of the connections to a cluster. The library goes on trying, as a service wants it; a person at a terminal wants to know at once. So a command ends
 * when each bootstrap address has failed once, and when none of the brokers that the cluster names can be reached.
 */
export class ConnectionWatch {
  /** The last failure of each address. */
  readonly failures = new Map<string, Error>();
  /** Where somebody answered. */
  readonly reached = new Set<string>();
  /** Rejects with Unreachable. */
  readonly failed: Promise<never>;
  readonly #bootstrap: ReadonlySet<string>;
  readonly #giveUp: (error: Unreachable) => void;
  #isConnected = false;
  #client: Pick<KafkaClient, 'brokers'> | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(bootstrap: readonly string[]) {
    this.#bootstrap = new Set(bootstrap);
    let giveUp: (error: Unreachable) => void;
    this.failed = new Promise<never>((_, reject) => (giveUp = reject));
    this.failed.catch(() => {});
    this.#giveUp = giveUp!;
    subscribe('tskafka:connection:open', this.#opened);
    subscribe('tskafka:connection:error', this.#errored);
    subscribe('tskafka:connection:close', this.#closed);
    subscribe('tskafka:metadata', this.#connected);
  }

  /** The cluster was reached: the brokers that it names are looked at too, and no others, which may be those of another cluster. */
  follow(client: Pick<KafkaClient, 'brokers'>): void {
    this.#client = client;
  }

  close(): void {
    clearTimeout(this.#patience);
    unsubscribe('tskafka:connection:open', this.#opened);
    unsubscribe('tskafka:connection:error', this.#errored);
    unsubscribe('tskafka:connection:close', this.#closed);
    unsubscribe('tskafka:metadata', this.#connected);
  }

  /** Why it is slow or failed, as far as connections say it. */
  get lastFailure(): Error | undefined {
    return [...this.failures.values()].at(-1);
  }

  #isOurs(address: string): boolean {
    return this.#bootstrap.has(address) || (this.#client?.brokers.some((broker) => formatAddress(broker) === address) ?? true);
  }

  readonly #connected = (event: unknown): void => {
    if (this.#bootstrap.has((event as Diagnostics['tskafka:metadata']).broker)) this.#isConnected = true;
  };

  readonly #opened = (event: unknown): void => {
    const { address, broker } = event as Diagnostics['tskafka:connection:open'];
    if (this.#isOurs(address)) this.reached.add(broker);
  };

  readonly #errored = (event: unknown): void => {
    const { address, broker, error } = event as Diagnostics['tskafka:connection:error'];
    this.#note(address, broker, error);
  };

  /** A broker that wants a login, or TLS, closes the connection at the first request. */
  readonly #closed = (event: unknown): void => {
    const { address, broker, reason } = event as Diagnostics['tskafka:connection:close'];
    if (!this.#isConnected) this.#note(address, broker, this.failures.get(address) ?? new Error(reason));
  };

  #note(address: string, broker: string, error: Error): void {
    if (!this.#isOurs(address)) return;
    this.failures.set(address, error);
    if (!this.#isConnected) {
      if ([...this.#bootstrap].every((each) => this.failures.has(each))) this.#giveUp(new Unreachable(this.failures, false));
    } else if (broker !== address) {
      this.#patience ??= setTimeout(() => this.#lookAgain(), patienceMs);
    }
  }

  #lookAgain(): void {
    this.#patience = undefined;
    const named = [...this.reached].filter((broker) => broker.startsWith('broker '));
    if (named.length === 0)
      this.#giveUp(new Unreachable(new Map([...this.failures].filter(([address]) => !this.#bootstrap.has(address))), true));
  }
}
