import { BrokerError, KafkaError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import { findCoordinator } from '../protocol/apis/find-coordinator.ts';
import { brokerError, errorCodes } from '../protocol/error-codes.ts';
import type { Cluster, RetryOptions } from './cluster.ts';

/** What a coordinator looks after, and Kafka's number of it. */
const keyTypes = { group: 0, transaction: 1, share: 2 } as const;
export type CoordinatorType = keyof typeof keyTypes;

const moved: ReadonlySet<number> = new Set([errorCodes.COORDINATOR_NOT_AVAILABLE, errorCodes.NOT_COORDINATOR]);

/** Finds and remembers which broker coordinates a group or a transactional id. */
export class Coordinators {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, Promise<number>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Runs `attempt` with the coordinator's broker id, and again with a newly found one when it has moved or is out of reach. */
  retry<T>(type: CoordinatorType, key: string, attempt: (brokerId: number) => Promise<T>, options: RetryOptions): Promise<T> {
    return this.#cluster.retry(async () => {
      const brokerId = await this.find(type, key, options.signal);
      try {
        return await attempt(brokerId);
      } catch (error) {
        if (hasMoved(error)) this.forget(type, key);
        throw error;
      }
    }, options);
  }

  /** The broker that coordinates; asks once for callers at the same time. */
  find(type: CoordinatorType, key: string, signal?: AbortSignal): Promise<number> {
    const id = `${type}\0${key}`;
    let found = this.#known.get(id);
    if (found === undefined) {
      found = this.#ask(type, key, signal);
      found.catch(() => this.#known.delete(id));
      this.#known.set(id, found);
    }
    return found;
  }

  forget(type: CoordinatorType, key: string): void {
    this.#known.delete(`${type}\0${key}`);
  }

  async #ask(type: CoordinatorType, key: string, signal?: AbortSignal): Promise<number> {
    const keyType = keyTypes[type];
    const connection = await this.#cluster.connection('any', 'main', signal);
    const batched = connection.versions.pick(findCoordinator as never) >= 4;
    const request = batched ? { keyType, coordinatorKeys: [key] } : { keyType, key };
    const response = await connection.send(findCoordinator, request, { signal });
    const answer = batched ? response.coordinators[0] : response;
    if (answer === undefined) throw new KafkaError(`${connection.name} did not answer for the ${type} '${key}'`, { retriable: true });
    if (answer.errorCode !== 0) throw brokerError(answer.errorCode, `coordinator of the ${type} '${key}'`);
    this.#cluster.addBroker({ id: answer.nodeId, host: answer.host, port: answer.port, rack: null });
    return answer.nodeId;
  }
}

function hasMoved(error: unknown): boolean {
  if (error instanceof BrokerError) return moved.has(error.code);
  return error instanceof SocketDisconnectedError || error instanceof TimeoutError;
}
