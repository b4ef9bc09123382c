import type { CommandList } from './command-list.ts';

export const groupCommands: CommandList = {
  heading: 'Groups and transactions',
  parents: {
    group: 'describe or delete groups',
    offsets: 'show, reset, export and delete offsets',
    transactions: 'show and end transactions and their producers',
  },
  commands: [
    {
      path: 'groups',
      summary: 'list groups with type and state',
      load: async () => (await import('../commands/groups.ts')).groups,
    },
    {
      path: 'group describe',
      summary: 'show the members of groups, and what each reads',
      load: async () => (await import('../commands/group-describe.ts')).groupDescribe,
      isDefault: true,
    },
    {
      path: 'group delete',
      summary: 'delete groups without members, and their committed offsets',
      load: async () => (await import('../commands/groups.ts')).groupDelete,
    },
    {
      path: 'offsets list',
      summary: 'show the first and the end offset of each partition',
      load: async () => (await import('../commands/offsets.ts')).offsets,
      isDefault: true,
    },
    {
      path: 'offsets reset',
      summary: 'make a group continue from other offsets',
      load: async () => (await import('../commands/offsets-reset.ts')).offsetsReset,
    },
    {
      path: 'offsets export',
      summary: 'print the committed offsets of a group, to save them',
      load: async () => (await import('../commands/offsets-kept.ts')).offsetsExport,
    },
    {
      path: 'offsets delete',
      summary: 'delete committed offsets of a group',
      load: async () => (await import('../commands/offsets-kept.ts')).offsetsDelete,
    },
    {
      path: 'lag',
      summary: 'show the lag of groups: committed, end and lag of each partition',
      load: async () => (await import('../commands/lag.ts')).lag,
    },
    {
      path: 'transactions list',
      summary: 'list transactional ids and the states of their transactions',
      load: async () => (await import('../commands/transactions.ts')).transactionsList,
      isDefault: true,
    },
    {
      path: 'transactions describe',
      summary: 'show the partitions of a transaction, and when it began',
      load: async () => (await import('../commands/transactions.ts')).transactionsDescribe,
    },
    {
      path: 'transactions producers',
      summary: 'list the producers that a partition remembers',
      load: async () => (await import('../commands/transactions.ts')).transactionsProducers,
    },
    {
      path: 'transactions hanging',
      summary: 'find open transactions that nobody will end, which block readers',
      load: async () => (await import('../commands/transactions-hanging.ts')).transactionsHanging,
    },
    {
      path: 'transactions abort',
      summary: 'abort a hanging transaction in a partition',
      load: async () => (await import('../commands/transactions.ts')).transactionsAbort,
    },
    {
      path: 'transactions fence',
      summary: 'abort the open transaction of a transactional id, and fence its producer',
      load: async () => (await import('../commands/transactions.ts')).transactionsFence,
    },
  ],
};
