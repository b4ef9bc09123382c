import { apis, zeroUuid } from '@tskafka/core/protocol';
import type { Api, Decoded } from '@tskafka/core/protocol';
import type { TestTopic, TopicOptions } from '../broker.ts';
import { emptyFrame } from '../empty-frame.ts';
import { loginByToken } from '../login.ts';
import { until } from '../until.ts';
import type { Wire } from '../wire.ts';
import { Normaliser, type Json } from './normalise.ts';
import type { Side } from './side.ts';

/** One request and what came of it, ready to be compared. */
export interface Exchange {
  readonly api: string;
  readonly version: number;
  readonly answer: Json;
}

export interface AskOptions {
  /** Default: the version under test for the API of the scenario, for others the newest that a real Kafka offers. */
  readonly version?: number;
  /** Default: the first. */
  readonly node?: number;
  /** An array, wherever it stands in the answer, that tells of the whole cluster: only what bears a name of this scenario is compared. */
  readonly own?: string;
  /** Fields of the answer that say nothing: by their names, wherever they stand. */
  readonly mask?: readonly string[];
  /** A connection of its own, by any name: fetch sessions and logins belong to one. Default: one for each node. */
  readonly connection?: string;
  /** Logged in as this user, where nodes ask for a login; `''` is a connection that has yet to log in. Default: one without any. */
  readonly as?: string;
}

/** The side does not offer what was asked. */
export class NotOffered extends Error {}

/** The broker has ended the connection instead of an answer. */
export class ConnectionEnded extends Error {}

/** A scenario's conversation with one of the two clusters. */
export class Talk {
  readonly version: number;
  /** The time at which both sides were begun with: what is in a request must be the same on both. */
  readonly startedAt: number;
  readonly exchanges: Exchange[] = [];
  readonly #side: Side;
  readonly #newest: (api: Pick<Api, 'key' | 'maxVersion'>) => number;
  readonly #apiUnderTest: number;
  /** What all names of this run of the scenario begin with, on both sides. */
  readonly token: string;
  readonly #normaliser = new Normaliser();
  readonly #wires = new Map<string, Promise<Wire>>();
  readonly #topics: string[] = [];
  #names = 0;

  constructor(
    side: Side,
    options: {
      readonly api: Pick<Api, 'key'>;
      readonly version: number;
      readonly token: string;
      /** Milliseconds; the same on both sides. */
      readonly startedAt: number;
      readonly newest: (api: Pick<Api, 'key' | 'maxVersion'>) => number;
    },
  ) {
    this.#side = side;
    this.version = options.version;
    this.startedAt = options.startedAt;
    this.#apiUnderTest = options.api.key;
    this.token = options.token;
    this.#newest = options.newest;
  }

  /** A name that nobody else uses, the same on both sides if both ask in the same order. */
  name(what = 'name'): string {
    return `${this.token}-${what}-${++this.#names}`;
  }

  /** Sends a request and keeps the answer for the comparison. Once the broker has ended the connection, the scenario ends. */
  async ask<Request, Response>(api: Api<Request, Response>, request: Request, options: AskOptions = {}): Promise<Decoded<Response>> {
    const version = options.version ?? (api.key === this.#apiUnderTest ? this.version : this.#newest(api));
    let answer: Decoded<Response>;
    try {
      answer = await this.#send(api, version, request, options);
    } catch (error) {
      if (error instanceof ConnectionEnded) this.exchanges.push({ api: api.name, version, answer: { connection: 'ended by the broker' } });
      throw error;
    }
    this.keep(api, version, answer, options);
    return answer;
  }

  /** Keeps an answer for the comparison. `ask` does it when the answer is there; of several that are asked for at once that would be in any order. */
  keep(api: Pick<Api, 'name'>, version: number, answer: unknown, options: AskOptions = {}): void {
    this.exchanges.push({ api: api.name, version, answer: this.#normaliser.normalise(this.#ownPart(answer, options.own), options.mask) });
  }

  /** Sends a request whose answer is not compared: for what must be waited for, and for what another scenario is about. */
  async peek<Request, Response>(api: Api<Request, Response>, request: Request, options: AskOptions = {}): Promise<Decoded<Response>> {
    return this.#send(api, options.version ?? this.#newest(api), request, options);
  }

  /** Sends a request of a version that the codec does not know. Nobody answers it: the connection ends, and so does the scenario. */
  async askUnknown(api: Pick<Api, 'key' | 'name'>, version: number): Promise<void> {
    const wire = await this.#wire({});
    const answer = wire.sendBytes(1, emptyFrame(api.key, version)).catch(() => undefined);
    const answered = await inTime(answer, `${this.#side.name} does not answer ${api.name} version ${version}`);
    this.exchanges.push({ api: api.name, version, answer: { connection: answered === undefined ? 'ended by the broker' : 'answered' } });
  }

  /** Sends a request that has no answer. */
  async tell<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    { version = this.version, ...options }: AskOptions = {},
  ): Promise<void> {
    if (!this.#side.offers(api.key, version)) throw new NotOffered(`${api.name} version ${version}`);
    (await this.#wire(options)).sendOnly(api, version, request);
    this.exchanges.push({ api: api.name, version, answer: null });
  }

  /** Waits for what a real Kafka does after it has answered. */
  until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
    return until(`${this.#side.name}: ${what}`, isTrue);
  }

  /** Creates a topic, without comparing it; resolves once its leaders serve it. */
  async topic({
    partitions = 1,
    replicationFactor = 1,
    assignments,
    configs = {},
    prefix = 'topic',
  }: TopicOptions = {}): Promise<TestTopic> {
    const name = this.name(prefix);
    const request = {
      name,
      numPartitions: assignments === undefined ? partitions : -1,
      replicationFactor: assignments === undefined ? replicationFactor : -1,
      assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await this.peek(apis.createTopics, { topics: [request], timeoutMs: 30_000 });
    if (topics[0]!.errorCode !== 0) throw new Error(`creating ${name}: ${topics[0]!.errorCode} ${topics[0]!.errorMessage}`);
    this.#topics.push(name);
    await this.served(name, assignments?.length ?? partitions);
    return { name, id: topics[0]!.topicId };
  }

  /** Resolves once every node knows so many partitions, and the leader of each serves it. */
  async served(name: string, partitions: number): Promise<void> {
    await Promise.all(this.#side.nodes.map((node) => this.#servedAt(node, name, partitions)));
  }

  async #servedAt(node: number, name: string, partitions: number): Promise<void> {
    await this.until(`${name} is served, as node ${node} knows`, async () => {
      const { topics } = await this.peek(apis.metadata, { topics: [{ name }], allowAutoTopicCreation: false }, { node });
      const led = topics[0]!.partitions.filter(({ leaderId, errorCode }) => leaderId > 0 && errorCode === 0);
      if (led.length < partitions) return false;
      const answers = led.map(async ({ leaderId, partitionIndex }) => {
        const asked = [{ name, partitions: [{ partitionIndex, timestamp: -1 }] }];
        const answer = await this.peek(apis.listOffsets, { replicaId: -1, topics: asked }, { version: 4, node: leaderId });
        return answer.topics[0]!.partitions[0]!.errorCode === 0;
      });
      return (await Promise.all(answers)).every(Boolean);
    });
  }

  /** The node that coordinates this group, transactional id (1) or share group's partition (2), once it has loaded what it must know. */
  async coordinator(key: string, keyType = 0): Promise<number> {
    let node = -1;
    await this.until(`${key} has a coordinator`, async () => {
      const { coordinators } = await this.peek(apis.findCoordinator, { keyType, coordinatorKeys: [key] }, { version: 4 });
      const { errorCode, nodeId } = coordinators[0]!;
      if (errorCode !== 0) return false;
      node = nodeId;
      if (keyType !== 0) return true;
      const { groups } = await this.peek(apis.offsetFetch, { groups: [{ groupId: key, topics: null }] }, { version: 8, node });
      return groups[0]!.errorCode === 0;
    });
    return node;
  }

  /** Ends the connections, and takes away the topics: a run makes hundreds, and a real controller grows slow with them. */
  async close(): Promise<void> {
    const topics = this.#topics.map((name) => ({ name, topicId: zeroUuid }));
    if (topics.length > 0) await this.peek(apis.deleteTopics, { topics, timeoutMs: 30_000 }, { connection: 'the end' });
    for (const wire of this.#wires.values()) (await wire).close();
  }

  async #send<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
    options: AskOptions,
  ): Promise<Decoded<Response>> {
    if (!this.#side.offers(api.key, version)) throw new NotOffered(`${api.name} version ${version}`);
    const wire = await this.#wire(options);
    try {
      return await inTime(wire.send(api, version, request), `${this.#side.name} does not answer ${api.name} version ${version}`);
    } catch (error) {
      if (error instanceof Error && error.message.includes('ended the connection')) throw new ConnectionEnded(`${api.name} ${version}`);
      throw error;
    }
  }

  #wire({ node = 1, connection = '', as }: AskOptions): Promise<Wire> {
    const key = `${node} ${connection} ${as === undefined ? '' : `as ${as}`}`;
    let wire = this.#wires.get(key);
    if (wire === undefined) this.#wires.set(key, (wire = as === undefined ? this.#side.connect(node) : this.#login(node, as)));
    return wire;
  }

  async #login(node: number, user: string): Promise<Wire> {
    const wire = await this.#side.connectToLogIn(node);
    if (user !== '') await loginByToken(wire, user);
    return wire;
  }

  #ownPart(answer: unknown, own: string | undefined): unknown {
    if (own === undefined || typeof answer !== 'object' || answer === null || answer instanceof Uint8Array) return answer;
    if (Array.isArray(answer)) return answer.map((element) => this.#ownPart(element, own));
    const isOwn = (element: unknown): boolean => JSON.stringify(element).includes(this.token);
    const fields = Object.entries(answer).map(([field, value]: [string, unknown]) => {
      return [field, field === own ? (value as readonly unknown[]).filter(isOwn) : this.#ownPart(value, own)];
    });
    return Object.fromEntries(fields);
  }
}

/** Longer than any request is held. */
const patienceMs = 15_000;

async function inTime<T>(answer: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), patienceMs);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
