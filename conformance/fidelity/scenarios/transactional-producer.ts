import { apis } from '@tskafka/core/protocol';
import type { TestTopic } from '../../broker.ts';
import { batchOf } from '../../requests.ts';
import type { AskOptions, Talk } from '../talk.ts';
import { produceRequest, recordTime as timestamp } from './requests.ts';

const { initProducerId, addPartitionsToTxn, addOffsetsToTxn, txnOffsetCommit, endTxn, describeTransactions, produce } = apis;

/** Who says so: the producer itself, unless a field says otherwise. */
export interface Said {
  readonly transactionalId?: string;
  readonly producerId?: number;
  readonly producerEpoch?: number;
}

const coordinatorLoads = new Set([14, 15, 16]);
/** The markers of the transaction before are being written. */
const concurrentTransactions = 51;

/** A transactional id whose coordinator, node 1, is ready. */
export async function transactional(talk: Talk): Promise<string> {
  const id = talk.name('transactional');
  await talk.coordinator(id, 1);
  await talk.until(`${id} is coordinated`, async () => !coordinatorLoads.has((await stateOf(talk, id)).errorCode));
  return id;
}

async function stateOf(talk: Talk, id: string) {
  const { transactionStates } = await talk.peek(describeTransactions, { transactionalIds: [id] });
  return transactionStates[0]!;
}

/** A producer with a transactional id, as raw requests; what it asks is compared. */
export class Producer {
  readonly transactionalId: string;
  producerId = -1;
  producerEpoch = -1;
  readonly #talk: Talk;
  #sequence = 0;

  /** Begins without being compared. */
  static async start(talk: Talk): Promise<Producer> {
    const producer = new Producer(talk, await transactional(talk));
    const { producerId, producerEpoch } = await talk.peek(initProducerId, producer.beginning(), { version: 5 });
    Object.assign(producer, { producerId, producerEpoch });
    return producer;
  }

  constructor(talk: Talk, transactionalId: string) {
    this.#talk = talk;
    this.transactionalId = transactionalId;
  }

  beginning(transactionTimeoutMs = 60_000) {
    return { transactionalId: this.transactionalId, transactionTimeoutMs };
  }

  async begin(options: AskOptions = {}): Promise<void> {
    const { producerId, producerEpoch } = await this.#talk.ask(initProducerId, this.beginning(), options);
    Object.assign(this, { producerId, producerEpoch });
    this.#sequence = 0;
  }

  /** What AddPartitionsToTxn takes: brokers speak newer versions than clients. */
  addition(version: number, topics: readonly (readonly [name: string, ...partitions: number[]])[], said: Said = {}, verifyOnly = false) {
    const { transactionalId, producerId, producerEpoch } = this.#said(said);
    const added = topics.map(([name, ...partitions]) => ({ name, partitions }));
    if (version >= 4) return { transactions: [{ transactionalId, producerId, producerEpoch, verifyOnly, topics: added }] };
    return {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: added,
    };
  }

  /** Adds a partition, and writes a record to it, as clients did before KIP-890; nothing of it is compared. */
  async write(topic: TestTopic, value = 'a'): Promise<void> {
    await this.#talk.peek(addPartitionsToTxn, this.addition(3, [[topic.name, 0]]), { version: 3 });
    await this.#talk.peek(produce, this.production(topic, value), { version: 11 });
  }

  production(topic: TestTopic, value: string, said: Said = {}) {
    const { transactionalId, producerId, producerEpoch } = this.#said(said);
    const baseSequence = this.#sequence++;
    const batch = batchOf([{ value, timestamp }], { producerId, producerEpoch, baseSequence, isTransactional: true });
    return produceRequest(topic, batch, { transactionalId });
  }

  offsetsOf(groupId: string, said: Said = {}) {
    return { ...this.#said(said), groupId };
  }

  addOffsets(groupId: string, said: Said = {}, options: AskOptions = {}) {
    return this.#talk.ask(addOffsetsToTxn, this.offsetsOf(groupId, said), options);
  }

  commitment(groupId: string, topic: TestTopic, committedOffset: number, said: Said = {}, { partition = 0, metadata = 'meta' } = {}) {
    const partitions = [{ partitionIndex: partition, committedOffset, committedMetadata: metadata }];
    return { ...this.offsetsOf(groupId, said), topics: [{ name: topic.name, partitions }] };
  }

  commitOffset(...[groupId, topic, committedOffset, said, fields]: Parameters<Producer['commitment']>) {
    return this.#talk.ask(txnOffsetCommit, this.commitment(groupId, topic, committedOffset, said, fields));
  }

  ending(committed: boolean, said: Said = {}) {
    return { ...this.#said(said), committed };
  }

  /** Ends the transaction, and resolves once its markers are written. */
  async end(committed: boolean, options: AskOptions = {}): Promise<void> {
    const { errorCode, producerId, producerEpoch } = await this.#talk.ask(endTxn, this.ending(committed), options);
    if (errorCode === 0 && producerId !== undefined && producerId !== -1) {
      Object.assign(this, { producerId, producerEpoch });
      this.#sequence = 0;
    }
    await this.settled();
  }

  /** A real coordinator writes the markers after it has answered. */
  async settled(): Promise<void> {
    await this.#talk.until(`the markers of ${this.transactionalId} are written`, async () => {
      const { errorCode, transactionState } = await stateOf(this.#talk, this.transactionalId);
      return errorCode !== concurrentTransactions && !transactionState.startsWith('Prepare');
    });
  }

  #said({ transactionalId = this.transactionalId, producerId = this.producerId, producerEpoch = this.producerEpoch }: Said) {
    return { transactionalId, producerId, producerEpoch };
  }
}
