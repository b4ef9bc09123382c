import type { CommandList } from './command-list.ts';

export const clusterCommands: CommandList = {
  heading: 'The cluster',
  parents: {
    brokers: 'the brokers',
    'log-dirs': 'where brokers keep what',
    reassign: 'move partitions between brokers',
    features: 'what the cluster can do',
    quorum: 'the controllers',
  },
  commands: [
    {
      path: 'cluster',
      summary: "the cluster's id, and how new its metadata is",
      load: async () => (await import('../commands/brokers.ts')).cluster,
    },
    {
      path: 'brokers list',
      summary: 'the brokers: id, address, rack, which Kafka they run',
      load: async () => (await import('../commands/brokers.ts')).brokers,
      isDefault: true,
    },
    {
      path: 'brokers versions',
      summary: 'which requests brokers take, in which versions',
      load: async () => (await import('../commands/brokers.ts')).brokersVersions,
    },
    {
      path: 'brokers unregister',
      summary: 'have the cluster forget a broker that was shut down for good',
      load: async () => (await import('../commands/brokers.ts')).brokersUnregister,
    },
    {
      path: 'log-dirs list',
      summary: 'the directories of brokers, or the replicas of topics, and how large they are',
      load: async () => (await import('../commands/log-dirs.ts')).logDirs,
      isDefault: true,
    },
    {
      path: 'log-dirs move',
      summary: 'move replicas to another directory of their broker',
      load: async () => (await import('../commands/log-dirs.ts')).logDirsMove,
    },
    {
      path: 'reassign list',
      summary: 'the partitions that are being moved',
      load: async () => (await import('../commands/reassign.ts')).reassignList,
      isDefault: true,
    },
    {
      path: 'reassign move',
      summary: 'move partitions to other brokers, or change how many replicas they have',
      load: async () => (await import('../commands/reassign.ts')).reassignMove,
    },
    {
      path: 'reassign verify',
      summary: 'whether moves are over, and what throttles are left of them',
      load: async () => (await import('../commands/reassign-verify.ts')).reassignVerify,
    },
    {
      path: 'reassign cancel',
      summary: 'call such moves off',
      load: async () => (await import('../commands/reassign.ts')).reassignCancel,
    },
    {
      path: 'elect',
      summary: 'have the first replica of partitions lead again',
      load: async () => (await import('../commands/elect.ts')).elect,
    },
    {
      path: 'features list',
      summary: 'the features that are on, and those that a broker could do',
      load: async () => (await import('../commands/features.ts')).features,
      isDefault: true,
    },
    {
      path: 'features set',
      summary: 'turn features on and off, for the whole cluster',
      load: async () => (await import('../commands/features.ts')).featuresSet,
    },
    {
      path: 'quorum describe',
      summary: 'who keeps the metadata, and how far each has come',
      load: async () => (await import('../commands/quorum.ts')).quorum,
      isDefault: true,
    },
    {
      path: 'quorum add',
      summary: 'give a controller a vote',
      load: async () => (await import('../commands/quorum.ts')).quorumAdd,
    },
    {
      path: 'quorum remove',
      summary: 'take the vote from a controller',
      load: async () => (await import('../commands/quorum.ts')).quorumRemove,
    },
  ],
};
