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
  group: 'look at one group, or delete it',
  config: 'profiles: which there are, which is used, what holds',
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

const topicsAndBrokers: readonly CommandEntry[] = [
  {
    path: 'topics',
    summary: 'list the topics: partitions, replicas, messages',
    load: async () => (await import('./commands/topics.ts')).topics,
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
    path: 'lag',
    summary: 'how far a group has come: committed, end and lag of each partition',
    load: async () => (await import('./commands/lag.ts')).lag,
  },
];

const tools: readonly CommandEntry[] = [
  {
    path: 'mock',
    summary: 'serve a cluster in memory on this machine',
    load: async () => (await import('./commands/mock.ts')).mock,
  },
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
export const commands: readonly CommandEntry[] = [...messages, ...topicsAndBrokers, ...groupsAndAccess, ...tools];
