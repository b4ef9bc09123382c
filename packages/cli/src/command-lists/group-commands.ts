import type { CommandList } from './command-list.ts';

export const groupCommands: CommandList = {
  heading: 'Groups and transactions',
  parents: {
    group: 'look at one group, or delete it',
    offsets: 'where topics begin and end, and where groups go on',
    transactions: 'transactions, and the producers behind them',
  },
  commands: [
    {
      path: 'groups',
      summary: 'list the groups: type, state',
      load: async () => (await import('../commands/groups.ts')).groups,
    },
    {
      path: 'group describe',
      summary: 'who is in groups, and what each reads',
      load: async () => (await import('../commands/group-describe.ts')).groupDescribe,
      isDefault: true,
    },
    {
      path: 'group delete',
      summary: 'delete groups without members, and what they have committed',
      load: async () => (await import('../commands/groups.ts')).groupDelete,
    },
    {
      path: 'offsets list',
      summary: 'where the partitions of a topic begin and end',
      load: async () => (await import('../commands/offsets.ts')).offsets,
      isDefault: true,
    },
    {
      path: 'offsets reset',
      summary: 'have a group go on from another place',
      load: async () => (await import('../commands/offsets-reset.ts')).offsetsReset,
    },
    {
      path: 'offsets export',
      summary: 'what a group has committed, to keep it',
      load: async () => (await import('../commands/offsets-kept.ts')).offsetsExport,
    },
    {
      path: 'offsets delete',
      summary: 'have a group forget what it has committed',
      load: async () => (await import('../commands/offsets-kept.ts')).offsetsDelete,
    },
    {
      path: 'lag',
      summary: 'how far a group has come: committed, end and lag of each partition',
      load: async () => (await import('../commands/lag.ts')).lag,
    },
    {
      path: 'transactions list',
      summary: 'the transactional ids, and how their transactions stand',
      load: async () => (await import('../commands/transactions.ts')).transactionsList,
      isDefault: true,
    },
    {
      path: 'transactions describe',
      summary: 'what is in a transaction, and since when',
      load: async () => (await import('../commands/transactions.ts')).transactionsDescribe,
    },
    {
      path: 'transactions producers',
      summary: 'the producers that a partition remembers',
      load: async () => (await import('../commands/transactions.ts')).transactionsProducers,
    },
    {
      path: 'transactions hanging',
      summary: 'transactions that nobody will end, and that readers wait for',
      load: async () => (await import('../commands/transactions-hanging.ts')).transactionsHanging,
    },
    {
      path: 'transactions abort',
      summary: 'end a transaction that hangs in a partition',
      load: async () => (await import('../commands/transactions.ts')).transactionsAbort,
    },
    {
      path: 'transactions fence',
      summary: 'abort what is open of a transactional id, and fence its producer',
      load: async () => (await import('../commands/transactions.ts')).transactionsFence,
    },
  ],
};
