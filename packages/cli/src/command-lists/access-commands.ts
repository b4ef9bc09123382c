import type { CommandList } from './command-list.ts';

export const accessCommands: CommandList = {
  heading: 'Access',
  parents: {
    acls: 'who may do what',
    users: 'who can log in by SCRAM',
    quotas: 'how much clients may use',
    tokens: 'delegation tokens, with which others log in for somebody',
  },
  commands: [
    {
      path: 'acls list',
      summary: 'who may do what',
      load: async () => (await import('../commands/acls.ts')).aclsList,
      isDefault: true,
    },
    {
      path: 'acls create',
      summary: 'allow something, or forbid it',
      load: async () => (await import('../commands/acls.ts')).aclsCreate,
    },
    {
      path: 'acls delete',
      summary: 'take such rules away',
      load: async () => (await import('../commands/acls.ts')).aclsDelete,
    },
    {
      path: 'users list',
      summary: 'who can log in by SCRAM',
      load: async () => (await import('../commands/users.ts')).usersList,
      isDefault: true,
    },
    {
      path: 'users set',
      summary: 'set a password',
      load: async () => (await import('../commands/users.ts')).usersSet,
    },
    {
      path: 'users delete',
      summary: 'delete passwords',
      load: async () => (await import('../commands/users.ts')).usersDelete,
    },
    {
      path: 'quotas list',
      summary: 'how much clients may use',
      load: async () => (await import('../commands/quotas.ts')).quotasList,
      isDefault: true,
    },
    {
      path: 'quotas set',
      summary: 'set limits, and take them away',
      load: async () => (await import('../commands/quotas.ts')).quotasSet,
    },
    {
      path: 'tokens list',
      summary: 'the delegation tokens, without their secrets',
      load: async () => (await import('../commands/tokens.ts')).tokensList,
      isDefault: true,
    },
    {
      path: 'tokens create',
      summary: 'make a delegation token, and tell its secret once',
      load: async () => (await import('../commands/tokens.ts')).tokensCreate,
    },
    {
      path: 'tokens renew',
      summary: 'let tokens live on',
      load: async () => (await import('../commands/tokens.ts')).tokensRenew,
    },
    {
      path: 'tokens expire',
      summary: 'end tokens',
      load: async () => (await import('../commands/tokens.ts')).tokensExpire,
    },
  ],
};
