import type { CommandList } from './command-list.ts';

export const messageCommands: CommandList = {
  heading: 'Messages',
  commands: [
    {
      path: 'produce',
      summary: 'send a message for each line of standard input, or of files',
      load: async () => (await import('../commands/produce.ts')).produce,
    },
    {
      path: 'consume',
      summary: 'print the messages that are there, and end; with --follow wait for more',
      load: async () => (await import('../commands/consume.ts')).consume,
    },
    {
      path: 'tail',
      summary: 'print the last messages of topics, in the order of their time',
      load: async () => (await import('../commands/tail.ts')).tail,
    },
    {
      path: 'copy',
      summary: 'copy messages from topic to topic, also of another cluster',
      load: async () => (await import('../commands/copy.ts')).copy,
    },
    {
      path: 'replay',
      summary: 'send dead letters back to where they came from',
      load: async () => (await import('../commands/copy.ts')).replay,
    },
  ],
};
