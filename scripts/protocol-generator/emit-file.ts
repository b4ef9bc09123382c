import { emitInterface } from './emit-interface.ts';
import { emitReader } from './emit-reader.ts';
import { emitIsDefault, emitWriter } from './emit-writer.ts';
import { elementFunctions } from './methods.ts';
import type { Message, Struct } from './model.ts';
import { camelCase } from './names.ts';
import { needsIsDefault } from './values.ts';

export const header = "// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.\n";

/** An API as it is emitted: its number, its name, and its two messages. */
export interface ApiModel {
  readonly key: number;
  readonly name: string;
  readonly request: Message;
  readonly response: Message;
}

/** The file of one API: its types, and the object with its codec. */
export function emitApi(api: ApiModel): string {
  const { request, response } = api;
  const name = camelCase(api.name);
  const codec = `/** ${api.name}, versions ${request.versions.min} to ${request.versions.max}. */
export const ${name}: Api<${request.root.name}, ${response.root.name}> = {
  key: ${api.key},
  name: '${api.name}',
  minVersion: ${request.versions.min},
  maxVersion: ${request.versions.max},
  flexibleVersion: ${request.flexibleVersion},
  writeRequest: write${request.root.name},
  readRequest: read${request.root.name},
  writeResponse: write${response.root.name},
  readResponse: read${response.root.name},
};
`;
  const body = [codec, ...emitInterfaces(request), ...emitInterfaces(response), ...emitFunctions(request), ...emitFunctions(response)];
  return withImports(body, ["import type { Api, Decoded } from '../api.ts';"]);
}

/** The file of a message that is no request: its type and the two functions. */
export function emitMessage(message: Message): string {
  const { min, max } = message.versions;
  const name = camelCase(message.name);
  const codec = `/** ${message.name}, versions ${min} to ${max}. */
export const ${name}: Message<${message.root.name}> = {
  name: '${message.name}',
  minVersion: ${min},
  maxVersion: ${max},
  flexibleVersion: ${message.flexibleVersion},
  write: write${message.root.name},
  read: read${message.root.name},
};
`;
  return withImports(
    [codec, ...emitInterfaces(message), ...emitFunctions(message)],
    ["import type { Decoded, Message } from '../api.ts';"],
  );
}

function emitInterfaces(message: Message): string[] {
  return message.structs.toReversed().map((struct) => emitInterface(struct, message));
}

function emitFunctions(message: Message): string[] {
  const compared = new Set(message.structs.flatMap(comparedStructs));
  return message.structs
    .toReversed()
    .flatMap((struct) => [
      emitWriter(struct, message),
      emitReader(struct, message),
      ...(compared.has(struct.name) ? [emitIsDefault(struct)] : []),
    ]);
}

function comparedStructs(struct: Struct): string[] {
  return struct.fields.flatMap((field) =>
    field.type.kind === 'struct' && needsIsDefault(field, struct.versions) ? [field.type.struct.name] : [],
  );
}

/** What generated code may use, by the module that has it. */
const helpers: readonly (readonly [module: string, names: readonly string[]])[] = [
  ['elements', elementFunctions],
  ['writer', ['cannotCarry', 'zeroUuid']],
];

function withImports(body: readonly string[], imports: readonly string[]): string {
  const code = body.join('\n');
  const used = helpers.flatMap(([module, names]) => {
    const found = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return found.length === 0 ? [] : [`import { ${found.join(', ')} } from '../${module}.ts';`];
  });
  const types = ["import type { Reader } from '../reader.ts';", "import type { Writer } from '../writer.ts';"];
  return [header, ...[...imports, ...types, ...used].sort(byModule), '', code].join('\n');
}

function byModule(a: string, b: string): number {
  const moduleOf = (line: string): string => line.slice(line.indexOf("'"));
  return moduleOf(a) < moduleOf(b) ? -1 : moduleOf(a) > moduleOf(b) ? 1 : 0;
}
