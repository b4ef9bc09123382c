import type { Field, Scalar, Struct, Type } from './model.ts';
import { covers, isEmpty, type Versions } from './versions.ts';

/** The default of a field as an expression, by Kafka's rules: what the definition says, else the type's own. */
export function defaultValue(field: Field): string {
  if (field.default === 'null') return 'null';
  switch (field.type.kind) {
    case 'array':
      return '[]';
    case 'struct':
      return defaultStruct(field.type.struct);
    case 'scalar':
      return defaultScalar(field.type.name, field.default);
  }
}

/** A struct's default is each field's default. */
function defaultStruct(struct: Struct): string {
  return `{ ${struct.fields.map((field) => `${field.name}: ${defaultValue(field)}`).join(', ')} }`;
}

function defaultScalar(type: Scalar, text: string | undefined): string {
  switch (type) {
    case 'string':
      return `'${text ?? ''}'`;
    case 'uuid':
      return 'zeroUuid';
    case 'bytes':
      return 'Buffer.alloc(0)';
    case 'records':
      return 'null';
    case 'bool':
      return text ?? 'false';
    case 'int64':
      // The largest long is "not set"; Infinity stands for it, since no number is that value exactly.
      return text === '9223372036854775807' ? 'Infinity' : (text ?? '0');
    default:
      return text ?? '0';
  }
}

/** The condition under which `value`, an expression of the field's full type, is not the default. */
export function isSet(field: Field, value: string): string {
  if (defaultValue(field) === 'null') return `${value} !== null`;
  if (field.type.kind === 'struct') return `!isDefault${field.type.struct.name}(${value})`;
  if (hasLength(field.type)) return `${isEmpty(field.nullable) ? '' : `${value} === null || `}${value}.length !== 0`;
  return `${value} !== ${defaultValue(field)}`;
}

/** The opposite of `isSet`. */
export function isUnset(field: Field, value: string): string {
  if (defaultValue(field) === 'null') return `${value} === null`;
  if (field.type.kind === 'struct') return `isDefault${field.type.struct.name}(${value})`;
  if (hasLength(field.type)) return `${value}${isEmpty(field.nullable) ? '' : '?'}.length === 0`;
  return `${value} === ${defaultValue(field)}`;
}

function hasLength(type: Type): boolean {
  return type.kind === 'array' || (type.kind === 'scalar' && type.name === 'bytes');
}

/** Whether a struct's `isDefault` function is needed for this field: it is elided when default, or refused when set. */
export function needsIsDefault(field: Field, parent: Versions): boolean {
  if (field.type.kind !== 'struct' || defaultValue(field) === 'null') return false;
  return field.tag !== undefined || (!field.ignorable && !covers(field.versions, parent));
}

/** The fewest bytes that a value of this type can take in some version of `versions`. */
export function minBytes(type: Type, versions: Versions, flexibleVersion: number): number {
  let least = Infinity;
  for (let version = versions.min; version <= versions.max; version++) {
    least = Math.min(least, minBytesAt(type, version, version >= flexibleVersion));
  }
  return least;
}

function minBytesAt(type: Type, version: number, flexible: boolean): number {
  if (type.kind === 'array') return flexible ? 1 : 4;
  if (type.kind === 'scalar') return scalarBytes(type.name, flexible);
  let bytes = flexible ? 1 : 0; // the count of tagged fields
  for (const field of type.struct.fields) {
    if (field.tag !== undefined || version < field.versions.min || version > field.versions.max) continue;
    const nullableStruct = field.type.kind === 'struct' && !isEmpty(field.nullable);
    bytes += nullableStruct ? 1 : minBytesAt(field.type, version, flexible);
  }
  return bytes;
}

function scalarBytes(type: Scalar, flexible: boolean): number {
  switch (type) {
    case 'bool':
    case 'int8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'int32':
    case 'uint32':
      return 4;
    case 'int64':
    case 'float64':
      return 8;
    case 'uuid':
      return 16;
    case 'string':
      return flexible ? 1 : 2;
    case 'bytes':
    case 'records':
      return flexible ? 1 : 4;
  }
}
