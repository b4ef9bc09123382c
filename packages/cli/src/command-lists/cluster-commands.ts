import type { CommandList } from './command-list.ts';

export const clusterCommands: CommandList = {
  heading: 'The cluster',
  parents: {
    brokers: 'list brokers, their API versions; unregister one',
    'log-dirs': 'show log directories, or move replicas between them',
    reassign: 'move partitions between brokers',
    features: 'show and set the features of the cluster',
    quorum: 'show and change the quorum of controllers',
  },
  commands: [
    {
      path: 'cluster',
      summary: 'show the id, controller and metadata version of the cluster',
      load: async () => (await import('../commands/brokers.ts')).cluster,
    },
    {
      path: 'brokers list',
      summary: 'list the brokers: id, address, rack and Kafka version',
      load: async () => (await import('../commands/brokers.ts')).brokers,
      isDefault: true,
    },
    {
      path: 'brokers versions',
      summary: 'show the API versions that brokers support',
      load: async () => (await import('../commands/brokers.ts')).brokersVersions,
    },
    {
      path: 'brokers unregister',
      summary: 'remove a broker that was shut down for good from the cluster',
      load: async () => (await import('../commands/brokers.ts')).brokersUnregister,
    },
    {
      path: 'log-dirs list',
      summary: 'show the size of log directories, or of the replicas of topics',
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
      summary: 'list the partitions that are being moved',
      load: async () => (await import('../commands/reassign.ts')).reassignList,
      isDefault: true,
    },
    {
      path: 'reassign move',
      summary: 'move partitions to other brokers, or change their number of replicas',
      load: async () => (await import('../commands/reassign.ts')).reassignMove,
    },
    {
      path: 'reassign verify',
      summary: 'check whether moves are finished, and remove their throttles',
      load: async () => (await import('../commands/reassign-verify.ts')).reassignVerify,
    },
    {
      path: 'reassign cancel',
      summary: 'cancel moves',
      load: async () => (await import('../commands/reassign.ts')).reassignCancel,
    },
    {
      path: 'elect',
      summary: 'elect the preferred leaders of partitions',
      load: async () => (await import('../commands/elect.ts')).elect,
    },
    {
      path: 'features list',
      summary: 'list the features of the cluster, and the levels that its brokers support',
      load: async () => (await import('../commands/features.ts')).features,
      isDefault: true,
    },
    {
      path: 'features set',
      summary: 'set the levels of features for the whole cluster',
      load: async () => (await import('../commands/features.ts')).featuresSet,
    },
    {
      path: 'quorum describe',
      summary: 'show the metadata quorum and the lag of its members',
      load: async () => (await import('../commands/quorum.ts')).quorum,
      isDefault: true,
    },
    {
      path: 'quorum add',
      summary: 'add a controller to the voters',
      load: async () => (await import('../commands/quorum.ts')).quorumAdd,
    },
    {
      path: 'quorum remove',
      summary: 'remove a controller from the voters',
      load: async () => (await import('../commands/quorum.ts')).quorumRemove,
    },
  ],
};
