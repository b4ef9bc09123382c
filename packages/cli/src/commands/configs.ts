import { alterConfigs, type ConfigEntry, type ConfigResource, type ConfigResourceType, describeConfigs, listConfigResources, valuesOf } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { didYouMean } from '../frame/nearest.ts';
import { nameAndValue } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

/** The types as they are typed, and in the library's words. */
const types: Readonly<Record<string, ConfigResourceType>> = {
  topic: 'topic',
  broker: 'broker',
  'broker-logger': 'brokerLogger',
  'client-metrics': 'clientMetrics',
  group: 'group',
};
const typeNames = Object.keys(types).join(', ');
const typeArgument = ['<type>', `what has them: ${typeNames}`] as const;

function typeOf(text: string): ConfigResourceType {
  const type = Object.hasOwn(types, text) ? types[text] : undefined;
  if (type === undefined)
    throw new UsageError(`${text} has no configurations`, didYouMean(text, Object.keys(types), `one of ${typeNames}`));
  return type;
}

function resourceOf(text: string, name: string | undefined): ConfigResource {
  const type = typeOf(text);
  if (name === undefined && type !== 'broker') throw new UsageError(`which ${text}? its name is missing`);
  return { type, name: name ?? '' };
}

function typed(type: ConfigResourceType): string {
  return Object.keys(types).find((name) => types[name] === type)!;
}

/** `tskafka configs list`: what there is that has configurations. */
export const configsList = command<object, [type?: string]>({
  arguments: [['[type]', `only of this type: ${typeNames}`]],
  examples: ['tskafka configs list group', 'tskafka configs list --json'],
  async run({ connect, rows, signal }, _, type) {
    const wanted = type === undefined ? [] : [typeOf(type)];
    const client = await connect();
    const found = await listConfigResources(client, wanted, { signal });
    found.sort((a, b) => (a.type === b.type ? (a.name < b.name ? -1 : 1) : a.type < b.type ? -1 : 1));
    const columns: readonly Column<ConfigResource>[] = [
      { name: 'type', value: (resource) => typed(resource.type) },
      { name: 'name', value: ({ name }) => name },
    ];
    await rows(columns, found, { empty: `nothing${type === undefined ? '' : ` of the type ${type}`} has configurations of its own` });
  },
});

const entryColumns: readonly Column<ConfigEntry>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'value', value: ({ value }) => value, text: ({ value, isSensitive }) => (isSensitive ? '***' : (value ?? '-')) },
  { name: 'source', value: ({ source }) => source },
  { name: 'type', value: ({ type }) => type, only: 'data' },
  { name: 'sensitive', value: ({ isSensitive }) => isSensitive, only: 'data' },
  { name: 'readOnly', value: ({ isReadOnly }) => isReadOnly },
];

/** `tskafka configs describe`: what holds for a topic, broker, ... Java: kafka-configs.sh --describe. */
export const configsDescribe = command<{ all?: boolean; documentation?: boolean }, [type: string, name?: string]>({
  arguments: [typeArgument, ['[name]', 'the name; for a broker its id, or nothing for the defaults of all brokers']],
  options: [
    { flags: '-a, --all', text: "also those with Kafka's default value" },
    { flags: '--documentation', text: 'also the documentation of each' },
  ],
  examples: ['tskafka configs topic orders', 'tskafka configs describe broker 1 --all', 'tskafka configs broker-logger 1 --json'],
  async run({ connect, rows, signal }, { all = false, documentation = false }, type, name) {
    const resource = resourceOf(type, name);
    const client = await connect();
    const configs = valuesOf(await describeConfigs(client, [resource], { includeDocumentation: documentation, signal })).get(resource)!;
    const shown = [...configs.values()].filter(({ source }) => all || source !== 'default').sort((a, b) => (a.name < b.name ? -1 : 1));
    const meaning: Column<ConfigEntry> = { name: 'documentation', value: (entry) => entry.documentation };
    await rows(documentation ? [...entryColumns, meaning] : entryColumns, shown, {
      empty: "everything has Kafka's default value: --all shows it",
    });
  },
});

interface Row {
  readonly type: string;
  readonly of: string;
  readonly config: string;
  readonly operation: 'set' | 'delete' | 'append' | 'subtract';
  readonly from: string | null;
  readonly to: string | null;
}

type Setting = readonly [name: string, value: string | null];

/** `tskafka configs alter`. Java: kafka-configs.sh --alter. */
export const configsAlter = command<
  { set?: Setting[]; delete?: string[]; append?: Setting[]; subtract?: Setting[]; execute?: boolean },
  [type: string, name?: string]
>({
  arguments: [typeArgument, ['[name]', 'the name; for a broker its id, or nothing for the defaults of all brokers']],
  options: [
    { flags: '--set <name=value>', text: 'set a value', parse: nameAndValue, repeat: true },
    { flags: '--delete <name>', text: 'go back to the default', repeat: true },
    { flags: '--append <name=value>', text: 'add to a list', parse: nameAndValue, repeat: true },
    { flags: '--subtract <name=value>', text: 'remove from a list', parse: nameAndValue, repeat: true },
  ],
  changes: true,
  examples: [
    'tskafka configs alter topic orders --set retention.ms=86400000 --execute',
    'tskafka configs alter broker --delete log.cleaner.threads',
    'tskafka configs alter broker-logger 1 --set kafka.controller=DEBUG --execute',
  ],
  async run({ connect, change, signal }, { set = [], delete: deleted = [], append = [], subtract = [], execute }, type, name) {
    const resource = resourceOf(type, name);
    for (const [config, value] of [...set, ...append, ...subtract]) {
      if (value === null) throw new UsageError(`${config} has no value`, `${config}=VALUE`);
    }
    const names = [...[...set, ...append, ...subtract].map(([config]) => config), ...deleted];
    if (names.length === 0) throw new UsageError('nothing to change', '--set NAME=VALUE, --delete NAME, --append or --subtract');
    const client = await connect();
    const before = valuesOf(await describeConfigs(client, [resource], { names, signal })).get(resource)!;
    const rowsOf = (settings: readonly Setting[], operation: Row['operation']): Row[] =>
      settings.map(([config, to]) => {
        return { type, of: name ?? 'all brokers', config, operation, from: before.get(config)?.value ?? null, to };
      });
    const objectOf = (settings: readonly Setting[]): Record<string, string> => Object.fromEntries(settings as [string, string][]);
    const item = { ...resource, set: objectOf(set), delete: deleted, append: objectOf(append), subtract: objectOf(subtract) };
    const alter = async (rows: readonly Row[], validateOnly: boolean): Promise<(Error | undefined)[]> => {
      const result = (await alterConfigs(client, [item], { validateOnly, signal })).get(item);
      return rows.map(() => result);
    };
    await change<Row>({
      columns: [
        { name: 'type', value: (row) => row.type },
        { name: 'of', value: (row) => row.of },
        { name: 'config', value: ({ config }) => config },
        { name: 'operation', value: ({ operation }) => operation },
        { name: 'from', value: ({ from }) => from },
        { name: 'to', value: ({ to }) => to },
      ],
      rows: [
        ...rowsOf(set, 'set'),
        ...rowsOf(deleted.map((config) => [config, null]), 'delete'),
        ...rowsOf(append, 'append'),
        ...rowsOf(subtract, 'subtract'),
      ], // prettier-ignore
      would: `change ${names.length === 1 ? names[0] : counted(names.length, 'configuration')} of ${type} ${name ?? 'defaults'}`,
      execute,
      check: (rows) => alter(rows, true),
      apply: (rows) => alter(rows, false),
    });
  },
});
