import { describeGroups, type GroupDescription, type GroupMember } from '@tskafka/core';
import { command } from '../frame/command.ts';
import type { Column } from '../frame/rows.ts';

interface Row {
  readonly group: GroupDescription;
  readonly member: GroupMember;
}

const columns: readonly Column<Row>[] = [
  { name: 'group', value: ({ group }) => group.group },
  { name: 'member', value: ({ member }) => member.memberId },
  { name: 'instance', value: ({ member }) => member.instanceId },
  { name: 'client', value: ({ member }) => member.clientId },
  { name: 'host', value: ({ member }) => member.host.replace(/^\//, '') },
  { name: 'assignment', value: ({ member }) => member.assignment?.map(({ topic, partition }) => `${topic}:${partition}`) },
];

/** `tskafka group describe`: who is in groups, and reads what. Java: kafka-consumer-groups.sh --describe --members. */
export const groupDescribe = command<object, [names: string[]]>({
  arguments: [['<group...>', 'the groups']],
  examples: ['tskafka group describe billing', 'tskafka group billing --json'],
  async run({ connect, rows, talk, fail, signal }, _, names) {
    const client = await connect();
    const found: Row[] = [];
    for (const group of (await describeGroups(client, names, { signal })).values()) {
      if (group instanceof Error) {
        await fail(group);
        continue;
      }
      const { type, state, assignor, coordinator, epoch, members } = group;
      const details = [
        type,
        state,
        `coordinated by broker ${coordinator}`,
        assignor && `assignor ${assignor}`,
        epoch !== undefined && `epoch ${epoch}`,
      ];
      talk(`${group.group}: ${details.filter(Boolean).join(', ')}`);
      found.push(...members.map((member) => ({ group, member })));
    }
    await rows(columns, found, { empty: 'nobody is there' });
  },
});
