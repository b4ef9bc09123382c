import {
  deleteGroups,
  describeGroups,
  type GroupDescription,
  type GroupState,
  type GroupType,
  type ListedGroup,
  listGroups,
} from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';
import { isUnknown, progressOf, totalLag } from '../groups/group-progress.ts';
import { counted } from '../terminal/counted.ts';
import { matcherOf } from '../terminal/matcher.ts';

interface Row extends ListedGroup {
  readonly described: GroupDescription | undefined;
  /** Undefined where part of it is not known. */
  readonly lag: number | undefined;
}

const listColumns: readonly Column<Pick<ListedGroup, 'group' | 'type' | 'state'>>[] = [
  { name: 'group', value: ({ group }) => group },
  { name: 'type', value: ({ type }) => type },
  { name: 'state', value: ({ state }) => state },
];
const columns: readonly Column<Row>[] = [
  ...listColumns,
  { name: 'members', value: ({ described }) => described?.members.length },
  { name: 'lag', value: ({ lag }) => lag },
];

interface Flags {
  readonly state?: GroupState[];
  readonly type?: GroupType[];
  readonly brief?: boolean;
}

/** `tskafka groups`: what groups there are. PyKafka: print_managed_consumer_groups. Java: kafka-groups.sh, kafka-consumer-groups.sh --list. */
export const groups = command<Flags, [pattern?: string]>({
  arguments: [['[pattern]', 'only groups whose name matches, such as billing-*']],
  options: [
    { flags: '--state <state>', text: 'only groups in this state', choices: ['Stable', 'Empty', 'Dead', 'PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling', 'NotReady'], repeat: true }, // prettier-ignore
    { flags: '--type <type>', text: 'only groups of this type', choices: ['classic', 'consumer', 'share', 'streams'], repeat: true },
    { flags: '--brief', text: 'names, types and states only: one request to each broker' },
  ],
  examples: ['tskafka groups -b kafka:9092', "tskafka groups 'billing-*'", 'tskafka groups --type share --state Stable', 'tskafka groups --brief --json | jq -r .group'], // prettier-ignore
  async run({ connect, rows, fail, signal }, { state: states = [], type: types = [], brief = false }, pattern) {
    const client = await connect();
    const { groups: all, errors } = await listGroups(client, { states, types, signal });
    const matches = matcherOf(pattern);
    const found = all.filter(({ group }) => matches(group));
    const empty = pattern === undefined ? 'there are no groups' : `no group matches ${pattern}`;
    if (brief) await rows(listColumns, found, { empty });
    else {
      const names = found.map(({ group }) => group);
      const [described, progress] = await Promise.all([describeGroups(client, names, { signal }), progressOf(client, found, signal)]);
      const known = <Value>(value: Value | Error | undefined): Value | undefined => (value instanceof Error ? undefined : value);
      const full = found.map((listed): Row => {
        const told = known(progress.get(listed.group));
        return {
          ...listed,
          described: known(described.get(listed.group)),
          lag: told?.some(isUnknown) ? undefined : told && totalLag(told),
        };
      });
      await rows(columns, full, { empty });
      for (const told of progress.values()) if (told instanceof Error) await fail(told);
    }
    for (const error of errors.values()) await fail(error);
  },
});

/** `tskafka group delete`. Java: kafka-consumer-groups.sh --delete. */
export const groupDelete = command<{ execute?: boolean }, [names: string[]]>({
  arguments: [['<group...>', 'the groups']],
  changes: true,
  needsToChange: { group: 'delete' },
  examples: ['tskafka group delete old-group --execute'],
  async run({ connect, change, told, signal }, { execute }, names) {
    const client = await connect();
    const found = [...(await told(await describeGroups(client, names, { signal }))).values()];
    await change<GroupDescription>({
      columns: [...listColumns, { name: 'members', value: ({ members }) => members.length }],
      rows: found,
      would: `delete ${found.length === 1 ? found[0]!.group : counted(found.length, 'group')}`,
      execute,
      ...(names.length === 1 && { confirm: names[0]! }),
      async apply(all) {
        const results = await deleteGroups(client, all.map(({ group }) => group), { signal }); // prettier-ignore
        return all.map(({ group }) => results.get(group));
      },
    });
  },
});
