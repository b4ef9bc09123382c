import type { CommandList } from './command-list.ts';

export const toolCommands: CommandList = {
  heading: 'Tools',
  parents: {
    bench: 'measure how fast this cluster is from here',
    config: 'show and choose profiles',
  },
  commands: [
    {
      path: 'doctor',
      summary: 'check the connection to a cluster, step by step',
      load: async () => (await import('../commands/doctor.ts')).doctor,
    },
    {
      path: 'mock',
      summary: 'serve an in-memory cluster on this machine',
      load: async () => (await import('../commands/mock.ts')).mock,
    },
    {
      path: 'bench produce',
      summary: 'measure how many messages a second can be produced',
      load: async () => (await import('../commands/bench.ts')).benchProduce,
    },
    {
      path: 'bench consume',
      summary: 'measure how many messages a second can be consumed',
      load: async () => (await import('../commands/bench.ts')).benchConsume,
    },
    {
      path: 'bench latency',
      summary: 'measure the time from producer to consumer',
      load: async () => (await import('../commands/bench.ts')).benchLatency,
    },
    {
      path: 'completion',
      summary: 'print a shell script that completes commands, options, topics and groups',
      load: async () => (await import('../commands/completion.ts')).completion,
    },
    { path: '__complete', summary: '', hidden: true, load: async () => (await import('../commands/completion.ts')).complete },
    {
      path: 'config list',
      summary: 'list the profiles',
      load: async () => (await import('../commands/config.ts')).configList,
    },
    {
      path: 'config use',
      summary: 'choose the default profile',
      load: async () => (await import('../commands/config.ts')).configUse,
    },
    {
      path: 'config show',
      summary: 'show every setting in effect, and where it came from',
      load: async () => (await import('../commands/config.ts')).configShow,
    },
    {
      path: 'config path',
      summary: 'print the folder of the profiles',
      load: async () => (await import('../commands/config.ts')).configPath,
    },
    {
      path: 'config keys',
      summary: 'list the keys that a profile may contain',
      load: async () => (await import('../commands/config.ts')).configKeys,
    },
  ],
};
