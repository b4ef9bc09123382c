import { alterClientQuotas, type ClientQuota, describeClientQuotas, type QuotaEntity } from '@tskafka/core';
import { command, type CommandOption } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

interface EntityFlags {
  readonly forUser?: string;
  readonly forClientId?: string;
  readonly forIp?: string;
  readonly forDefaultUser?: boolean;
  readonly forDefaultClientId?: boolean;
  readonly forDefaultIp?: boolean;
}

const entityOptions: readonly CommandOption[] = [
  { flags: '--for-user <user>', text: 'for this user' },
  { flags: '--for-client-id <id>', text: 'for this client id' },
  { flags: '--for-ip <address>', text: 'for this address' },
  { flags: '--for-default-user', text: 'for users without their own quota' },
  { flags: '--for-default-client-id', text: 'for client ids without one' },
  { flags: '--for-default-ip', text: 'for addresses without one' },
];

function entityOf(flags: EntityFlags): QuotaEntity {
  const part = <Kind extends keyof QuotaEntity>(kind: Kind, name: string | undefined, isDefault = false): Partial<QuotaEntity> => {
    if (name !== undefined && isDefault) throw new UsageError(`a ${kind} by its name, or the default one: not both`);
    return isDefault ? { [kind]: null } : name === undefined ? {} : { [kind]: name };
  };
  return {
    ...part('user', flags.forUser, flags.forDefaultUser),
    ...part('clientId', flags.forClientId, flags.forDefaultClientId),
    ...part('ip', flags.forIp, flags.forDefaultIp),
  };
}

interface Row {
  readonly entity: QuotaEntity;
  readonly limit: string;
  readonly value: number | null;
}

function text(name: string | null | undefined): string {
  return name === null ? '(default)' : (name ?? '-');
}

const columns: readonly Column<Row>[] = [
  { name: 'user', value: ({ entity }) => entity.user, text: ({ entity }) => text(entity.user) },
  { name: 'clientId', value: ({ entity }) => entity.clientId, text: ({ entity }) => text(entity.clientId) },
  { name: 'ip', value: ({ entity }) => entity.ip, text: ({ entity }) => text(entity.ip) },
  // In data null would not tell the default one from none.
  {
    name: 'defaults',
    value: ({ entity }) => Object.keys(entity).filter((kind) => entity[kind as keyof QuotaEntity] === null),
    only: 'data',
  },
  { name: 'limit', value: ({ limit }) => limit },
  { name: 'value', value: ({ value }) => value },
];

function rowsOf(quotas: readonly ClientQuota[]): Row[] {
  return quotas.flatMap(({ entity, limits }) => Object.entries(limits).map(([limit, value]) => ({ entity, limit, value })));
}

/** `tskafka quotas list`. Java: kafka-configs.sh --describe --entity-type users. */
export const quotasList = command<EntityFlags>({
  options: entityOptions,
  examples: ['tskafka quotas', 'tskafka quotas --for-user alice', 'tskafka quotas --for-default-client-id --json'],
  async run({ connect, rows, signal }, flags) {
    const found = await describeClientQuotas(await connect(), entityOf(flags), { signal });
    await rows(columns, rowsOf(found), { empty: 'no quota matches' });
  },
});

type Setting = readonly [name: string, value: string | null];

/** `tskafka quotas set`. Java: kafka-configs.sh --alter --add-config producer_byte_rate=... */
export const quotasSet = command<EntityFlags & { set?: Setting[]; delete?: string[]; execute?: boolean }>({
  options: [
    ...entityOptions,
    { flags: '--set <limit=number>', text: 'set a limit', parse: nameAndValue, repeat: true },
    { flags: '--delete <limit>', text: 'delete a limit', repeat: true },
  ],
  changes: true,
  examples: [
    'tskafka quotas set --for-user alice --set producer_byte_rate=1048576 --execute',
    'tskafka quotas set --for-default-client-id --delete consumer_byte_rate',
  ],
  notes:
    'The limits are producer_byte_rate, consumer_byte_rate, request_percentage and controller_mutation_rate; for an address, connection_creation_rate.',
  async run({ connect, change, signal }, { set = [], delete: deleted = [], execute, ...flags }) {
    const entity = entityOf(flags);
    if (Object.keys(entity).length === 0)
      throw new UsageError(
        'the user, client id or address is missing',
        '--for-user, --for-client-id or --for-ip, or one of --for-default-...',
      );
    const rows: Row[] = [
      ...set.map(([limit, value]) => ({ entity, limit, value: numberOf(limit, value) })),
      ...deleted.map((limit) => ({ entity, limit, value: null })),
    ];
    if (rows.length === 0) throw new UsageError('nothing to change', '--set LIMIT=NUMBER or --delete LIMIT');
    await change<Row>({
      columns,
      rows,
      would: `change ${rows.length === 1 ? rows[0]!.limit : counted(rows.length, 'limit')}`,
      execute,
      async apply(all) {
        const limits = Object.fromEntries(all.map(({ limit, value }) => [limit, value]));
        const [result] = (await alterClientQuotas(await connect(), [{ entity, limits }], { signal })).values();
        return all.map(() => result);
      },
    });
  },
});

function numberOf(limit: string, value: string | null): number {
  const number = Number(value ?? NaN);
  if (value === '' || !Number.isFinite(number)) throw new UsageError(`${limit} needs a number`, `--set ${limit}=NUMBER`);
  return number;
}
