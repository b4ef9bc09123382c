import { type Clock, errorCodes, type Random } from '@tskafka/core/protocol';
import { type BrokerConfigs, topicConfig, topicConfigNumber } from './configs/configs.ts';
import { GroupConfigs } from './configs/group-configs.ts';
import { Group } from './groups/group.ts';
import { GroupExpiry } from './groups/group-expiry.ts';
import type { Authorizer } from './security/authorizer.ts';
import { DelegationTokens } from './security/delegation-tokens.ts';
import { ClientQuotas } from './quotas/client-quotas.ts';
import { ScramUsers } from './security/scram-users.ts';
import { FeatureLevels } from './broker/feature-levels.ts';
import { featuresOf } from './broker/features.ts';
import type { KafkaRelease } from './broker/kafka-releases.ts';
import { maintain } from './topics/maintain.ts';
import { type SubscriptionConfigs, Telemetry } from './broker/telemetry.ts';
import { changePartition, type PartitionChange } from './topics/change-partition.ts';
import type { Election } from './topics/election.ts';
import { ShareBroker } from './share/share-broker.ts';
import { ShareStates } from './share/share-states.ts';
import { placeReplicas } from './topics/placement.ts';
import { isReassigning } from './topics/reassignment.ts';
import { randomUuid } from './random-uuid.ts';
import { isInternalTopic } from './topics/topic-name.ts';
import { Activity } from './waiting/activity.ts';
import { type PartitionState, type TopicRules, TopicState } from './topics/topic.ts';
import type { CoordinatorType } from './topics/coordinator-topics.ts';
import { Coordinators } from './topics/coordinators.ts';
import { TopicNews } from './topics/topic-news.ts';
import type { Realism } from './realism.ts';
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

export interface BrokerRecord {
  readonly id: number;
  readonly rack: string | undefined;
  /** Whether the cluster believes that it runs. */
  alive: boolean;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  /** The replicas of each partition; instead of a number of partitions and a replication factor. */
  readonly assignments?: readonly (readonly number[])[] | undefined;
  readonly configs?: Iterable<readonly [string, string]> | undefined;
}

/** What the cluster is: brokers, topics, groups. It knows no connections. */
export class ClusterState {
  clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly configs: BrokerConfigs;
  /** The release that its brokers pass for. */
  readonly release: KafkaRelease;
  /** Tells those who wait that something may have changed. */
  readonly activity = new Activity();
  /** undefined: everybody may do everything. */
  readonly authorizer: Authorizer | undefined;
  readonly scramUsers: ScramUsers;
  readonly tokens: DelegationTokens;
  readonly quotas = new ClientQuotas();
  readonly brokers = new Map<number, BrokerRecord>();
  readonly features: FeatureLevels;
  readonly telemetry = new Telemetry();
  readonly topics = new Map<string, TopicState>();
  readonly groups = new Map<string, Group>();
  readonly #groupExpiry = new GroupExpiry(this);
  readonly coordinators: Coordinators;
  readonly topicNews: TopicNews;
  readonly transactions = new TransactionCoordinator(this);
  /** What is stored of the share groups' partitions. */
  readonly shareStates = new ShareStates();
  readonly #shareBrokers = new Map<number, ShareBroker>();
  readonly #topicsById = new Map<string, TopicState>();
  /** What keeps moves of partitions from ending. */
  readonly heldReassignments = new Set<symbol>();
  /** The term of the controller, which a move ends. */
  controllerEpoch = 1;
  #controllerId: number | undefined;
  readonly #startedAt: number;
  readonly #unregistered = new Map<number, BrokerRecord>();
  #lastProducerId = 999;
  #topicsCreated = 0;

  constructor(options: {
    clock: Clock;
    random: Random;
    clusterId?: string | undefined;
    configs: BrokerConfigs;
    release: KafkaRelease;
    authorizer?: Authorizer | undefined;
    realism: Required<Realism>;
  }) {
    this.clock = options.clock;
    this.random = options.random;
    this.configs = options.configs;
    this.release = options.release;
    this.authorizer = options.authorizer;
    this.scramUsers = new ScramUsers(this.random);
    this.tokens = new DelegationTokens({
      clock: this.clock,
      random: this.random,
      secretKey: this.configs.value('delegation.token.secret.key') ?? '',
      maxLifetimeMs: this.configs.number('delegation.token.max.lifetime.ms'),
      renewLifetimeMs: this.configs.number('delegation.token.expiry.time.ms'),
      expiryCheckIntervalMs: this.configs.number('delegation.token.expiry.check.interval.ms'),
    });
    this.coordinators = new Coordinators(this, options.realism.coordinatorLoadMs);
    this.topicNews = new TopicNews(this.clock, this.random, options.realism.topicCreationMs);
    this.features = new FeatureLevels(featuresOf(options.release));
    this.#startedAt = options.clock.now();
    this.clusterId = options.clusterId ?? randomUuid(this.random);
  }

  /** How long the cluster has been there. */
  get ageMs(): number {
    return this.clock.now() - this.#startedAt;
  }

  get telemetrySubscriptions(): SubscriptionConfigs {
    const { dynamic } = this.configs;
    return dynamic.names('clientMetrics').map((name) => [name, dynamic.of('clientMetrics', name)]);
  }

  get aliveBrokers(): readonly BrokerRecord[] {
    return [...this.brokers.values()].filter(({ alive }) => alive);
  }

  /** Any broker passes on what is the controller's, so clients are told some broker that is alive; -1 when none is. */
  get controllerId(): number {
    if (this.#controllerId !== undefined && this.isAlive(this.#controllerId)) return this.#controllerId;
    return this.aliveBrokers[0]?.id ?? -1;
  }

  moveController(brokerId: number): void {
    this.#controllerId = brokerId;
    this.controllerEpoch++;
  }

  readonly isAlive = (brokerId: number): boolean => this.brokers.get(brokerId)?.alive ?? false;

  /** How many topics there have ever been. */
  get topicsCreated(): number {
    return this.#topicsCreated;
  }

  topicById(id: string): TopicState | undefined {
    return this.#topicsById.get(id);
  }

  /** A partition as it is now: what retention and compaction had to do meanwhile is done. */
  partition(topic: string, index: number): PartitionState | undefined {
    const partition = this.topics.get(topic)?.partitions[index];
    if (partition !== undefined) maintain(partition, this);
    return partition;
  }

  /** Creates a topic that was found to be valid. */
  createTopic(topic: NewTopic): TopicState {
    const state = new TopicState(topic.name, randomUuid(this.random), isInternalTopic(topic.name), topic.configs, this.#rulesOf);
    this.addPartitions(state, this.assignmentsOf(topic));
    this.#keep(state);
    return state;
  }

  /** As above, for a client: brokers may hear of it one after the other. */
  createTopicForClient(topic: NewTopic): TopicState {
    const created = this.createTopic(topic);
    this.topicNews.announce(created.id, this.brokers.keys());
    return created;
  }

  /** Where the partitions of a new topic would be. */
  assignmentsOf(topic: NewTopic): readonly (readonly number[])[] {
    if (topic.assignments !== undefined) return topic.assignments;
    const partitions = topic.partitions ?? this.configs.number('num.partitions');
    const replicationFactor = topic.replicationFactor ?? this.configs.number('default.replication.factor');
    return this.placePartitions(partitions, replicationFactor);
  }

  /** Brokers that are not alive hold replicas only where the others are too few, and never lead. */
  placePartitions(partitions: number, replicationFactor: number, firstPartition = 0): readonly (readonly number[])[] {
    const enoughAlive = this.aliveBrokers.length >= replicationFactor;
    const candidates = enoughAlive ? this.aliveBrokers : [...this.brokers.values()];
    const placed = placeReplicas(candidates, partitions, replicationFactor, firstPartition);
    return placed.map((replicas) => [...replicas.filter(this.isAlive), ...replicas.filter((id) => !this.isAlive(id))]);
  }

  addPartitions(topic: TopicState, assignments: readonly (readonly number[])[]): void {
    for (const replicas of assignments) {
      const { log } = topic.addPartition(replicas, this.isAlive);
      log.watch(() => this.activity.changed());
    }
    this.activity.changed();
  }

  deleteTopic(topic: TopicState): void {
    this.topics.delete(topic.name);
    this.#topicsById.delete(topic.id);
    for (const group of this.groups.values()) group.offsets.forgetTopic(topic.name);
    this.shareStates.forgetTopic(topic.id);
    for (const partition of topic.partitions) {
      partition.deleted = true;
      partition.log.changed();
    }
  }

  /** The group of this name, which comes into being where it is not there. */
  group(id: string): Group {
    let group = this.groups.get(id);
    if (group === undefined) {
      this.groups.set(id, (group = new Group(id, this)));
      this.#groupExpiry.start();
    }
    return group;
  }

  deleteGroup(id: string): void {
    this.groups.get(id)?.members.close(errorCodes.UNKNOWN_MEMBER_ID);
    this.groups.delete(id);
    this.shareStates.delete(id);
  }

  /** What a broker keeps for share groups. */
  shareBroker(id: number): ShareBroker {
    let broker = this.#shareBrokers.get(id);
    if (broker === undefined) this.#shareBrokers.set(id, (broker = new ShareBroker(this, id)));
    return broker;
  }

  /** What holds for a group, whether it is there or not: `consumer.session.timeout.ms`, `share.auto.offset.reset` and the like. */
  groupConfigs(id: string): GroupConfigs {
    return new GroupConfigs(this.configs.dynamic.of('group', id), this.configs);
  }

  nextProducerId(): number {
    return ++this.#lastProducerId;
  }

  /** The partition whose leader coordinates this group or transactional id. Its topic comes into being when somebody first asks. */
  coordinatorPartition(type: CoordinatorType, key: string): PartitionState {
    return this.coordinators.partition(type, key);
  }

  /** The broker that coordinates this group or transactional id; -1 when it has none now. */
  coordinatorOf(type: CoordinatorType, key: string): number {
    const { leader } = this.coordinatorPartition(type, key);
    return this.isAlive(leader) ? leader : -1;
  }

  /** The cluster notices that a broker is gone: its partitions get other leaders, or none. */
  brokerFailed(id: number): void {
    const broker = this.brokers.get(id);
    if (broker === undefined || !broker.alive) return;
    broker.alive = false;
    for (const partition of this.#partitions()) {
      if (!partition.replicas.includes(id)) continue;
      const progress = partition.replica(id);
      this.changePartition(partition, { isr: partition.isr.filter((replica) => replica !== id), election: this.#electionOf(partition) });
      partition.replicaLeft(id, progress);
    }
  }

  /** A broker is back: it is in sync at once, and leads what had no leader, if it may. */
  brokerReturned(id: number): void {
    const forgotten = this.#unregistered.get(id);
    if (forgotten !== undefined) this.brokers.set(id, forgotten);
    this.#unregistered.delete(id);
    const broker = this.brokers.get(id);
    if (broker === undefined || broker.alive) return;
    broker.alive = true;
    for (const partition of this.#partitions()) {
      if (!partition.replicas.includes(id)) continue;
      if (partition.leader === -1) this.changePartition(partition, { election: this.#electionOf(partition) });
      if (partition.leader !== -1) partition.catchUp(this.isAlive);
      this.changePartition(partition, {});
    }
    this.advanceReassignments();
  }

  /** Changes a partition as the controller does; tells whether anything changed. */
  changePartition(partition: PartitionState, change: PartitionChange): boolean {
    return changePartition(partition, change, {
      isAlive: this.isAlive,
      eligibleReplicas: this.features.level('eligible.leader.replicas.version') > 0,
    });
  }

  /** Where nobody in sync is left, whoever has a replica may lead if the topic allows it, at the price of what only the others had. */
  #electionOf({ topic }: PartitionState): Election {
    return topicConfig('unclean.leader.election.enable', topic.configs, this.configs) === 'true' ? 'unclean' : 'online';
  }

  /** Lets moves to other replicas and other folders end, unless a test holds them. */
  advanceReassignments(): void {
    if (this.heldReassignments.size > 0) return;
    for (const partition of this.#partitions()) {
      for (const [brokerId, { future }] of partition.dirs) if (future !== undefined) partition.dirs.set(brokerId, { current: future });
      if (partition.leader === -1 || !isReassigning(partition)) continue;
      const joining = partition.adding.filter((id) => this.isAlive(id) && !partition.isr.includes(id));
      for (const id of joining) partition.completeReplica(id);
      this.changePartition(partition, { isr: [...partition.isr, ...joining] });
    }
  }

  /** Knows no more of a broker than that partitions have replicas there, until it starts again. */
  unregisterBroker(id: number): void {
    this.brokerFailed(id);
    const broker = this.brokers.get(id);
    if (broker !== undefined) this.#unregistered.set(id, broker);
    this.brokers.delete(id);
  }

  /** Forgets a broker that has failed. */
  removeBroker(id: number): void {
    this.brokers.delete(id);
    for (const partition of this.#partitions()) {
      partition.replicas = partition.replicas.filter((replica) => replica !== id);
      partition.isr = partition.isr.filter((replica) => replica !== id);
      partition.elr = partition.elr.filter((replica) => replica !== id);
    }
  }

  /** Puts other brokers in the places of the replicas, in the order of the two lists. */
  moveReplicas(from: readonly number[], to: readonly number[]): void {
    const moved = (replicas: readonly number[]): number[] => [
      ...new Set(replicas.map((id) => (from.includes(id) ? to[from.indexOf(id) % to.length]! : id))),
    ];
    for (const partition of this.#partitions()) {
      partition.replicas = moved(partition.replicas);
      partition.isr = moved(partition.isr);
      if (from.includes(partition.leader)) partition.elect(moved([partition.leader])[0]!);
    }
  }

  readonly #rulesOf = (own: ReadonlyMap<string, string>): TopicRules => {
    const setting = (name: string): number => topicConfigNumber(name, own, this.configs);
    return {
      minInSync: () => setting('min.insync.replicas'),
      log: {
        segmentRules: () => ({
          maxBytes: setting('segment.bytes'),
          maxMs: setting('segment.ms'),
          indexIntervalBytes: setting('index.interval.bytes'),
        }),
        wallTime: () => this.clock.wallTime(),
      },
      now: this.clock.now(),
    };
  };

  #keep(topic: TopicState): void {
    this.topics.set(topic.name, topic);
    this.#topicsCreated++;
    this.#topicsById.set(topic.id, topic);
  }

  /** Takes over all that another cluster holds, but for the members of its groups. This one has nothing yet. */
  copyFrom(other: ClusterState): void {
    this.controllerEpoch = other.controllerEpoch;
    this.#controllerId = other.#controllerId;
    this.#lastProducerId = other.#lastProducerId;
    for (const broker of other.brokers.values()) this.brokers.set(broker.id, { ...broker });
    for (const [id, broker] of other.#unregistered) this.#unregistered.set(id, { ...broker });
    this.configs.dynamic.copyFrom(other.configs.dynamic);
    this.features.copyFrom(other.features);
    this.scramUsers.copyFrom(other.scramUsers);
    this.tokens.copyFrom(other.tokens);
    for (const { entity, values } of other.quotas.all) for (const [key, value] of values) this.quotas.set(entity, key, value);
    for (const topic of other.topics.values()) this.#copyTopic(topic);
    this.coordinators.adopt();
    for (const { id, offsets } of other.groups.values()) this.group(id).offsets.copyFrom(offsets);
    this.shareStates.copyFrom(other.shareStates);
    this.transactions.copyFrom(other.transactions);
  }

  #copyTopic(topic: TopicState): void {
    const rules = (own: ReadonlyMap<string, string>): TopicRules => ({ ...this.#rulesOf(own), now: topic.createdAt });
    const copy = new TopicState(topic.name, topic.id, topic.internal, topic.configs, rules);
    this.addPartitions(copy, topic.partitions.map(({ replicas }) => replicas)); // prettier-ignore
    for (const [i, partition] of topic.partitions.entries()) copy.partitions[i]!.copyFrom(partition);
    this.#keep(copy);
  }

  /** Stops whatever would happen later. */
  close(): void {
    this.#groupExpiry.stop();
    for (const { members } of this.groups.values()) members.close(errorCodes.COORDINATOR_NOT_AVAILABLE);
    this.transactions.close();
  }

  *#partitions(): Iterable<PartitionState> {
    for (const topic of this.topics.values()) yield* topic.partitions;
  }
}
