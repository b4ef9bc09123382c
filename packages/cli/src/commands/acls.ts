import { type Acl, type AclFilter, createAcls, deleteAcls, describeAcls, type NewAcl } from '@tskafka/core';
import { type FilterFlags, filtersOf, operations, type RuleFlags, rulesOf } from '../access/acl-flags.ts';
import { command, type CommandOption } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

const resourceOptions: readonly CommandOption[] = [
  { flags: '-t, --topic <topic>', text: 'a topic; * means every topic', repeat: true },
  { flags: '--group <group>', text: 'a group', repeat: true },
  { flags: '--transactional-id <id>', text: 'a transactional id', repeat: true },
  { flags: '--cluster', text: 'the cluster' },
  { flags: '--prefixed', text: 'match all names that start with the given ones' },
];
const principalOption: CommandOption = { flags: '--principal <principal>', text: 'who: User:alice', parse: principalOf };

function principalOf(text: string, option: string): string {
  if (/^[^:]+:./s.test(text)) return text;
  throw new UsageError(`${option} ${text} has no type`, `${option} User:${text}`);
}
const hostOption = { flags: '--host <address>', text: 'only from this address' } as const;

const operationOption: CommandOption = { flags: '--operation <operation>', text: 'what', choices: operations, repeat: true };

const columns: readonly Column<Acl>[] = [
  { name: 'principal', value: ({ principal }) => principal },
  { name: 'permission', value: ({ permission }) => permission },
  { name: 'operation', value: ({ operation }) => operation },
  { name: 'resource', value: ({ resourceType }) => resourceType },
  { name: 'name', value: ({ resourceName }) => resourceName },
  { name: 'pattern', value: ({ patternType }) => patternType },
  { name: 'host', value: ({ host }) => host },
];

const roleOptions: readonly CommandOption[] = [
  { flags: '--producer', text: 'everything needed to produce to the topics, also with the transactional ids' },
  { flags: '--consumer', text: 'everything needed to consume the topics in the groups' },
  { flags: '--idempotent', text: 'with --producer: also what brokers before 2.8 require for idempotent producers' },
];

const ruleOptions: readonly CommandOption[] = [...resourceOptions, principalOption, operationOption, ...roleOptions, hostOption];

/** `tskafka acls list`. Java: kafka-acls.sh --list. */
export const aclsList = command<FilterFlags>({
  options: [...resourceOptions, principalOption, operationOption, hostOption],
  examples: ['tskafka acls', 'tskafka acls --principal User:alice', 'tskafka acls -t orders --json'],
  async run({ connect, rows, signal }, flags) {
    const client = await connect();
    const found = await Promise.all(filtersOf(flags).map((filter) => describeAcls(client, filter, { signal })));
    await rows(columns, sorted(found.flat()), { empty: 'no rule matches' });
  },
});

/** `tskafka acls create`. Java: kafka-acls.sh --add. */
export const aclsCreate = command<RuleFlags & { execute?: boolean }>({
  options: [...ruleOptions, { flags: '--deny', text: 'deny the operation instead of allowing it' }],
  changes: true,
  examples: [
    'tskafka acls create --principal User:alice --producer --topic orders --execute',
    'tskafka acls create --principal User:alice --consumer --topic orders --group billing --execute',
    'tskafka acls create --principal User:alice --operation read --topic orders --group billing --execute',
    "tskafka acls create --principal 'User:*' --operation describe --topic logs- --prefixed",
  ],
  async run({ connect, change, signal }, { principal, host = '*', execute, ...flags }) {
    if (principal === undefined) throw new UsageError('the principal is missing', '--principal User:NAME');
    const rows = rulesOf(flags).map((rule): NewAcl & Acl => ({ ...rule, principal, host, permission: flags.deny ? 'deny' : 'allow' }));
    await change<NewAcl & Acl>({
      columns,
      rows,
      would: `create ${counted(rows.length, 'rule')} for ${principal}`,
      execute,
      async apply(all) {
        const results = await createAcls(await connect(), all, { signal });
        return all.map((acl) => results.get(acl));
      },
    });
  },
});

/** `tskafka acls delete`. Java: kafka-acls.sh --remove. */
export const aclsDelete = command<RuleFlags & { all?: boolean; execute?: boolean }>({
  options: [...ruleOptions, { flags: '-a, --all', text: 'every rule' }],
  changes: true,
  examples: [
    'tskafka acls delete --principal User:alice',
    'tskafka acls delete --principal User:alice --producer --topic orders --execute',
    'tskafka acls delete --topic orders --operation write --execute',
  ],
  notes: 'With --producer or --consumer, it deletes exactly the rules that acls create makes with the same options.',
  async run({ connect, change, signal }, { all = false, execute, ...flags }) {
    const filters = filtersOf(flags);
    if (!all && filters.length === 1 && Object.keys(filters[0]!).length === 0)
      throw new UsageError('no rule was selected', 'name a principal, a resource or an operation, or --all');
    const client = await connect();
    const found = await Promise.all(filters.map((filter) => describeAcls(client, filter, { signal })));
    const rows = sorted(found.flat());
    await change<Acl>({
      columns,
      rows,
      would: `delete ${counted(rows.length, 'rule')}`,
      empty: 'no rule matches',
      execute,
      async apply(acls) {
        // Those that were shown, and no others that came since.
        const wanted = acls.map((acl) => acl as AclFilter);
        const results = await deleteAcls(client, wanted, { signal });
        return wanted.map((filter) => {
          const result = results.get(filter);
          return result instanceof Error ? result : [...(result?.values() ?? [])].find((error) => error !== undefined);
        });
      },
    });
  },
});

function sorted(acls: readonly Acl[]): Acl[] {
  const keyOf = ({ principal, resourceType, resourceName, operation, patternType, permission, host }: Acl): string =>
    [principal, resourceType, resourceName, operation, patternType, permission, host].join('\0');
  return acls.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
