import { inject, onTestFinished } from 'vitest';
import { apis } from '@tskafka/core/protocol';
import type { BrokerAddress, Transport } from '@tskafka/core/protocol';
import { openKafka, type RealKafka } from '../tools/real-kafka/cluster.ts';
import { code } from './error-code.ts';
import { openMock } from './mock.ts';
import { realCluster } from './real.ts';
import { tcpTransport } from '../packages/testing/src/target/tcp-transport.ts';
import { until } from './until.ts';
import { Wire } from './wire.ts';

declare module 'vitest' {
  interface ProvidedContext {
    broker: { readonly kind: 'mock' | 'kafka'; readonly nodes: number; readonly secure: boolean; readonly folder: string };
  }
}

/** What both kinds of cluster can do to themselves. */
export interface Cluster {
  readonly bootstrap: string;
  /** How clients reach it; undefined: by TCP. */
  readonly transport: Transport | undefined;
  /** Addresses that another process reaches. */
  overTcp(): Promise<string>;
  /** Addresses, by TCP, that want a login: the user of tools/real-kafka by PLAIN and SCRAM, anybody by an unsigned token. Three nodes only. */
  withSasl(): Promise<string>;
  kill(node: number): Promise<void>;
  restart(node: number): Promise<void>;
  moveLeader(topic: string, partition: number, node: number): Promise<void>;
}

export interface TopicOptions {
  readonly prefix?: string;
  /** Default: one that is new. */
  readonly name?: string;
  readonly partitions?: number;
  /** Default: on one broker only. */
  readonly replicationFactor?: number;
  /** Instead of both numbers: the brokers of each partition, the first of which leads. */
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TestTopic {
  readonly name: string;
  readonly id: string;
}

/** The cluster that the tests of this run are given: a mock in this process, or a real Kafka. */
export class Broker {
  readonly kind: 'mock' | 'kafka';
  readonly nodes: number;
  readonly bootstrap: string;
  readonly transport: Transport | undefined;
  /** The real cluster with its tools and secured listeners. Suites that ask for it run on a real Kafka only. */
  readonly kafka: RealKafka | undefined;
  readonly #cluster: Cluster;
  readonly #dead = new Set<number>();
  readonly #wires: Wire[] = [];

  constructor(cluster: Cluster, kafka: RealKafka | undefined, nodes: number) {
    this.kind = kafka === undefined ? 'mock' : 'kafka';
    this.nodes = nodes;
    this.bootstrap = cluster.bootstrap;
    this.transport = cluster.transport;
    this.kafka = kafka;
    this.#cluster = cluster;
  }

  /** A name that no other test uses: topics, groups and transactional ids outlive their test. */
  freshName(prefix = 'test'): string {
    return `${prefix}-${freshNames++}-${Math.random().toString(36).slice(2, 8)}`;
  }

  /** A raw connection to this node; without a node to the first that answers. It is closed after the file. */
  async wire(node?: number): Promise<Wire> {
    const wire = node === undefined ? await this.#firstThatAnswers() : await Wire.connect(this.#transport, await this.addressOf(node));
    this.#wires.push(wire);
    return wire;
  }

  async addressOf(node: number): Promise<BrokerAddress> {
    const wire = await this.wire();
    const { brokers } = await wire.send(apis.metadata, 4, { topics: [], allowAutoTopicCreation: false });
    wire.close();
    const found = brokers.find((broker) => broker.nodeId === node);
    if (found === undefined) throw new Error(`node ${node} is not among ${brokers.map((broker) => broker.nodeId).join(', ')}`);
    return found;
  }

  /** Creates a topic, and resolves once every node knows it. */
  async createTopic(options: TopicOptions = {}): Promise<TestTopic> {
    const { prefix = 'topic', assignments, partitions = assignments?.length ?? 1, replicationFactor = 1, configs = {} } = options;
    const name = options.name ?? this.freshName(prefix);
    const wire = await this.wire();
    const request = {
      name,
      numPartitions: assignments === undefined ? partitions : -1,
      replicationFactor: assignments === undefined ? replicationFactor : -1,
      assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await wire.send(apis.createTopics, 7, { topics: [request], timeoutMs: 30_000 });
    if (topics[0]!.errorCode !== 0) throw new Error(`creating ${name}: error ${topics[0]!.errorCode} ${topics[0]!.errorMessage}`);
    await this.everyNodeKnows(name, partitions, topics[0]!.topicId);
    wire.close();
    return { name, id: topics[0]!.topicId };
  }

  /**
   * Resolves once every living node knows this topic with so many partitions, and a leader of each; with an id, not the one that had its name
   * before. Whatever the controller has written before is known everywhere then, too.
   */
  everyNodeKnows(topic: string, partitions: number, id?: string): Promise<void> {
    return this.everyNode(`knows ${topic}`, async (wire) => (await this.leaders(topic, wire, id)).length === partitions);
  }

  /**
   * Resolves once this is true of every living node. A real Kafka answers when its controller has written down what is to be, and each node hears
   * of it in its own time: a coordinator, or the node that a client happens to ask, may be the last.
   */
  async everyNode(what: string, isTrue: (wire: Wire) => Promise<boolean>): Promise<void> {
    const any = await this.wire();
    const { brokers } = await any.send(apis.metadata, 4, { topics: [], allowAutoTopicCreation: false });
    any.close();
    const nodes = brokers.map(async (address) => {
      const wire = await Wire.connect(this.#transport, address);
      await until(`node ${address.nodeId} ${what}`, () => isTrue(wire));
      wire.close();
    });
    await Promise.all(nodes);
  }

  /** The leader of each partition by its number; empty while one has none, and while the topic has another id than the given one. */
  async leaders(topic: string, wire: Wire, id?: string): Promise<number[]> {
    const { topics } = await wire.send(apis.metadata, 12, { topics: [{ name: topic }], allowAutoTopicCreation: false });
    const partitions = topics[0]!.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
    const isIt = id === undefined || topics[0]!.topicId === id;
    const isLed = isIt && topics[0]!.errorCode === 0 && partitions.every((partition) => partition.errorCode === 0);
    return isLed ? partitions.map((partition) => partition.leaderId) : [];
  }

  /** A raw connection to the leader of this partition. It resolves once that node knows that it is the leader. */
  async leaderWire(topic: TestTopic, partition = 0): Promise<Wire> {
    const any = await this.wire();
    let leader: Wire | undefined;
    const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, timestamp: -1 }] }];
    await until(`${topic.name}-${partition} has a leader`, async () => {
      const node = (await this.leaders(topic.name, any))[partition];
      if (node === undefined) return false;
      const wire = await this.wire(node).catch(() => undefined); // it may be dead, and not be known to be
      if (wire === undefined) return false;
      const answer = await wire.send(apis.listOffsets, 1, { replicaId: -1, topics });
      if (answer.topics[0]!.partitions[0]!.errorCode === 0) leader = wire;
      else wire.close();
      return leader !== undefined;
    });
    any.close();
    return leader!;
  }

  /**
   * A raw connection to the coordinator of this group or (`transaction`) transactional id. One that has just been chosen answers only once it has
   * loaded its part of the internal topic, and the node that is asked may still name the one before.
   */
  async coordinatorWire(key: string, kind: 'group' | 'transaction' = 'group'): Promise<Wire> {
    const any = await this.wire();
    let coordinator: Wire | undefined;
    await until(`${key} has a coordinator`, async () => {
      const { errorCode, nodeId } = await any.send(apis.findCoordinator, 2, { key, keyType: kind === 'group' ? 0 : 1 });
      if (errorCode !== code.none) return false;
      const wire = await this.wire(nodeId).catch(() => undefined); // it may be dead, and not be known to be
      if (wire === undefined) return false;
      if (await coordinates(wire, key, kind)) coordinator = wire;
      else wire.close();
      return coordinator !== undefined;
    });
    any.close();
    return coordinator!;
  }

  /** Addresses that another process reaches. */
  overTcp(): Promise<string> {
    return this.#cluster.overTcp();
  }

  /** Addresses, by TCP, that want a login, in the order of the nodes. */
  async withSasl(): Promise<readonly BrokerAddress[]> {
    const addresses = (await this.#cluster.withSasl()).split(',');
    return addresses.map((address) => ({ host: address.split(':')[0]!, port: Number(address.split(':')[1]) }));
  }

  /** Ends the node as a power cut does. A test that fails before it restarts the node does not take the next ones with it. */
  async kill(node: number): Promise<void> {
    onTestFinished(() => (this.#dead.has(node) ? this.restart(node) : undefined), 60_000);
    this.#dead.add(node);
    await this.#cluster.kill(node);
  }

  /** Starts the node again, which is shut down in good order first if it runs. What it may miss is still missing. */
  async start(node: number): Promise<void> {
    await this.#cluster.restart(node);
    this.#dead.delete(node);
  }

  /** Starts the node again, and resolves once all nodes are back in every topic's metadata. */
  async restart(node: number): Promise<void> {
    await this.start(node);
    const wire = await this.wire();
    await until(
      'all nodes are back',
      async () => {
        const { brokers, topics } = await wire.send(apis.metadata, 4, { topics: null });
        const partitions = topics.flatMap((topic) => topic.partitions);
        return brokers.length === this.nodes && partitions.every(({ replicaNodes, isrNodes }) => replicaNodes.length === isrNodes.length);
      },
      50_000,
    );
    wire.close();
  }

  /** Makes the node the leader of the partition. */
  moveLeader(topic: TestTopic, partition: number, node: number): Promise<void> {
    return this.#cluster.moveLeader(topic.name, partition, node);
  }

  closeWires(): void {
    for (const wire of this.#wires.splice(0)) wire.close();
  }

  get #transport(): Transport {
    return this.transport ?? tcpTransport;
  }

  async #firstThatAnswers(): Promise<Wire> {
    let reason: unknown;
    for (const address of this.bootstrap.split(',')) {
      const [host, port] = address.split(':');
      try {
        return await Wire.connect(this.#transport, { host: host!, port: Number(port) });
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  }
}

async function coordinates(wire: Wire, key: string, kind: 'group' | 'transaction'): Promise<boolean> {
  if (kind === 'group') return (await wire.send(apis.offsetFetch, 5, { groupId: key, topics: null })).errorCode === code.none;
  const { transactionStates } = await wire.send(apis.describeTransactions, 0, { transactionalIds: [key] });
  const { errorCode } = transactionStates[0]!;
  return ![code.notCoordinator, code.coordinatorLoadInProgress, code.coordinatorNotAvailable].some((passing) => passing === errorCode);
}

let freshNames = 0;

async function open(): Promise<Broker> {
  const { kind, nodes, folder } = inject('broker');
  if (kind === 'mock') return new Broker(await openMock(nodes), undefined, nodes);
  const kafka = await openKafka(folder);
  return new Broker(realCluster(kafka), kafka, nodes);
}

/** The cluster of this file. */
export const broker = await open();
