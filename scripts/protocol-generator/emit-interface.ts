import type { Field, Message, Struct, Type } from './model.ts';
import { defaultValue } from './values.ts';
import { covers, describe, isEmpty } from './versions.ts';

/** The TypeScript interface of a struct. A field that a caller may leave out is optional. */
export function emitInterface(struct: Struct, message: Message): string {
  const lines = struct.fields.map((field) => {
    const comment = comments(field, struct, message);
    const nullable = isEmpty(field.nullable) ? '' : ' | null';
    return `${comment}${field.name}${isOptional(field, struct) ? '?' : ''}: ${typeName(field.type)}${nullable};`;
  });
  return `export interface ${struct.name} {\n${lines.join('\n')}\n}\n`;
}

/** Some version cannot carry it, or it has a default worth having. */
export function isOptional(field: Field, struct: Struct): boolean {
  return field.tag !== undefined || field.default !== undefined || !covers(field.versions, struct.versions);
}

function typeName(type: Type): string {
  if (type.kind === 'array') return `readonly ${typeName(type.element)}[]`;
  if (type.kind === 'struct') return type.struct.name;
  switch (type.name) {
    case 'bool':
      return 'boolean';
    case 'string':
    case 'uuid':
      return 'string';
    case 'bytes':
    case 'records':
      return 'Uint8Array';
    default:
      return 'number';
  }
}

function comments(field: Field, struct: Struct, message: Message): string {
  const notes: string[] = [];
  if (!covers(field.versions, struct.versions)) notes.push(describe(field.versions, message.versions));
  if (!isEmpty(field.nullable) && !covers(field.nullable, field.versions)) notes.push(`null ${describe(field.nullable, message.versions)}`);
  if (field.default !== undefined) notes.push(`default ${defaultValue(field)}`);
  return notes.length === 0 ? '' : `/** ${notes.join(', ')} */\n`;
}
