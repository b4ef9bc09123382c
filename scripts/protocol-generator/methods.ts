import type { Scalar, Type } from './model.ts';

/** The Reader's and Writer's method for a scalar. Records are bytes to the protocol. */
export function methodOf(scalar: Scalar): string {
  return scalar === 'records' ? 'bytes' : scalar;
}

/** `string` -> `nullableString` */
export function nullable(method: string): string {
  return `nullable${upperFirst(method)}`;
}

/** The scalars that arrays are made of; protocol/elements.ts has a function for each. */
const elementScalars: readonly Scalar[] = ['int8', 'int16', 'int32', 'int64', 'string'];

/** What protocol/elements.ts exports. */
export const elementFunctions: readonly string[] = elementScalars.flatMap((name) => [
  `read${upperFirst(name)}`,
  `write${upperFirst(name)}`,
]);

/** The function that reads or writes one element of an array. */
export function elementOf(verb: 'read' | 'write', type: Type): string {
  if (type.kind === 'array') throw new Error('an array of arrays is not supported');
  if (type.kind === 'struct') return verb + type.struct.name;
  if (!elementScalars.includes(type.name)) throw new Error(`an array of ${type.name} needs its functions in protocol/elements.ts`);
  return verb + upperFirst(type.name);
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
