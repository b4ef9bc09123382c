import type { Command } from './frame/command.ts';

/** A command's line in the list of all: what it is called, what it does, and where it is. */
export interface CommandEntry {
  /** `topics`, or `topic create` for one below another. */
  readonly path: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Accepted, but not listed. */
  readonly hidden?: boolean;
  /** For one below another: what the other does without a name of one of its commands. `topic orders` is `topic describe orders`. */
  readonly isDefault?: boolean;
}

/** What those with commands below them are for. */
export const parents: Readonly<Record<string, string>> = {
  topic: 'look at a topic; make, alter, trim or delete one',
  configs: 'configurations of topics, brokers, loggers, groups and subscriptions to metrics',
  brokers: 'the brokers',
  'log-dirs': 'where brokers keep what',
  reassign: 'move partitions between brokers',
  features: 'what the cluster can do',
  quorum: 'the controllers',
  group: 'look at one group, or delete it',
  offsets: 'where topics begin and end, and where groups go on',
  acls: 'who may do what',
  users: 'who can log in by SCRAM',
  quotas: 'how much clients may use',
  tokens: 'delegation tokens, with which others log in for somebody',
  transactions: 'transactions, and the producers behind them',
  config: 'profiles: which there are, which is used, what holds',
  bench: 'how fast this cluster is from here',
};

const messages: readonly CommandEntry[] = [
  {
    path: 'produce',
    summary: 'send a message for each line of standard input, or of files',
    load: async () => (await import('./commands/produce.ts')).produce,
  },
  {
    path: 'consume',
    summary: 'print the messages that are there, and end; with --follow wait for more',
    load: async () => (await import('./commands/consume.ts')).consume,
  },
  {
    path: 'tail',
    summary: 'print the last messages of topics, in the order of their time',
    load: async () => (await import('./commands/tail.ts')).tail,
  },
];

const betweenTopics: readonly CommandEntry[] = [
  {
    path: 'copy',
    summary: 'copy messages from topic to topic, also of another cluster',
    load: async () => (await import('./commands/copy.ts')).copy,
  },
  {
    path: 'replay',
    summary: 'send dead letters back to where they came from',
    load: async () => (await import('./commands/copy.ts')).replay,
  },
];

const topicsAndBrokers: readonly CommandEntry[] = [
  {
    path: 'topics',
    summary: 'list the topics: partitions, replicas, messages',
    load: async () => (await import('./commands/topics.ts')).topics,
  },
  {
    path: 'topic describe',
    summary: 'where the partitions of topics are, how much is in them, and what is configured',
    load: async () => (await import('./commands/topic-describe.ts')).topicDescribe,
    isDefault: true,
  },
  {
    path: 'topic create',
    summary: 'make topics',
    load: async () => (await import('./commands/topic-change.ts')).topicCreate,
  },
  {
    path: 'topic alter',
    summary: 'give a topic more partitions, or other configurations',
    load: async () => (await import('./commands/topic-change.ts')).topicAlter,
  },
  {
    path: 'topic delete',
    summary: 'delete topics with all their messages',
    load: async () => (await import('./commands/topic-change.ts')).topicDelete,
  },
  {
    path: 'topic trim',
    summary: 'delete the messages before an offset or a time',
    load: async () => (await import('./commands/topic-trim.ts')).topicTrim,
  },
  {
    path: 'configs describe',
    summary: 'the configurations of a topic, broker, logger, group or subscription',
    load: async () => (await import('./commands/configs.ts')).configsDescribe,
    isDefault: true,
  },
  {
    path: 'configs list',
    summary: 'what there is that has configurations',
    load: async () => (await import('./commands/configs.ts')).configsList,
  },
  {
    path: 'configs alter',
    summary: 'set, delete, append to and subtract from configurations',
    load: async () => (await import('./commands/configs.ts')).configsAlter,
  },
  {
    path: 'cluster',
    summary: "the cluster's id, and how new its metadata is",
    load: async () => (await import('./commands/brokers.ts')).cluster,
  },
  {
    path: 'brokers list',
    summary: 'the brokers: id, address, rack, which Kafka they run',
    load: async () => (await import('./commands/brokers.ts')).brokers,
    isDefault: true,
  },
  {
    path: 'brokers versions',
    summary: 'which requests brokers take, in which versions',
    load: async () => (await import('./commands/brokers.ts')).brokersVersions,
  },
  {
    path: 'brokers unregister',
    summary: 'have the cluster forget a broker that was shut down for good',
    load: async () => (await import('./commands/brokers.ts')).brokersUnregister,
  },
  {
    path: 'log-dirs list',
    summary: 'the directories of brokers, or the replicas of topics, and how large they are',
    load: async () => (await import('./commands/log-dirs.ts')).logDirs,
    isDefault: true,
  },
  {
    path: 'log-dirs move',
    summary: 'move replicas to another directory of their broker',
    load: async () => (await import('./commands/log-dirs.ts')).logDirsMove,
  },
  {
    path: 'reassign list',
    summary: 'the partitions that are being moved',
    load: async () => (await import('./commands/reassign.ts')).reassignList,
    isDefault: true,
  },
  {
    path: 'reassign move',
    summary: 'move partitions to other brokers, or change how many replicas they have',
    load: async () => (await import('./commands/reassign.ts')).reassignMove,
  },
  {
    path: 'reassign verify',
    summary: 'whether moves are over, and what throttles are left of them',
    load: async () => (await import('./commands/reassign-verify.ts')).reassignVerify,
  },
  {
    path: 'reassign cancel',
    summary: 'call such moves off',
    load: async () => (await import('./commands/reassign.ts')).reassignCancel,
  },
  {
    path: 'elect',
    summary: 'have the first replica of partitions lead again',
    load: async () => (await import('./commands/elect.ts')).elect,
  },
  {
    path: 'features list',
    summary: 'the features that are on, and those that a broker could do',
    load: async () => (await import('./commands/features.ts')).features,
    isDefault: true,
  },
  {
    path: 'features set',
    summary: 'turn features on and off, for the whole cluster',
    load: async () => (await import('./commands/features.ts')).featuresSet,
  },
  {
    path: 'quorum describe',
    summary: 'who keeps the metadata, and how far each has come',
    load: async () => (await import('./commands/quorum.ts')).quorum,
    isDefault: true,
  },
  {
    path: 'quorum add',
    summary: 'give a controller a vote',
    load: async () => (await import('./commands/quorum.ts')).quorumAdd,
  },
  {
    path: 'quorum remove',
    summary: 'take the vote from a controller',
    load: async () => (await import('./commands/quorum.ts')).quorumRemove,
  },
];

const groupsAndAccess: readonly CommandEntry[] = [
  {
    path: 'groups',
    summary: 'list the groups: type, state',
    load: async () => (await import('./commands/groups.ts')).groups,
  },
  {
    path: 'group delete',
    summary: 'delete groups without members, and what they have committed',
    load: async () => (await import('./commands/groups.ts')).groupDelete,
  },
  {
    path: 'group describe',
    summary: 'who is in groups, and what each reads',
    load: async () => (await import('./commands/group-describe.ts')).groupDescribe,
    isDefault: true,
  },
  {
    path: 'offsets list',
    summary: 'where the partitions of a topic begin and end',
    load: async () => (await import('./commands/offsets.ts')).offsets,
    isDefault: true,
  },
  {
    path: 'offsets reset',
    summary: 'have a group go on from another place',
    load: async () => (await import('./commands/offsets-reset.ts')).offsetsReset,
  },
  {
    path: 'offsets export',
    summary: 'what a group has committed, to keep it',
    load: async () => (await import('./commands/offsets-kept.ts')).offsetsExport,
  },
  {
    path: 'offsets delete',
    summary: 'have a group forget what it has committed',
    load: async () => (await import('./commands/offsets-kept.ts')).offsetsDelete,
  },
  {
    path: 'lag',
    summary: 'how far a group has come: committed, end and lag of each partition',
    load: async () => (await import('./commands/lag.ts')).lag,
  },
  {
    path: 'acls list',
    summary: 'who may do what',
    load: async () => (await import('./commands/acls.ts')).aclsList,
    isDefault: true,
  },
  {
    path: 'acls create',
    summary: 'allow something, or forbid it',
    load: async () => (await import('./commands/acls.ts')).aclsCreate,
  },
  {
    path: 'acls delete',
    summary: 'take such rules away',
    load: async () => (await import('./commands/acls.ts')).aclsDelete,
  },
  {
    path: 'users list',
    summary: 'who can log in by SCRAM',
    load: async () => (await import('./commands/users.ts')).usersList,
    isDefault: true,
  },
  {
    path: 'users set',
    summary: 'set a password',
    load: async () => (await import('./commands/users.ts')).usersSet,
  },
  {
    path: 'users delete',
    summary: 'delete passwords',
    load: async () => (await import('./commands/users.ts')).usersDelete,
  },
  {
    path: 'quotas list',
    summary: 'how much clients may use',
    load: async () => (await import('./commands/quotas.ts')).quotasList,
    isDefault: true,
  },
  {
    path: 'quotas set',
    summary: 'set limits, and take them away',
    load: async () => (await import('./commands/quotas.ts')).quotasSet,
  },
  {
    path: 'tokens list',
    summary: 'the delegation tokens, without their secrets',
    load: async () => (await import('./commands/tokens.ts')).tokensList,
    isDefault: true,
  },
  {
    path: 'tokens create',
    summary: 'make a delegation token, and tell its secret once',
    load: async () => (await import('./commands/tokens.ts')).tokensCreate,
  },
  {
    path: 'tokens renew',
    summary: 'let tokens live on',
    load: async () => (await import('./commands/tokens.ts')).tokensRenew,
  },
  {
    path: 'tokens expire',
    summary: 'end tokens',
    load: async () => (await import('./commands/tokens.ts')).tokensExpire,
  },
  {
    path: 'transactions list',
    summary: 'the transactional ids, and how their transactions stand',
    load: async () => (await import('./commands/transactions.ts')).transactionsList,
    isDefault: true,
  },
  {
    path: 'transactions describe',
    summary: 'what is in a transaction, and since when',
    load: async () => (await import('./commands/transactions.ts')).transactionsDescribe,
  },
  {
    path: 'transactions producers',
    summary: 'the producers that a partition remembers',
    load: async () => (await import('./commands/transactions.ts')).transactionsProducers,
  },
  {
    path: 'transactions hanging',
    summary: 'transactions that nobody will end, and that readers wait for',
    load: async () => (await import('./commands/transactions-hanging.ts')).transactionsHanging,
  },
  {
    path: 'transactions abort',
    summary: 'end a transaction that hangs in a partition',
    load: async () => (await import('./commands/transactions.ts')).transactionsAbort,
  },
  {
    path: 'transactions fence',
    summary: 'abort what is open of a transactional id, and fence its producer',
    load: async () => (await import('./commands/transactions.ts')).transactionsFence,
  },
];

const tools: readonly CommandEntry[] = [
  {
    path: 'mock',
    summary: 'serve a cluster in memory on this machine',
    load: async () => (await import('./commands/mock.ts')).mock,
  },
  {
    path: 'doctor',
    summary: 'why the connection does not work, step by step',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    path: 'bench produce',
    summary: 'how many messages a second can be written',
    load: async () => (await import('./commands/bench.ts')).benchProduce,
  },
  {
    path: 'bench consume',
    summary: 'how many messages a second can be read',
    load: async () => (await import('./commands/bench.ts')).benchConsume,
  },
  {
    path: 'bench latency',
    summary: 'how long a message takes from producer to consumer',
    load: async () => (await import('./commands/bench.ts')).benchLatency,
  },
  {
    path: 'completion',
    summary: "a shell's script that completes commands, options, topics and groups",
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  { path: '__complete', summary: '', hidden: true, load: async () => (await import('./commands/completion.ts')).complete },
  {
    path: 'config list',
    summary: 'the profiles',
    load: async () => (await import('./commands/config.ts')).configList,
  },
  {
    path: 'config use',
    summary: 'choose the profile that is used where none is named',
    load: async () => (await import('./commands/config.ts')).configUse,
  },
  {
    path: 'config show',
    summary: 'every setting that holds, and where it came from',
    load: async () => (await import('./commands/config.ts')).configShow,
  },
  {
    path: 'config path',
    summary: 'the folder of the profiles',
    load: async () => (await import('./commands/config.ts')).configPath,
  },
  {
    path: 'config keys',
    summary: 'what may stand in a profile',
    load: async () => (await import('./commands/config.ts')).configKeys,
  },
];

/** All commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [...messages, ...betweenTopics, ...topicsAndBrokers, ...groupsAndAccess, ...tools];
