import type { Scalar, Type } from './model.ts';

/** The Reader's and Writer's method for a scalar. Records are bytes to the protocol. */
export function methodOf(scalar: Scalar): string {
  return scalar === 'records' ? 'bytes' : scalar;
}

/** `string` -> `nullableString` */
export function nullable(method: string): string {
  return `nullable${upperFirst(method)}`;
}

/** The function that reads or writes one element of an array. */
export function elementOf(verb: 'read' | 'write', type: Type): string {
  if (type.kind === 'array') throw new Error('an array of arrays is not supported');
  return verb + (type.kind === 'struct' ? type.struct.name : upperFirst(methodOf(type.name)));
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
