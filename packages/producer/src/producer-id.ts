import { KafkaError } from '@tskafka/core';
import type { Cluster } from '@tskafka/core/internal';
import { apis, brokerError, type Decoded, type InitProducerIdResponse } from '@tskafka/core/protocol';
import type { Identities, ProducerIdentity } from './identities.ts';

const lastEpoch = 2 ** 15 - 1;

/** The same producer one epoch later (KIP-360); undefined when its epochs are used up, and it needs another id. */
export function nextEpoch({ producerId, epoch }: ProducerIdentity): ProducerIdentity | undefined {
  return epoch < lastEpoch ? { producerId, epoch: epoch + 1 } : undefined;
}

/** The producer's id, which the cluster gives out. */
export class ProducerIds implements Identities {
  readonly mayBeginEpoch = true;
  readonly maxProduceVersion = undefined;
  readonly #cluster: Cluster;
  #current: ProducerIdentity | undefined;
  #asking: Promise<ProducerIdentity> | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** The identity for a partition that has none yet; undefined until one was asked for. */
  get current(): ProducerIdentity | undefined {
    return this.#current;
  }

  /** That this id is not to be used any more: brokers refuse it, or its epochs are used up. The next `ask` brings another. */
  discard(identity: ProducerIdentity): void {
    if (this.#current?.producerId === identity.producerId) this.#current = undefined;
  }

  admits(): boolean {
    return true;
  }

  failed(): void {}

  /** The id; asks the cluster for one when there is none, once for callers at the same time. */
  ask(signal?: AbortSignal): Promise<ProducerIdentity> {
    if (this.#current !== undefined) return Promise.resolve(this.#current);
    this.#asking ??= this.#ask(signal).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(signal: AbortSignal | undefined): Promise<ProducerIdentity> {
    const cluster = this.#cluster;
    const request = { transactionalId: null, transactionTimeoutMs: 0x7fffffff };
    const attempt = async (giveUp: AbortSignal): Promise<Decoded<InitProducerIdResponse>> => {
      const response = await cluster.send('any', apis.initProducerId, request, { signal: giveUp });
      if (response.errorCode !== 0) throw brokerError(response.errorCode, 'asking for a producer id');
      return response;
    };
    const { producerId, producerEpoch } = await cluster.retry(attempt, {
      what: 'a producer id',
      timeoutMs: cluster.options.apiTimeoutMs,
      signal,
    });
    if (producerId < 0) throw new KafkaError(`the broker assigned the producer id ${producerId}`, { retriable: true });
    this.#current = { producerId, epoch: producerEpoch };
    return this.#current;
  }
}
