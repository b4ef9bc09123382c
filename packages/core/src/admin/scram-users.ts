import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KafkaClient } from '../client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clusterOf } from '../cluster-symbol.ts';
import { alterUserScramCredentials as alterApi, type ScramCredentialUpsertion } from '../protocol/apis/alter-user-scram-credentials.ts';
import { describeUserScramCredentials as describeApi } from '../protocol/apis/describe-user-scram-credentials.ts';
import { brokerError } from '../protocol/error-codes.ts';
import { type AdminLimits, type AdminOptions, limitsOf } from './admin-options.ts';
import { atAny } from './at-any.ts';
import { itemsAtController } from './at-controller.ts';
import { checkList, checkName, checkTwins, checkWord, keysOf, wordOf } from './items.ts';
import type { Results } from './results.ts';
import { matchAnswers } from './retry-items.ts';

const mechanisms = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const;
const hashes = { 'SCRAM-SHA-256': { name: 'sha256', bytes: 32 }, 'SCRAM-SHA-512': { name: 'sha512', bytes: 64 } } as const;
/** The fewest that Kafka takes (RFC 5802), and the most. */
const [fewestIterations, mostIterations] = [4096, 16_384];

/** How a SCRAM password is hashed. Java: ScramMechanism. */
export type ScramMechanism = keyof typeof mechanisms;

/** That a user has a password for a mechanism, and how often it is hashed. Java: ScramCredentialInfo. */
export interface ScramCredential {
  readonly mechanism: ScramMechanism | 'unknown';
  readonly iterations: number;
}

/** A password to set for one mechanism, or a credential to delete. */
export type ScramChange =
  | {
      readonly user: string;
      readonly mechanism: ScramMechanism;
      /** Salted here: it never leaves this process. */
      readonly password: string | Uint8Array;
      /** 4096 to 16384. Default 4096. */
      readonly iterations?: number;
      /** Default: 32 random bytes. */
      readonly salt?: Uint8Array;
    }
  | { readonly user: string; readonly mechanism: ScramMechanism; readonly delete: true };

/**
 * The SCRAM mechanisms that users have credentials for; without names of all users who have one. Never a password: Kafka does not tell what
 * it keeps. Java: Admin.describeUserScramCredentials. A user's error is BrokerError RESOURCE_NOT_FOUND when it has none. Rejects with
 * TypeError for what is no list of names, and with BrokerError CLUSTER_AUTHORIZATION_FAILED.
 */
export async function describeUserScramCredentials(
  client: KafkaClient,
  users?: readonly string[],
  options: AdminOptions = {},
): Promise<Results<string, ScramCredential[]>> {
  const cluster = clusterOf('describeUserScramCredentials', client);
  if (users !== undefined) checkList('users', users);
  const limits = limitsOf(cluster, 'describeUserScramCredentials', options);
  if (users?.length === 0) return new Map();
  return atAny(
    cluster,
    async (connection, signal) => {
      // An empty list means all, as null does. But Kafka 4.3 answers nothing at all to null from somebody who may not ask.
      const asked = [...new Set(users)].map((name) => ({ name }));
      const { errorCode, errorMessage, results } = await connection.send(describeApi, { users: asked }, { signal });
      if (errorCode !== 0) throw brokerError(errorCode, 'users', { detail: errorMessage });
      const named = results.map((result) => [userName(result.user), result] as const);
      return matchAnswers(users ?? results.map(({ user }) => user), userName, named, (result) =>
        result.errorCode === 0
          ? byMechanism(result.credentialInfos)
          : brokerError(result.errorCode, userName(result.user), { detail: result.errorMessage }),
      );
    },
    limits,
  );
}

/** Brokers tell them in any order. */
function byMechanism(credentials: readonly { readonly mechanism: number; readonly iterations: number }[]): ScramCredential[] {
  return credentials
    .toSorted((a, b) => a.mechanism - b.mechanism)
    .map(({ mechanism, iterations }) => ({ mechanism: wordOf(mechanisms, mechanism), iterations }));
}

/**
 * Sets and deletes passwords of users who log in by SCRAM (KIP-554). The result has an entry for each change; one that failed does not stop
 * the others. Kafka takes one change of a user at a time: a user's further ones follow. Java: Admin.alterUserScramCredentials.
 *
 * An entry is a BrokerError: RESOURCE_NOT_FOUND when there is nothing to delete, UNACCEPTABLE_CREDENTIAL, CLUSTER_AUTHORIZATION_FAILED.
 * Rejects with TypeError or RangeError for a bad change; no error holds a password.
 */
export async function alterUserScramCredentials(
  client: KafkaClient,
  changes: readonly ScramChange[],
  options: AdminOptions = {},
): Promise<Results<ScramChange>> {
  const cluster = clusterOf('alterUserScramCredentials', client);
  checkList('changes', changes, checkChange);
  checkTwins(changes, ({ user, mechanism }) => `${mechanism} of ${userName(user)}`);
  const limits = limitsOf(cluster, 'alterUserScramCredentials', options);
  const rounds: ScramChange[][] = [];
  for (const change of changes) {
    const round = rounds.find((others) => others.every(({ user }) => user !== change.user));
    if (round === undefined) rounds.push([change]);
    else round.push(change);
  }
  const results: Results<ScramChange> = new Map(changes.map((change) => [change, undefined]));
  for (const round of rounds) for (const [change, result] of await alterOnce(cluster, round, limits)) results.set(change, result);
  return results;
}

async function alterOnce(cluster: Cluster, changes: readonly ScramChange[], limits: AdminLimits): Promise<Results<ScramChange>> {
  const salted = new Map(await Promise.all(changes.flatMap((change) => ('delete' in change ? [] : [upsertion(change)]))));
  return itemsAtController(
    cluster,
    changes,
    async (connection, open, signal) => {
      const deletions = open.flatMap((change) =>
        'delete' in change ? [{ name: change.user, mechanism: mechanisms[change.mechanism] }] : [],
      );
      const upsertions = open.flatMap((change) => salted.get(change) ?? []);
      const { results } = await connection.send(alterApi, { deletions, upsertions }, { signal });
      const named = results.map((result) => [userName(result.user), result] as const);
      return matchAnswers(
        open,
        ({ user }) => userName(user),
        named,
        ({ user, errorCode, errorMessage }) =>
          errorCode === 0 ? undefined : brokerError(errorCode, userName(user), { detail: errorMessage }),
      );
    },
    limits,
  );
}

const derive = promisify(pbkdf2);

async function upsertion(change: Extract<ScramChange, { password: unknown }>): Promise<readonly [ScramChange, ScramCredentialUpsertion]> {
  const { user, mechanism, password, iterations = fewestIterations, salt = randomBytes(32) } = change;
  const { name, bytes } = hashes[mechanism];
  const saltedPassword = await derive(password, salt, iterations, bytes, name);
  return [change, { name: user, mechanism: mechanisms[mechanism], iterations, salt, saltedPassword }];
}

function checkChange(change: ScramChange): void {
  checkName('a user', change.user);
  checkWord(`the mechanism of ${userName(change.user)}`, change.mechanism, keysOf(mechanisms));
  if ('delete' in change) return;
  const { password, iterations = fewestIterations } = change;
  if (!(typeof password === 'string' || password instanceof Uint8Array) || password.length === 0)
    throw new TypeError(`${userName(change.user)} needs a non-empty password`);
  if (!Number.isInteger(iterations) || iterations < fewestIterations || iterations > mostIterations)
    throw new RangeError(`iterations must be a whole number from ${fewestIterations} to ${mostIterations}, not ${iterations}`);
}

function userName(user: string): string {
  return `user '${user}'`;
}
