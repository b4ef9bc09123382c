import {
  type AdminOptions,
  createDelegationToken,
  type DelegationToken,
  describeDelegationTokens,
  expireDelegationToken,
  type KafkaClient,
  renewDelegationToken,
} from '@tskafka/core';
import { rm, writeFile } from 'node:fs/promises';
import { command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { Failure, UsageError } from '../frame/failure.ts';
import { duration } from '../frame/parse.ts';
import type { Column } from '../frame/rows.ts';
import { counted } from '../terminal/counted.ts';

const columns: readonly Column<DelegationToken>[] = [
  { name: 'token', value: ({ tokenId }) => tokenId },
  { name: 'owner', value: ({ owner }) => owner },
  { name: 'requester', value: ({ requester }) => requester },
  { name: 'renewers', value: ({ renewers }) => [...renewers] },
  { name: 'issued', value: ({ issuedAt }) => time(issuedAt) },
  { name: 'expires', value: ({ expiresAt }) => time(expiresAt) },
  { name: 'until', value: ({ maxAt }) => time(maxAt) },
];

/** `tskafka tokens list`: delegation tokens, without their secrets. Java: kafka-delegation-tokens.sh --describe. */
export const tokensList = command<{ owner?: string[] }>({
  options: [{ flags: '--owner <principal>', text: 'only tokens that this principal owns or may renew, such as User:alice', repeat: true }],
  examples: ['tskafka tokens', 'tskafka tokens list --owner User:alice --json'],
  notes: 'A token can be renewed until UNTIL. This needs a login that is not by a token itself.',
  async run({ connect, rows, signal }, { owner: owners }) {
    const found = await describeDelegationTokens(await connect(), owners, { signal });
    await rows(columns, found.toSorted((a, b) => a.issuedAt - b.issuedAt), { empty: 'no token matches' }); // prettier-ignore
  },
});

interface Created {
  readonly owner: string | undefined;
  readonly renewers: readonly string[];
  made?: DelegationToken;
}

/** `tskafka tokens create`: the secret is told now, and never again. Java: kafka-delegation-tokens.sh --create. */
export const tokensCreate = command<{ owner?: string; renewer?: string[]; lifetime?: number; secretTo?: string; execute?: boolean }>({
  options: [
    { flags: '--owner <principal>', text: 'the owner of the token (default: the logged-in user)' },
    { flags: '--renewer <principal>', text: 'another principal that may renew it', repeat: true },
    {
      flags: '--lifetime <time>',
      text: 'the maximum lifetime, such as 7d (default: as long as the brokers allow)',
      parse: duration,
    },
    { flags: '--secret-to <file>', text: 'write the secret to a new file that only you can read, instead of printing it' },
  ],
  changes: true,
  examples: [
    'tskafka tokens create --renewer User:scheduler --lifetime 7d --execute',
    'tskafka tokens create --secret-to job.secret --execute --json',
  ],
  notes: 'To log in with the token, use its id and secret as user and password of a SCRAM login with -X sasl.tokenauth=true.',
  async run({ connect, change, signal }, { owner, renewer: renewers = [], lifetime, secretTo, execute }) {
    const client = await connect();
    await change<Created>({
      columns: [
        { name: 'token', value: ({ made }) => made?.tokenId },
        { name: 'owner', value: ({ made, owner: wanted }) => made?.owner ?? wanted },
        { name: 'renewers', value: ({ renewers: all }) => [...all] },
        { name: 'expires', value: ({ made }) => made && time(made.expiresAt) },
        { name: 'until', value: ({ made }) => made && time(made.maxAt) },
        { name: 'secret', value: ({ made }) => (secretTo === undefined ? made?.hmac.toString('base64') : undefined) },
      ],
      rows: [{ owner, renewers }],
      would: 'create a token',
      execute,
      async apply([row]) {
        const options = { ...(owner !== undefined && { owner }), renewers, ...(lifetime !== undefined && { maxLifetimeMs: lifetime }) };
        // A file that cannot be written is found before there is a token whose secret nobody has.
        if (secretTo !== undefined) await makeFile(secretTo);
        try {
          row!.made = await createDelegationToken(client, { ...options, signal });
        } catch (error) {
          if (secretTo !== undefined) await rm(secretTo, { force: true });
          throw error;
        }
        if (secretTo !== undefined) await writeFile(secretTo, `${row!.made.hmac.toString('base64')}\n`);
        return [undefined];
      },
    });
  },
});

async function makeFile(file: string): Promise<void> {
  try {
    await writeFile(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`, 'it must be a new file');
  }
}

const tokenArgument = ['<token...>', 'the token ids, as tskafka tokens lists them'] as const;

interface Changed {
  readonly token: DelegationToken;
  expiresAt: number | undefined;
}

const changedColumns: readonly Column<Changed>[] = [
  { name: 'token', value: ({ token }) => token.tokenId },
  { name: 'owner', value: ({ token }) => token.owner },
  { name: 'expires', value: ({ token }) => time(token.expiresAt) },
  { name: 'new', value: ({ expiresAt }) => (expiresAt === undefined ? undefined : time(expiresAt)) },
];

/** `tskafka tokens renew`. Java: kafka-delegation-tokens.sh --renew. */
export const tokensRenew = command<{ for?: number; execute?: boolean }, [ids: string[]]>({
  arguments: [tokenArgument],
  options: [{ flags: '--for <time>', text: 'how long it lives from now (default: as long as the brokers allow)', parse: duration }],
  changes: true,
  examples: ['tskafka tokens renew TOKEN --execute', 'tskafka tokens renew TOKEN --for 12h --execute'],
  notes: 'Its owner and its renewers may do this, without the secret.',
  run: (context, { for: periodMs, execute }, ids) =>
    changeEnds(context, { ids, execute, verb: 'renew' }, (client, hmac, options) =>
      renewDelegationToken(client, hmac, { ...options, ...(periodMs !== undefined && { periodMs }) }),
    ),
});

/** `tskafka tokens expire`. Java: kafka-delegation-tokens.sh --expire. */
export const tokensExpire = command<{ after?: number; execute?: boolean }, [ids: string[]]>({
  arguments: [tokenArgument],
  options: [{ flags: '--after <time>', text: 'expire after this time instead of now', parse: duration }],
  changes: true,
  examples: ['tskafka tokens expire TOKEN --execute', 'tskafka tokens expire TOKEN --after 1h --execute'],
  run: (context, { after: afterMs, execute }, ids) =>
    changeEnds(context, { ids, execute, verb: 'end' }, (client, hmac, options) =>
      expireDelegationToken(client, hmac, { ...options, ...(afterMs !== undefined && { afterMs }) }),
    ),
});

/** Gives tokens another end, and tells when that is. */
async function changeEnds(
  { connect, change, fail, signal }: Context,
  { ids, execute, verb }: { readonly ids: readonly string[]; readonly execute: boolean | undefined; readonly verb: string },
  newEnd: (client: KafkaClient, hmac: Uint8Array, options: AdminOptions) => Promise<number>,
): Promise<void> {
  const client = await connect();
  const rows = await named(client, ids, fail, signal);
  const act = async (row: Changed): Promise<void> => void (row.expiresAt = await newEnd(client, row.token.hmac, { signal }));
  await change<Changed>({
    columns: changedColumns,
    rows,
    would: `${verb} ${counted(rows.length, 'token')}`,
    execute,
    apply: (all) => Promise.all(all.map((row) => act(row).then(() => undefined, (error: Error) => error))), // prettier-ignore
  });
}

/** The tokens by their ids; one that there is not is said, and the others go on. */
async function named(
  client: KafkaClient,
  ids: readonly string[],
  fail: (error: Error) => Promise<void>,
  signal: AbortSignal,
): Promise<Changed[]> {
  const known = new Map((await describeDelegationTokens(client, undefined, { signal })).map((token) => [token.tokenId, token]));
  const rows: Changed[] = [];
  for (const id of new Set(ids)) {
    const token = known.get(id);
    if (token !== undefined) rows.push({ token, expiresAt: undefined });
    else await fail(new Failure(`there is no token ${id} that you may see`, { code: 'NO_TOKEN', hint: 'tskafka tokens' }));
  }
  return rows;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
