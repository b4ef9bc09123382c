import type { Definition, FieldDefinition } from './definitions.ts';
import { structNames } from './names.ts';
import { covers, intersect, isEmpty, parseVersions, type Versions } from './versions.ts';

/** A message with every version range clipped to what contains it, and every name as it is emitted. */
export interface Message {
  readonly name: string;
  readonly versions: Versions;
  /** From this version on there are compact lengths and tagged fields; Infinity when there are none. */
  readonly flexibleVersion: number;
  readonly root: Struct;
  /** All structs, the root last, each after those that it uses. */
  readonly structs: readonly Struct[];
}

export interface Struct {
  readonly name: string;
  readonly versions: Versions;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  /** The message and the way to this field in it, for errors. */
  readonly message: string;
  readonly path: string;
  readonly type: Type;
  readonly versions: Versions;
  readonly nullable: Versions;
  readonly tag: number | undefined;
  /** As the definition has it; undefined when it leaves it to the type. */
  readonly default: string | undefined;
  readonly ignorable: boolean;
}

export type Type =
  | { readonly kind: 'scalar'; readonly name: Scalar }
  | { readonly kind: 'array'; readonly element: Type }
  | { readonly kind: 'struct'; readonly struct: Struct };

export const scalars = [
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'string',
  'uuid',
  'bytes',
  'records',
] as const;
export type Scalar = (typeof scalars)[number];

/** Resolves a definition for some of its versions. `reserved` are struct names that the same file already uses. */
export function resolveMessage(definition: Definition, versions: Versions, reserved: ReadonlySet<string>): Message {
  const flexible = parseVersions(definition.flexibleVersions);
  const names = structNames(definition, reserved);
  const structs: Struct[] = [];
  const byName = new Map<string, Struct>();

  const addStruct = (name: string, range: Versions, fields: readonly FieldDefinition[], path: string): Struct => {
    if (byName.has(name)) throw new Error(`${definition.name} defines ${name} twice`);
    const struct = { name: names.get(name) ?? name, versions: range, fields: resolveFields(fields, range, path) };
    byName.set(name, struct);
    structs.push(struct);
    return struct;
  };

  const commonStruct = (name: string): Struct => {
    const known = byName.get(name);
    if (known) return known;
    const common = definition.commonStructs?.find((candidate) => candidate.name === name);
    if (!common) throw new Error(`${definition.name} uses ${name}, which nobody defines`);
    return addStruct(name, intersect(parseVersions(common.versions), versions), common.fields, `${name}.`);
  };

  const resolveType = (field: FieldDefinition, text: string, range: Versions, path: string): Type => {
    if (text.startsWith('[]')) return { kind: 'array', element: resolveType(field, text.slice(2), range, path) };
    const scalar = scalars.find((name) => name === text);
    if (scalar) return { kind: 'scalar', name: scalar };
    return { kind: 'struct', struct: field.fields ? addStruct(text, range, field.fields, path) : commonStruct(text) };
  };

  const resolveFields = (fields: readonly FieldDefinition[], parent: Versions, path: string): Field[] =>
    fields.flatMap((field) => {
      const range = intersect(parseVersions(field.versions), parent);
      if (isEmpty(range)) return [];
      const name = lowerFirst(field.name);
      const tagged = intersect(parseVersions(field.taggedVersions), range);
      const somewhereTagged = !isEmpty(tagged);
      const where = `${definition.name}.${path}${name}`;
      if (somewhereTagged && !covers(tagged, range))
        throw new Error(`${where} is tagged in some versions only, which the generator does not support`);
      if (field.flexibleVersions) throw new Error(`${where} has its own flexibleVersions, which the generator does not support`);
      return [
        {
          name,
          message: definition.name,
          path: path + name,
          type: resolveType(field, field.type, range, `${path}${name}.`),
          versions: range,
          nullable: intersect(parseVersions(field.nullableVersions), range),
          tag: somewhereTagged ? field.tag : undefined,
          default: field.default === undefined ? undefined : String(field.default),
          ignorable: field.ignorable ?? false,
        },
      ];
    });

  const root = addStruct(definition.name, versions, definition.fields, '');
  return {
    name: definition.name,
    versions,
    flexibleVersion: isEmpty(flexible) ? Infinity : Math.max(flexible.min, versions.min),
    root,
    structs,
  };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
