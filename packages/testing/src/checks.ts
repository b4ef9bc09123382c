import { apis, errorCodes } from '@tskafka/core/protocol';
import type { ErrorCode } from './faults.ts';

/** What a test's helpers refuse, so that a slip of the hand is an error and no fault that never strikes. */

const apiNames = new Set(Object.values(apis.all).map(({ name }) => name));

/** Throws TypeError unless Kafka has an API of this name. */
export function checkApi(name: string): void {
  if (apiNames.has(name)) return;
  throw new TypeError(`Kafka has no API '${name}'${hint(name, [...apiNames])}`);
}

/** The numbers of these errors. Throws TypeError for a name that Kafka does not have, and where there are none. */
export function checkErrors(codes: readonly ErrorCode[]): number[] {
  if (codes.length === 0) throw new TypeError('fail() needs at least one error: one for each request that should fail');
  return codes.map((code) => {
    if (typeof code === 'number' && Number.isInteger(code) && Math.abs(code) < 32_768) return code; // perhaps one that a later Kafka has
    if (typeof code === 'string' && code in errorCodes) return errorCodes[code];
    throw new TypeError(`Kafka has no error '${String(code)}'${hint(String(code), Object.keys(errorCodes))}`);
  });
}

/** Throws TypeError for a name that there is not: what was meant would silently not happen. */
export function checkNames(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`${what} has no '${unknown}'; it has ${known.join(', ')}`);
}

/** Throws RangeError unless it is a number from `least` on. */
export function checkNumber(what: string, value: number, least = 0): void {
  if (!(typeof value === 'number' && value >= least))
    throw new RangeError(`${what} must be a number of at least ${least}, not ${String(value)}`);
}

/** Throws RangeError unless there is a broker of this id. */
export function checkBroker(id: number, brokers: ReadonlyMap<number, unknown>): void {
  if (!brokers.has(id)) throw new RangeError(`there is no broker ${id}; there are ${[...brokers.keys()].join(', ')}`);
}

/** The name that shares the most with this one, from its beginning on; nothing where that is next to nothing. */
function hint(name: string, known: readonly string[]): string {
  const shared = (other: string): number => {
    let length = 0;
    while (length < name.length && name[length]!.toLowerCase() === other[length]?.toLowerCase()) length++;
    return length;
  };
  const rank = (other: string): number => shared(other) * 100 - Math.abs(other.length - name.length);
  const nearest = known.reduce((best, other) => (rank(other) > rank(best) ? other : best));
  return shared(nearest) < 3 ? '' : `; did you mean ${nearest}?`;
}
