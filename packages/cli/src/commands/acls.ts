import { type Acl, type AclFilter, type AclOperation, type AclResourceType, createAcls, deleteAcls, describeAcls, type NewAcl } from '@tskafka/core'; // prettier-ignore
import { type Resource, type Roles, roleRules, theCluster } from '../access/role-rules.ts';
import { command, type CommandOption } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';

/** What a rule is about, as the options name it. */
interface ResourceFlags {
  readonly topic?: string[];
  readonly group?: string[];
  readonly transactionalId?: string[];
  readonly cluster?: boolean;
  readonly prefixed?: boolean;
}

const resourceOptions: readonly CommandOption[] = [
  { flags: '-t, --topic <topic>', text: 'of this topic; * is every one', repeat: true },
  { flags: '--group <group>', text: 'of this group', repeat: true },
  { flags: '--transactional-id <id>', text: 'of this transactional id', repeat: true },
  { flags: '--cluster', text: 'of the cluster' },
  { flags: '--prefixed', text: 'for all names that begin so' },
];
const principalOption: CommandOption = { flags: '--principal <principal>', text: 'who: User:alice', parse: principalOf };

function principalOf(text: string, option: string): string {
  if (/^[^:]+:./s.test(text)) return text;
  throw new UsageError(`${option} ${text} has no type`, `${option} User:${text}`);
}
const hostOption = { flags: '--host <address>', text: 'from this address only' } as const;

const operations: readonly AclOperation[] = [
  ...(['all', 'read', 'write', 'create', 'delete', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs'] as const),
  ...(['idempotentWrite', 'createTokens', 'describeTokens', 'twoPhaseCommit'] as const),
];
const operationOption: CommandOption = { flags: '--operation <operation>', text: 'what', choices: operations, repeat: true };

function resourcesOf(flags: ResourceFlags): Resource[] {
  const named = (resourceType: AclResourceType, names: readonly string[] = []) =>
    names.map((resourceName) => ({ resourceType, resourceName }));
  return [
    ...named('topic', flags.topic),
    ...named('group', flags.group),
    ...named('transactionalId', flags.transactionalId),
    ...(flags.cluster ? [theCluster] : []),
  ];
}

const columns: readonly Column<Acl>[] = [
  { name: 'principal', value: ({ principal }) => principal },
  { name: 'permission', value: ({ permission }) => permission },
  { name: 'operation', value: ({ operation }) => operation },
  { name: 'resource', value: ({ resourceType }) => resourceType },
  { name: 'name', value: ({ resourceName }) => resourceName },
  { name: 'pattern', value: ({ patternType }) => patternType },
  { name: 'host', value: ({ host }) => host },
];

type Filtering = ResourceFlags & { principal?: string; operation?: AclOperation[]; host?: string };

/** One filter for each pair of a resource and an operation that was named. */
function filtersOf({ principal, host, operation, prefixed, ...flags }: Filtering): AclFilter[] {
  const common = { ...(principal && { principal }), ...(host && { host }), ...(prefixed && { patternType: 'prefixed' as const }) };
  const resources: AclFilter[] = resourcesOf(flags);
  const pairs = (resources.length === 0 ? [{}] : resources).flatMap((resource) =>
    (operation ?? [undefined]).map((one) => ({ ...common, ...resource, ...(one && { operation: one }) })),
  );
  return pairs;
}

/** `tskafka acls list`. Java: kafka-acls.sh --list. */
export const aclsList = command<Filtering>({
  options: [...resourceOptions, principalOption, operationOption, hostOption],
  examples: ['tskafka acls', 'tskafka acls --principal User:alice', 'tskafka acls -t orders --json'],
  async run({ connect, rows, signal }, flags) {
    const client = await connect();
    const found = await Promise.all(filtersOf(flags).map((filter) => describeAcls(client, filter, { signal })));
    await rows(columns, sorted(found.flat()), { empty: 'there are no such rules' });
  },
});

/** What the rules that are to be made are about: what roles need, or each operation of each resource that was named. */
function rulesOf({ operation, deny, ...flags }: Filtering & Roles & { deny?: boolean }): (Resource & { operation: AclOperation })[] {
  const { producer, consumer, idempotent } = flags;
  const resources = resourcesOf(flags);
  if (idempotent && !producer) throw new UsageError('--idempotent is about producers', 'add --producer');
  if (!producer && !consumer) {
    if (operation === undefined)
      throw new UsageError('what may be done, or may not?', `--producer, --consumer, or --operation ${operations.join('|')}`);
    if (resources.length === 0) throw new UsageError('what is the rule about?', '--topic, --group, --transactional-id or --cluster');
    return resources.flatMap((resource) => operation.map((one) => ({ ...resource, operation: one })));
  }
  const role = producer ? '--producer' : '--consumer';
  if (operation !== undefined) throw new UsageError(`${role} says what may be done`, 'leave --operation away');
  if (deny) throw new UsageError(`${role} is what somebody needs, and --deny forbids`, '--deny with --operation');
  if (flags.topic === undefined) throw new UsageError(`${role} of which topic?`, '--topic NAME');
  if (consumer && flags.group === undefined) throw new UsageError('--consumer in which group?', '--group NAME');
  if (flags.cluster || (!producer && flags.transactionalId) || (!consumer && flags.group))
    throw new UsageError(`${role} needs no rule about that`, consumer ? '--topic and --group' : '--topic and --transactional-id');
  return roleRules(flags, resources);
}

/** `tskafka acls create`. Java: kafka-acls.sh --add. */
export const aclsCreate = command<Filtering & Roles & { deny?: boolean; execute?: boolean }>({
  options: [
    ...resourceOptions,
    principalOption,
    operationOption,
    { flags: '--producer', text: 'all that who writes to the topics needs, also with the transactional ids' },
    { flags: '--consumer', text: 'all that who reads the topics in the groups needs' },
    { flags: '--idempotent', text: 'with --producer: also what brokers before 2.8 ask of idempotent producers' },
    hostOption,
    { flags: '--deny', text: 'forbid it; without this it is allowed' },
  ],
  changes: true,
  examples: [
    'tskafka acls create --principal User:alice --producer --topic orders --execute',
    'tskafka acls create --principal User:alice --consumer --topic orders --group billing --execute',
    'tskafka acls create --principal User:alice --operation read --topic orders --group billing --execute',
    "tskafka acls create --principal 'User:*' --operation describe --topic logs- --prefixed",
  ],
  async run({ connect, change, signal }, { principal, host = '*', prefixed, execute, ...flags }) {
    if (principal === undefined) throw new UsageError('whose rule is it?', '--principal User:NAME');
    const rows = rulesOf(flags).map((rule): NewAcl & Acl => ({
      ...rule,
      ...{ principal, host, permission: flags.deny ? 'deny' : 'allow' },
      patternType: prefixed && rule.resourceType !== 'cluster' ? 'prefixed' : 'literal',
    }));
    await change<NewAcl & Acl>({
      columns,
      rows,
      would: `create ${rows.length === 1 ? 'a rule' : `${rows.length} rules`} for ${principal}`,
      execute,
      async apply(all) {
        const results = await createAcls(await connect(), all, { signal });
        return all.map((acl) => results.get(acl));
      },
    });
  },
});

/** `tskafka acls delete`. Java: kafka-acls.sh --remove. */
export const aclsDelete = command<Filtering & { all?: boolean; execute?: boolean }>({
  options: [...resourceOptions, principalOption, operationOption, hostOption, { flags: '-a, --all', text: 'every rule there is' }],
  changes: true,
  examples: ['tskafka acls delete --principal User:alice', 'tskafka acls delete --topic orders --operation write --execute'],
  async run({ connect, change, signal }, { all = false, execute, ...flags }) {
    const filters = filtersOf(flags);
    if (!all && filters.length === 1 && Object.keys(filters[0]!).length === 0)
      throw new UsageError('which rules?', 'name a principal, a resource or an operation, or --all');
    const client = await connect();
    const found = await Promise.all(filters.map((filter) => describeAcls(client, filter, { signal })));
    const rows = sorted(found.flat());
    await change<Acl>({
      columns,
      rows,
      would: `delete ${rows.length === 1 ? 'a rule' : `${rows.length} rules`}`,
      empty: 'there are no such rules',
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
  const keyOf = ({ principal, resourceType, resourceName, operation }: Acl): string =>
    [principal, resourceType, resourceName, operation].join('\0');
  return acls.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
