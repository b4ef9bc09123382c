import { errorCodes } from '@tskafka/core/protocol';
import type { RequestOf } from '../api-name.ts';
import { iterationLimits, type ScramMechanism, scramMechanism, type ScramUsers } from './scram-users.ts';

type Request = RequestOf<'AlterUserScramCredentials'>;

export interface ScramError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Removes and adds credentials, each user once at most, and gives what came of it: undefined where it was done. */
export function alterScramUsers(users: ScramUsers, { deletions, upsertions }: Request): ReadonlyMap<string, ScramError | undefined> {
  const results = new Map<string, ScramError | undefined>();
  const changes = new Map<string, () => void>();
  const plan = (name: string, error: ScramError | undefined, change: () => void): void => {
    if (results.get(name) !== undefined) return; // its first error stays
    const twice = results.has(name);
    if (twice) changes.delete(name);
    else if (error === undefined) changes.set(name, change);
    results.set(name, twice ? alteredTwice : error);
  };
  for (const { name, mechanism } of deletions) {
    const known = mechanismOf(mechanism);
    const missing = known !== undefined && !users.has(known, name) ? notThere : undefined;
    plan(name, nameError(name, known) ?? missing, () => users.remove(known!, name));
  }
  for (const { name, mechanism, iterations, salt, saltedPassword } of upsertions) {
    const known = mechanismOf(mechanism);
    const error = nameError(name, known) ?? iterationsError(iterations) ?? passwordError(saltedPassword);
    plan(name, error, () => users.addSalted(known!, name, saltedPassword, salt, iterations));
  }
  for (const change of changes.values()) change();
  return results;
}

function mechanismOf(number: number): ScramMechanism | undefined {
  return (Object.keys(scramMechanism) as ScramMechanism[]).find((name) => scramMechanism[name] === number);
}

function nameError(user: string, mechanism: ScramMechanism | undefined): ScramError | undefined {
  if (user === '') return { errorCode: errorCodes.UNACCEPTABLE_CREDENTIAL, errorMessage: 'Username must not be empty' };
  if (mechanism === undefined) return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, errorMessage: 'Unknown SCRAM mechanism' };
  return undefined;
}

function iterationsError(iterations: number): ScramError | undefined {
  if (iterations < iterationLimits.least) return { errorCode: errorCodes.UNACCEPTABLE_CREDENTIAL, errorMessage: 'Too few iterations' };
  if (iterations > iterationLimits.most) return { errorCode: errorCodes.UNACCEPTABLE_CREDENTIAL, errorMessage: 'Too many iterations' };
  return undefined;
}

/** Kafka cannot make a key of nothing, and says no more than that. */
function passwordError(saltedPassword: Buffer): ScramError | undefined {
  return saltedPassword.length === 0 ? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null } : undefined;
}

const alteredTwice: ScramError = {
  errorCode: errorCodes.DUPLICATE_RESOURCE,
  errorMessage: 'A user credential cannot be altered twice in the same request',
};
const notThere: ScramError = {
  errorCode: errorCodes.RESOURCE_NOT_FOUND,
  errorMessage: 'Attempt to delete a user credential that does not exist',
};
