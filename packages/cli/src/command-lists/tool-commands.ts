import type { CommandList } from './command-list.ts';

export const toolCommands: CommandList = {
  heading: 'Tools',
  parents: {
    bench: 'how fast this cluster is from here',
    config: 'profiles: which there are, which is used, what holds',
  },
  commands: [
    {
      path: 'doctor',
      summary: 'why the connection does not work, step by step',
      load: async () => (await import('../commands/doctor.ts')).doctor,
    },
    {
      path: 'mock',
      summary: 'serve a cluster in memory on this machine',
      load: async () => (await import('../commands/mock.ts')).mock,
    },
    {
      path: 'bench produce',
      summary: 'how many messages a second can be written',
      load: async () => (await import('../commands/bench.ts')).benchProduce,
    },
    {
      path: 'bench consume',
      summary: 'how many messages a second can be read',
      load: async () => (await import('../commands/bench.ts')).benchConsume,
    },
    {
      path: 'bench latency',
      summary: 'how long a message takes from producer to consumer',
      load: async () => (await import('../commands/bench.ts')).benchLatency,
    },
    {
      path: 'completion',
      summary: "a shell's script that completes commands, options, topics and groups",
      load: async () => (await import('../commands/completion.ts')).completion,
    },
    { path: '__complete', summary: '', hidden: true, load: async () => (await import('../commands/completion.ts')).complete },
    {
      path: 'config list',
      summary: 'the profiles',
      load: async () => (await import('../commands/config.ts')).configList,
    },
    {
      path: 'config use',
      summary: 'choose the profile that is used where none is named',
      load: async () => (await import('../commands/config.ts')).configUse,
    },
    {
      path: 'config show',
      summary: 'every setting that holds, and where it came from',
      load: async () => (await import('../commands/config.ts')).configShow,
    },
    {
      path: 'config path',
      summary: 'the folder of the profiles',
      load: async () => (await import('../commands/config.ts')).configPath,
    },
    {
      path: 'config keys',
      summary: 'what may stand in a profile',
      load: async () => (await import('../commands/config.ts')).configKeys,
    },
  ],
};
