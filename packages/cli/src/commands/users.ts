import { alterUserScramCredentials, describeUserScramCredentials, type ScramChange, type ScramMechanism } from '@tskafka/core';
import { newPassword } from '../connect/secret.ts';
import { command, type CommandOption } from '../frame/command.ts';
import { wholeNumber } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

const mechanisms: readonly ScramMechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
const mechanismOption: CommandOption = { flags: '-m, --mechanism <name>', text: 'the mechanism of the login', choices: mechanisms };

interface Row {
  readonly user: string;
  readonly mechanism: string;
  readonly iterations?: number | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'user', value: ({ user }) => user },
  { name: 'mechanism', value: ({ mechanism }) => mechanism },
  { name: 'iterations', value: ({ iterations }) => iterations },
];

/** `tskafka users list`: who can log in by SCRAM. Java: kafka-configs.sh --describe --entity-type users. */
export const usersList = command<object, [users: string[]]>({
  arguments: [['[user...]', 'the users (default: all)']],
  examples: ['tskafka users', 'tskafka users list alice --json'],
  async run({ connect, rows, told, signal }, _, names) {
    const users = await told(await describeUserScramCredentials(await connect(), names.length === 0 ? undefined : names, { signal }));
    const found = [...users].flatMap(([user, credentials]) => credentials.map((one) => ({ user, ...one })));
    await rows(columns, found.toSorted((a, b) => (a.user < b.user ? -1 : 1)), { empty: 'there are no SCRAM users' }); // prettier-ignore
  },
});

/** `tskafka users set`. Java: kafka-configs.sh --alter --add-config SCRAM-SHA-256=[...]. */
export const usersSet = command<
  { mechanism?: ScramMechanism; iterations?: number; secretFile?: string; execute?: boolean },
  [user: string]
>({
  arguments: [['<user>', 'the user']],
  options: [
    { ...mechanismOption, default: 'SCRAM-SHA-512' },
    { flags: '--iterations <number>', text: '4096 to 16384', parse: wholeNumber, default: 4096 },
    { flags: '--secret-file <file>', text: 'a file with the password; - means standard input. Without this, you are asked for it' },
  ],
  changes: true,
  examples: ['tskafka users set alice --execute', 'pass kafka/alice | tskafka users set alice --secret-file - --execute'],
  notes: 'The password is salted on this machine and never sent.',
  async run({ connect, change, signal }, { mechanism = 'SCRAM-SHA-512', iterations = 4096, secretFile, execute }, user) {
    await change<Row>({
      columns,
      rows: [{ user, mechanism, iterations }],
      would: `set a password of ${user}`,
      execute,
      async apply() {
        const password = await newPassword(user, secretFile);
        const [result] = (
          await alterUserScramCredentials(await connect(), [{ user, mechanism, iterations, password }], { signal })
        ).values();
        return [result];
      },
    });
  },
});

/** `tskafka users delete`. */
export const usersDelete = command<{ mechanism?: ScramMechanism; execute?: boolean }, [users: string[]]>({
  arguments: [['<user...>', 'the users']],
  options: [{ ...mechanismOption, text: 'only for this mechanism (default: all)' }],
  changes: true,
  examples: ['tskafka users delete alice', 'tskafka users delete alice -m SCRAM-SHA-256 --execute'],
  async run({ connect, change, told, signal }, { mechanism, execute }, names) {
    const client = await connect();
    const users = await told(await describeUserScramCredentials(client, names, { signal }));
    const rows = [...users].flatMap(([user, credentials]) => credentials.map((one) => ({ user, ...one })));
    const chosen = rows.filter((row) => mechanism === undefined || row.mechanism === mechanism);
    await change<Row>({
      columns,
      rows: chosen,
      would: `delete ${counted(chosen.length, 'password')}`,
      empty: 'there is nothing to delete',
      execute,
      async apply(all) {
        const changes = all.map(
          ({ user, mechanism: of }) => ({ user, mechanism: of as ScramMechanism, delete: true }) satisfies ScramChange,
        );
        const results = await alterUserScramCredentials(client, changes, { signal });
        return changes.map((one) => results.get(one));
      },
    });
  },
});
