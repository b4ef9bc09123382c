import type { CommandList } from './command-list.ts';

export const topicCommands: CommandList = {
  heading: 'Topics',
  parents: {
    topic: 'look at a topic; make, alter, trim or delete one',
    configs: 'configurations of topics, brokers, loggers, groups and subscriptions to metrics',
  },
  commands: [
    {
      path: 'topics',
      summary: 'list the topics: partitions, replicas, messages',
      load: async () => (await import('../commands/topics.ts')).topics,
    },
    {
      path: 'topic describe',
      summary: 'where the partitions of topics are, how much is in them, and what is configured',
      load: async () => (await import('../commands/topic-describe.ts')).topicDescribe,
      isDefault: true,
    },
    {
      path: 'topic create',
      summary: 'make topics',
      load: async () => (await import('../commands/topic-change.ts')).topicCreate,
    },
    {
      path: 'topic alter',
      summary: 'give a topic more partitions, or other configurations',
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
      summary: 'the configurations of a topic, broker, logger, group or subscription',
      load: async () => (await import('../commands/configs.ts')).configsDescribe,
      isDefault: true,
    },
    {
      path: 'configs list',
      summary: 'what there is that has configurations',
      load: async () => (await import('../commands/configs.ts')).configsList,
    },
    {
      path: 'configs alter',
      summary: 'set, delete, append to and subtract from configurations',
      load: async () => (await import('../commands/configs.ts')).configsAlter,
    },
  ],
};
