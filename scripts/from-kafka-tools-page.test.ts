import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandTree } from '../packages/cli/src/frame/command-tree.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/from-kafka-tools.md'), 'utf8');
const { commands, globalOptions } = await commandTree();
const flagsOf = (options: readonly { readonly flags: string }[]): string[] =>
  options.flatMap(({ flags }) => [...flags.matchAll(/--[a-z-]+/g)].map(([flag]) => flag));
const global = ['--execute', ...flagsOf(globalOptions.flatMap(({ options }) => options))];

/** The cells of our side that name a command, such as `group describe` with `--members`. */
const cells = page
  .split('\n')
  .filter((line) => line.startsWith('| `') || line.startsWith('| its'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, theirs, ours]) => ({ theirs: theirs!, ours: ours! }));

it.each(cells)('$theirs: what stands for it is there', ({ ours }) => {
  const words = [...ours.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
  const named = words.flatMap((word) => commands.filter(({ name }) => word === name || word.startsWith(`${name} `)));
  // Java's own options stand here too, to say what they are; ours belong to a command of the row.
  const wanted = [...ours.matchAll(/with ((?:`--[a-z-]+[^`]*`(?:, | and )?)+)/g)].flatMap(([, list]) => list!.match(/--[a-z-]+/g)!);
  if (named.length === 0) expect(ours).toMatch(/^(none|the same|a broker without|how|END|`--to|unbuffered|read_committed|its|files)/);
  const known = [...global, ...flagsOf(named.flatMap(({ options }) => options))];
  if (named.length > 0) expect(known).toEqual(expect.arrayContaining(wanted));
});

it('each command of ours that a tool has is named', () => {
  const ownWays = /^(tail|replay|doctor|completion|config|mock|lag|topic$|bench)/;
  for (const { name } of commands.filter((command) => !ownWays.test(command.name))) expect(page).toContain(`\`${name}`);
});
