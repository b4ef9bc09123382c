import type { Definition, FieldDefinition } from './definitions.ts';

/** Names that a generated file uses for something else. */
const taken = new Set(['Api', 'Decoded', 'Reader', 'Writer', 'TaggedField', 'Buffer', 'Uint8Array', 'Record', 'Error', 'Map', 'Array']);

/** The names of a definition's structs as they are defined, in no order. */
function definedStructs(definition: Definition): Set<string> {
  const names = new Set(definition.commonStructs?.map((struct) => struct.name));
  const visit = (fields: readonly FieldDefinition[]): void => {
    for (const field of fields) {
      if (!field.fields) continue;
      names.add(field.type.replaceAll('[]', ''));
      visit(field.fields);
    }
  };
  visit(definition.fields);
  for (const struct of definition.commonStructs ?? []) visit(struct.fields);
  return names;
}

/**
 * How a message's structs are called in the generated file. A struct loses the message's name in front of its own (`JoinGroupRequestProtocol`
 * is `Protocol`), unless the other message of the file would then have one of the same name. Where both messages define the very same name,
 * it gets the message's name in front.
 */
export function structNames(definition: Definition, others: ReadonlySet<string>): Map<string, string> {
  const own = definedStructs(definition);
  const names = new Map<string, string>();
  for (const name of own) {
    const short = name.startsWith(definition.name) ? name.slice(definition.name.length) : name;
    const clashes = short === '' || taken.has(short) || others.has(short) || (short !== name && own.has(short));
    names.set(name, !clashes ? short : short === name ? definition.name + name : name);
  }
  return names;
}

/** The names that this definition's structs would have if it were alone in its file, with the unshortened ones. */
export function wantedNames(definition: Definition): Set<string> {
  const own = definedStructs(definition);
  return new Set([...own, ...structNames(definition, new Set()).values()]);
}

/** `AddPartitionsToTxn` -> `add-partitions-to-txn` */
export function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** `AddPartitionsToTxn` -> `addPartitionsToTxn` */
export function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
