import { BrokerError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { findCoordinator } from '../protocol/apis/find-coordinator.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { Connection } from '../connection/connection.ts';
import { raceWithSignal } from '../signal.ts';
import type { Cluster } from './cluster.ts';
import type { RetryOptions } from './retry.ts';
import { Together } from './together.ts';

/** What a coordinator looks after, and Kafka's number of it. */
const keyTypes = { group: 0, transaction: 1, share: 2 } as const;
export type CoordinatorType = keyof typeof keyTypes;

const moved: ReadonlySet<number> = new Set([errorCodes.COORDINATOR_NOT_AVAILABLE, errorCodes.NOT_COORDINATOR]);

interface Answer {
  readonly errorCode: number;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** Kafka's bound is lower. A longer name could not be written, and would spoil the request for those that it is asked with. */
const longestSharedKey = 0x7fff / 4;

/** Finds and remembers which broker coordinates a group or a transactional id. What is looked up at the same time is one request (KIP-699). */
export class Coordinators {
  readonly #cluster: Cluster;
  readonly #lookUps: Readonly<Record<CoordinatorType, Together<string, Answer>>>;
  readonly #known = new Map<string, { readonly found: Promise<number>; brokerId: number | undefined }>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const lookUp = (type: CoordinatorType): Together<string, Answer> => new Together((keys) => this.#ask(type, keys));
    this.#lookUps = { group: lookUp('group'), transaction: lookUp('transaction'), share: lookUp('share') };
  }

  /** Runs `attempt` with the coordinator's broker id, and again with a newly found one when it has moved or is out of reach. */
  retry<T>(
    type: CoordinatorType,
    key: string,
    attempt: (brokerId: number, signal: AbortSignal) => Promise<T>,
    options: Omit<RetryOptions, 'what'> & { readonly what?: string },
  ): Promise<T> {
    const find = async (signal: AbortSignal): Promise<T> => {
      const brokerId = await this.find(type, key, signal);
      try {
        return await attempt(brokerId, signal);
      } catch (error) {
        if (hasMoved(error)) this.forget(type, key, brokerId);
        throw error;
      }
    };
    return this.#cluster.retry(find, { what: `the coordinator of ${type} '${key}'`, topics: [], ...options });
  }

  /** The broker that coordinates. Callers at the same time share one lookup, and it goes on when one of them gives up. */
  find(type: CoordinatorType, key: string, signal?: AbortSignal): Promise<number> {
    const id = idOf(type, key);
    let coordinator = this.#known.get(id);
    if (coordinator === undefined) {
      const found = this.#lookUp(type, key);
      found.then(
        (brokerId) => (coordinator!.brokerId = brokerId),
        () => this.#known.delete(id),
      );
      coordinator = { found, brokerId: undefined };
      this.#known.set(id, coordinator);
    }
    return signal === undefined ? coordinator.found : raceWithSignal(coordinator.found, signal);
  }

  /** The broker is not, or no longer, the coordinator. One that was found meanwhile stays known. */
  forget(type: CoordinatorType, key: string, brokerId: number): void {
    const id = idOf(type, key);
    if (this.#known.get(id)?.brokerId === brokerId) this.#known.delete(id);
  }

  async #lookUp(type: CoordinatorType, key: string): Promise<number> {
    const isShared = key.length <= longestSharedKey;
    const answer = isShared ? await this.#lookUps[type].ask(key) : (await this.#ask(type, [key])).get(key)!;
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `coordinator of the ${type} '${key}'`);
    this.#cluster.addBroker({ id: answer.nodeId, host: answer.host, port: answer.port, rack: null });
    return answer.nodeId;
  }

  #ask(type: CoordinatorType, keys: readonly string[]): Promise<Map<string, Answer>> {
    const keyType = keyTypes[type];
    const ask = async (connection: Connection, signal: AbortSignal): Promise<Map<string, Answer>> => {
      // Up to version 3 a request is for one key, from version 4 on for a list of them.
      if (connection.versions.pick(findCoordinator) >= 4) {
        const { coordinators } = await connection.send(findCoordinator, { keyType, coordinatorKeys: keys }, { signal });
        return new Map(coordinators.map((answer) => [answer.key, answer]));
      }
      const each = async (key: string) => [key, await connection.send(findCoordinator, { keyType, key }, { signal })] as const;
      return new Map(await Promise.all(keys.map(each)));
    };
    return this.#cluster.askAny(ask, this.#cluster.closing);
  }
}

function idOf(type: CoordinatorType, key: string): string {
  return `${type}\0${key}`;
}

function hasMoved(error: unknown): boolean {
  if (error instanceof BrokerError) return moved.has(error.code);
  return error instanceof SocketDisconnectedError || error instanceof TimeoutError;
}
