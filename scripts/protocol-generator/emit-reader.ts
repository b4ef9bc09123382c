import { elementOf, methodOf, nullable } from './methods.ts';
import type { Field, Message, Struct, Type } from './model.ts';
import { defaultValue, minBytes } from './values.ts';
import { condition } from './versions.ts';

/** The function that reads a struct: its fields in order, then the tagged ones. */
export function emitReader(struct: Struct, message: Message): string {
  // An object literal is evaluated in order, so it is both the reading and the result.
  const fields = struct.fields.map((field) => `${field.name}: ${readField(field, struct, message)}`);
  const literal = `{ ${fields.join(', ')} }`;
  const type = `Decoded<${struct.name}>`;
  const flexible = message.flexibleVersion <= struct.versions.max;
  const body = flexible ? `const m: ${type} = ${literal};\n${readTags(struct, message)}\nreturn m;` : `return ${literal};`;
  const parameter = (name: string): string => (new RegExp(`\\b${name}\\b`).test(body) ? name : `_${name}`);
  return `function read${struct.name}(${parameter('r')}: Reader, ${parameter('v')}: number): ${type} {\n${body}\n}\n`;
}

function readField(field: Field, struct: Struct, message: Message): string {
  if (field.tag !== undefined) return defaultValue(field);
  const when = condition(field.versions, struct.versions);
  const value = readWhereCarried(field, message);
  return when === 'true' ? value : `${when} ? ${value} : ${defaultValue(field)}`;
}

function readWhereCarried(field: Field, message: Message): string {
  const mayBeNull = condition(field.nullable, field.versions);
  if (mayBeNull === 'true' || mayBeNull === 'false') return read(field.type, mayBeNull === 'true', field, message);
  return `(${mayBeNull} ? ${read(field.type, true, field, message)} : ${read(field.type, false, field, message)})`;
}

function read(type: Type, mayBeNull: boolean, field: Field, message: Message): string {
  const call = (method: string): string => `r.${mayBeNull ? nullable(method) : method}`;
  if (type.kind === 'array') {
    const least = minBytes(type.element, field.versions, message.flexibleVersion);
    return `${call('array')}(v, ${least}, ${elementOf('read', type.element)})`;
  }
  if (type.kind === 'scalar') return `${call(methodOf(type.name))}()`;
  const reader = `read${type.struct.name}`;
  return mayBeNull ? `${call('struct')}(v, ${reader})` : `${reader}(r, v)`;
}

function readTags(struct: Struct, message: Message): string {
  const tagged = struct.fields.filter((field) => field.tag !== undefined);
  if (tagged.length === 0) return 'r.tags();';
  const branches = tagged.map((field) => {
    const when = condition(field.versions, struct.versions);
    return `if (tag === ${field.tag}${when === 'true' ? '' : ` && ${when}`}) m.${field.name} = ${readWhereCarried(field, message)};`;
  });
  return `r.tags((tag) => {\n${branches.join('\nelse ')}\nelse return false;\nreturn true;\n});`;
}
