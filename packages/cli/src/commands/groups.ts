import { deleteGroups, KafkaClient, listGroups } from '@tskafka/core';
import type { Command } from 'commander';
import { addConnectionOptions, clientOptions, type ConnectionFlags } from '../connection-options.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly execute?: boolean;
}

/** `tskafka groups`: what groups there are; `tskafka groups delete`. */
export function groupsCommand(program: Command, output: Output): void {
  const groups = addConnectionOptions(program.command('groups'))
    .description('list the groups: type, state')
    .option('--json', 'a line of JSON for each')
    .addHelpText('after', '\nExamples:\n  tskafka groups -b kafka:9092\n  tskafka groups delete old-group --execute')
    .action(async (flags: Flags) => {
      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      const rows = await listGroups(client);
      if (flags.json) {
        for (const row of rows) await output.data(`${JSON.stringify(row)}\n`);
      } else if (rows.length === 0) {
        output.talk('there are no groups');
      } else {
        const cells = rows.map(({ group, type, state }) => [printable(group), type ?? '-', state ?? '-']);
        await output.data(table(['GROUP', 'TYPE', 'STATE'], cells));
      }
    });
  addConnectionOptions(groups.command('delete'))
    .description('delete groups without members, and what they have committed')
    .argument('<group...>', 'the groups')
    .option('--execute', 'do it; without this it is only said')
    .action(async (names: string[], _flags: Flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      if (!flags.execute) {
        output.talk(`would delete ${names.map((name) => `'${printable(name)}'`).join(', ')}; --execute does it`);
        return;
      }
      await using client = await KafkaClient.connect(clientOptions(flags, process.env));
      const results = await deleteGroups(client, names);
      const failed = [...results.values()].find((error) => error !== undefined);
      for (const [group, error] of results) if (error === undefined) output.talk(`deleted '${printable(group)}'`);
      if (failed !== undefined) throw failed;
    });
}
