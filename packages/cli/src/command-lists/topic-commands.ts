import type { CommandList } from './command-list.ts';

export const topicCommands: CommandList = {
  heading: 'Topics',
  parents: {
    topic: 'describe, create, alter, trim or delete topics',
    configs: 'show and change configurations of topics, brokers, loggers, groups and metrics subscriptions',
  },
  commands: [
    {
      path: 'topics',
      summary: 'list topics with partitions, replicas and messages',
      load: async () => (await import('../commands/topics.ts')).topics,
    },
    {
      path: 'topic describe',
      summary: 'show the partitions, sizes and configurations of topics',
      load: async () => (await import('../commands/topic-describe.ts')).topicDescribe,
      isDefault: true,
    },
    {
      path: 'topic create',
      summary: 'create topics',
      load: async () => (await import('../commands/topic-change.ts')).topicCreate,
    },
    {
      path: 'topic alter',
      summary: 'add partitions to a topic, or change its configurations',
      load: async () => (await import('../commands/topic-change.ts')).topicAlter,
    },
    {
      path: 'topic delete',
      summary: 'delete topics with all their messages',
      load: async () => (await import('../commands/topic-change.ts')).topicDelete,
    },
    {
      path: 'topic trim',
      summary: 'delete the messages before an offset or a time',
      load: async () => (await import('../commands/topic-trim.ts')).topicTrim,
    },
    {
      path: 'configs describe',
      summary: 'show the configurations of a topic, broker, logger, group or metrics subscription',
      load: async () => (await import('../commands/configs.ts')).configsDescribe,
      isDefault: true,
    },
    {
      path: 'configs list',
      summary: 'list the resources that have configurations',
      load: async () => (await import('../commands/configs.ts')).configsList,
    },
    {
      path: 'configs alter',
      summary: 'change configurations',
      load: async () => (await import('../commands/configs.ts')).configsAlter,
    },
  ],
};
