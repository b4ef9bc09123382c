import type { CommandList } from './command-list.ts';

export const accessCommands: CommandList = {
  heading: 'Access',
  parents: {
    acls: 'show and change access rules',
    users: 'show and change SCRAM users',
    quotas: 'show and change client quotas',
    tokens: 'show, create, renew and expire delegation tokens',
  },
  commands: [
    {
      path: 'acls list',
      summary: 'list access rules',
      load: async () => (await import('../commands/acls.ts')).aclsList,
      isDefault: true,
    },
    {
      path: 'acls create',
      summary: 'allow or deny an operation',
      load: async () => (await import('../commands/acls.ts')).aclsCreate,
    },
    {
      path: 'acls delete',
      summary: 'delete access rules',
      load: async () => (await import('../commands/acls.ts')).aclsDelete,
    },
    {
      path: 'users list',
      summary: 'list the users with SCRAM passwords',
      load: async () => (await import('../commands/users.ts')).usersList,
      isDefault: true,
    },
    {
      path: 'users set',
      summary: 'set the password of a user',
      load: async () => (await import('../commands/users.ts')).usersSet,
    },
    {
      path: 'users delete',
      summary: 'delete the passwords of users',
      load: async () => (await import('../commands/users.ts')).usersDelete,
    },
    {
      path: 'quotas list',
      summary: 'list client quotas',
      load: async () => (await import('../commands/quotas.ts')).quotasList,
      isDefault: true,
    },
    {
      path: 'quotas set',
      summary: 'set and delete limits',
      load: async () => (await import('../commands/quotas.ts')).quotasSet,
    },
    {
      path: 'tokens list',
      summary: 'list delegation tokens, without their secrets',
      load: async () => (await import('../commands/tokens.ts')).tokensList,
      isDefault: true,
    },
    {
      path: 'tokens create',
      summary: 'create a delegation token, and print its secret once',
      load: async () => (await import('../commands/tokens.ts')).tokensCreate,
    },
    {
      path: 'tokens renew',
      summary: 'extend the life of tokens',
      load: async () => (await import('../commands/tokens.ts')).tokensRenew,
    },
    {
      path: 'tokens expire',
      summary: 'expire tokens',
      load: async () => (await import('../commands/tokens.ts')).tokensExpire,
    },
  ],
};
