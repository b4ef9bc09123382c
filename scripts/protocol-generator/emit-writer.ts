import { isOptional } from './emit-interface.ts';
import { elementOf, methodOf, nullable } from './methods.ts';
import type { Field, Message, Struct, Type } from './model.ts';
import { defaultValue, isSet, isUnset } from './values.ts';
import { condition, covers, isEmpty, outside } from './versions.ts';

/** The function that writes a struct: its fields in order, then the tagged ones. */
export function emitWriter(struct: Struct, message: Message): string {
  const tagged = struct.fields.filter((field) => field.tag !== undefined).sort((a, b) => a.tag! - b.tag!);
  const statements = struct.fields.filter((field) => field.tag === undefined).flatMap((field) => writeField(field, struct));
  statements.push(...tagged.flatMap((field) => nameTagged(field, struct)));
  if (tagged.length > 0) statements.push(`w.tags([${tagged.map((field) => taggedEntry(field, struct)).join(', ')}]);`);
  else if (message.flexibleVersion <= struct.versions.max) statements.push('w.tags();');
  const body = statements.join('\n');
  const parameter = (name: string): string => (new RegExp(`\\b${name}\\b`).test(body) ? name : `_${name}`);
  const parameters = `${parameter('w')}: Writer, ${parameter('v')}: number, ${parameter('m')}: ${struct.name}`;
  return `function write${struct.name}(${parameters}): void {\n${body}\n}\n`;
}

/** The function that says whether a struct is as if nobody had set it. */
export function emitIsDefault(struct: Struct): string {
  const tests = struct.fields.map((field) => isUnset(field, `(${valueOf(field, struct)})`));
  return `function isDefault${struct.name}(m: ${struct.name}): boolean {\nreturn ${tests.join(' && ')};\n}\n`;
}

/** A block where `else` could be taken for the inner statement's. */
function guarded(when: string, statement: string): string {
  return `if (${when}) ${statement.startsWith('if') ? `{ ${statement} }` : statement}`;
}

function writeField(field: Field, struct: Struct): string[] {
  const when = condition(field.versions, struct.versions);
  if (when === 'true') return [writeWhereCarried(field, valueOf(field, struct))];
  if (field.ignorable) return [guarded(when, writeWhereCarried(field, valueOf(field, struct)))];
  return [
    `const ${field.name} = ${valueOf(field, struct)};`,
    guarded(when, writeWhereCarried(field, field.name)),
    `else if (${isSet(field, field.name)}) cannotCarry('${field.message}', '${field.path}', v);`,
  ];
}

function writeWhereCarried(field: Field, value: string): string {
  const mayBeNull = condition(field.nullable, field.versions);
  if (isEmpty(field.nullable) || mayBeNull === 'true') return write(field.type, value, mayBeNull === 'true');
  const notNull = `${value} ?? cannotCarry('${field.message}', '${field.path}: null', v)`;
  return `if (${mayBeNull}) ${write(field.type, value, true)} else ${write(field.type, notNull, false)}`;
}

/** The value to write, the default standing in for a field that was left out. */
function valueOf(field: Field, struct: Struct): string {
  const value = `m.${field.name}`;
  if (!isOptional(field, struct)) return value;
  const otherwise = defaultValue(field);
  if (isEmpty(field.nullable) || otherwise === 'null') return `${value} ?? ${otherwise}`;
  return `${value} === undefined ? ${otherwise} : ${value}`;
}

function write(type: Type, value: string, mayBeNull: boolean): string {
  const call = (method: string): string => `w.${mayBeNull ? nullable(method) : method}`;
  if (type.kind === 'array') return `${call('array')}(v, ${value}, ${elementOf('write', type.element)});`;
  if (type.kind === 'scalar') return `${call(methodOf(type.name))}(${value});`;
  const writer = `write${type.struct.name}`;
  return mayBeNull ? `${call('struct')}(v, ${value}, ${writer});` : `${writer}(w, v, ${value});`;
}

/** Names the value of a tagged field, and refuses it where the version cannot carry it. */
function nameTagged(field: Field, struct: Struct): string[] {
  const lines = [`const ${field.name} = ${valueOf(field, struct)};`];
  if (!field.ignorable && !covers(field.versions, struct.versions)) {
    const isLost = `(${outside(field.versions, struct.versions)}) && (${isSet(field, field.name)})`;
    lines.push(`if (${isLost}) cannotCarry('${field.message}', '${field.path}', v);`);
  }
  return lines;
}

/** A tagged field is written when it is not the default, in the versions that have it. */
function taggedEntry(field: Field, struct: Struct): string {
  const when = condition(field.versions, struct.versions);
  const guard = `${when === 'true' ? '' : `${when} && `}(${isSet(field, field.name)})`;
  // One whose default is null is not null here.
  const mayBeNull = !isEmpty(field.nullable) && defaultValue(field) !== 'null';
  return `${guard} && [${field.tag}, (w) => ${write(field.type, field.name, mayBeNull).replace(/;$/, '')}]`;
}
