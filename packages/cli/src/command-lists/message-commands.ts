import type { CommandList } from './command-list.ts';

export const messageCommands: CommandList = {
  heading: 'Messages',
  commands: [
    {
      path: 'produce',
      summary: 'send each line of standard input, or of files, as a message',
      load: async () => (await import('../commands/produce.ts')).produce,
    },
    {
      path: 'consume',
      summary: 'print the messages of topics, then stop, or wait for more with --follow',
      load: async () => (await import('../commands/consume.ts')).consume,
    },
    {
      path: 'tail',
      summary: 'print the last messages of topics, in order of time',
      load: async () => (await import('../commands/tail.ts')).tail,
    },
    {
      path: 'copy',
      summary: 'copy messages to another topic, also in another cluster',
      load: async () => (await import('../commands/copy.ts')).copy,
    },
    {
      path: 'replay',
      summary: 'send dead letters back to the topics that they came from',
      load: async () => (await import('../commands/copy.ts')).replay,
    },
  ],
};
