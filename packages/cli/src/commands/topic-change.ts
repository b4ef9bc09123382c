import { alterConfigs, createPartitions, createTopics, deleteTopics, describeConfigs, describeTopics, valuesOf } from '@tskafka/core'; // prettier-ignore
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import { nameAndValue, wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

const topicColumn: Column<{ readonly topic: string }> = { name: 'topic', value: ({ topic }) => topic };
type Setting = readonly [name: string, value: string | null];

interface Creation {
  readonly topic: string;
  readonly partitions: number | undefined;
  readonly replicas: number | undefined;
  readonly configs: Readonly<Record<string, string>>;
}

/** `tskafka topic create`. PyKafka: create_topic. */
export const topicCreate = command<
  { partitions?: number; replicas?: number; set?: Setting[]; ifNotExists?: boolean; execute?: boolean },
  [names: string[]]
>({
  arguments: [['<topic...>', 'the topics']],
  options: [
    { flags: '-p, --partitions <number>', text: "the number of partitions (default: the brokers' setting)", parse: wholeNumber },
    { flags: '-r, --replicas <number>', text: "the number of replicas (default: the brokers' setting)", parse: wholeNumber },
    { flags: '--set <name=value>', text: 'a configuration', parse: nameAndValue, repeat: true },
    { flags: '--if-not-exists', text: 'ignore topics that exist already' },
  ],
  changes: true,
  needsToChange: { topic: 'create' },
  examples: ['tskafka topic create orders -p 6 -r 3 --execute', 'tskafka topic create users --set cleanup.policy=compact --execute'],
  async run({ connect, change, talk, signal }, { partitions, replicas, set = [], ifNotExists = false, execute }, names) {
    const configs: Record<string, string> = {};
    for (const [name, value] of set) {
      if (value === null || value === '') throw new UsageError(`--set ${name} has no value`, `--set ${name}=VALUE`);
      configs[name] = value;
    }
    const client = await connect();
    const there = await describeTopics(client, names, { signal });
    const wanted = ifNotExists ? names.filter((name) => there.get(name) instanceof Error) : names;
    if (wanted.length < names.length) talk(`there already: ${names.filter((name) => !wanted.includes(name)).join(', ')}`);
    const rows = wanted.map((topic): Creation => ({ topic, partitions, replicas, configs }));
    const create = async (all: readonly Creation[], validateOnly: boolean): Promise<(Error | undefined)[]> => {
      const topics = all.map(({ topic: name }) => ({
        ...{ name, configs },
        ...(partitions !== undefined && { partitions }),
        ...(replicas !== undefined && { replicationFactor: replicas }),
      }));
      const results = await createTopics(client, topics, { validateOnly, signal });
      return all.map(({ topic }) => results.get(topic));
    };
    await change<Creation>({
      columns: [
        topicColumn,
        { name: 'partitions', value: (row) => row.partitions, text: (row) => String(row.partitions ?? "the brokers'") },
        { name: 'replicas', value: (row) => row.replicas, text: (row) => String(row.replicas ?? "the brokers'") },
        { name: 'configs', value: (row) => row.configs },
      ],
      rows,
      would: `create ${counted(rows.length, 'topic')}`,
      execute,
      check: (all) => create(all, true),
      apply: (all) => create(all, false),
    });
  },
});

/** `tskafka topic delete`. PyKafka: delete_topic. */
export const topicDelete = command<{ execute?: boolean }, [names: string[]]>({
  arguments: [['<topic...>', 'the topics']],
  changes: true,
  needsToChange: { topic: 'delete' },
  examples: ['tskafka topic delete old-orders', 'tskafka topic delete old-orders --execute'],
  async run({ connect, change, told, signal }, { execute }, names) {
    const client = await connect();
    const rows = [...(await told(await describeTopics(client, names, { signal }))).values()];
    await change({
      columns: [topicColumn, { name: 'partitions', value: ({ partitions }) => partitions.length }],
      rows: rows.map(({ name, partitions }) => ({ topic: name, partitions })),
      would: `delete ${counted(rows.length, 'topic')} with all messages`,
      execute,
      ...(names.length === 1 && { confirm: names[0]! }),
      async apply(all) {
        const results = await deleteTopics(client, all.map(({ topic }) => topic), { signal }); // prettier-ignore
        return all.map(({ topic }) => results.get(topic));
      },
    });
  },
});

interface Alteration {
  readonly topic: string;
  readonly what: string;
  readonly from: string | number | null;
  readonly to: string | number | null;
}

/** `tskafka topic alter`: more partitions, and configurations. */
export const topicAlter = command<{ partitions?: number; set?: Setting[]; execute?: boolean }, [name: string]>({
  arguments: [['<topic>', 'the topic']],
  options: [
    { flags: '-p, --partitions <number>', text: 'the new total number of partitions', parse: wholeNumber },
    {
      flags: '--set <name=value>',
      text: 'a configuration; name= goes back to the default',
      parse: nameAndValue,
      repeat: true,
    },
  ],
  changes: true,
  needsToChange: { topic: 'alter' },
  examples: ['tskafka topic alter orders -p 12 --execute', 'tskafka topic alter orders --set retention.ms=86400000 --set cleanup.policy='],
  async run({ connect, change, signal }, { partitions, set = [], execute }, topic) {
    if (partitions === undefined && set.length === 0) throw new UsageError('nothing to alter', '-p NUMBER or --set NAME=VALUE');
    const bare = set.find(([, value]) => value === null);
    if (bare !== undefined)
      throw new UsageError(`--set ${bare[0]} has no value`, `--set ${bare[0]}=VALUE, or --set ${bare[0]}= to go back`);
    const client = await connect();
    const described = valuesOf(await describeTopics(client, [topic], { signal })).get(topic)!;
    const resource = { type: 'topic', name: topic } as const;
    // Who gives it more partitions need not be allowed to look at configurations.
    const names = set.map(([name]) => name);
    const configs = names.length === 0 ? undefined : valuesOf(await describeConfigs(client, [resource], { names, signal })).get(resource);
    const rows: Alteration[] = set.map(([name, value]) => ({
      topic,
      what: name,
      from: configs?.get(name)?.value ?? null,
      to: value || null,
    }));
    if (partitions !== undefined) rows.push({ topic, what: 'partitions', from: described.partitions.length, to: partitions });
    const [values, cleared] = [set.filter(([, value]) => value !== ''), set.filter(([, value]) => value === '').map(([name]) => name)];
    const item = { ...resource, set: Object.fromEntries(values as [string, string][]), delete: cleared };
    const alter = async (validateOnly: boolean): Promise<(Error | undefined)[]> => {
      // The values first: what they say may be wrong, and partitions cannot be taken away again.
      const configured = set.length === 0 ? undefined : (await alterConfigs(client, [item], { validateOnly, signal })).get(item);
      const grown =
        partitions === undefined || configured !== undefined
          ? configured
          : (await createPartitions(client, [{ topic, partitions }], { validateOnly, signal })).get(topic);
      return rows.map(({ what }) => (what === 'partitions' ? grown : configured));
    };
    await change<Alteration>({
      columns: [
        topicColumn,
        { name: 'what', value: ({ what }) => what },
        { name: 'from', value: ({ from }) => from, align: 'left' },
        { name: 'to', value: ({ to }) => to, text: ({ to }) => String(to ?? 'the default'), align: 'left' },
      ],
      rows,
      would: `alter ${topic}`,
      execute,
      check: () => alter(true),
      apply: () => alter(false),
    });
  },
});
