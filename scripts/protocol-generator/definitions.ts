import { readZip } from '../zip.ts';

/** One message definition as Kafka's JSON has it. */
export interface Definition {
  readonly name: string;
  readonly type: 'request' | 'response' | 'header' | 'data';
  readonly apiKey?: number;
  readonly listeners?: readonly string[];
  readonly validVersions: string;
  readonly flexibleVersions?: string;
  readonly latestVersionUnstable?: boolean;
  readonly fields: readonly FieldDefinition[];
  readonly commonStructs?: readonly StructDefinition[];
}

export interface StructDefinition {
  readonly name: string;
  readonly versions: string;
  readonly fields: readonly FieldDefinition[];
}

export interface FieldDefinition {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number;
  readonly default?: string | number | boolean;
  readonly ignorable?: boolean;
  readonly flexibleVersions?: string;
  readonly fields?: readonly FieldDefinition[];
}

/** The message definitions inside kafka-clients, by name. */
export function readDefinitions(jar: string): Map<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const [path, bytes] of readZip(jar, (name) => /^common\/message\/\w+\.json$/.test(name))) {
    const definition = parseDefinition(path, bytes.toString('utf8'));
    definitions.set(definition.name, definition);
  }
  if (definitions.size === 0) throw new Error(`${jar} has no message definitions`);
  return definitions;
}

/** The files are JSON with comments that take whole lines. */
export function parseDefinition(path: string, text: string): Definition {
  try {
    return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as Definition;
  } catch (cause) {
    throw new Error(`${path} cannot be parsed`, { cause });
  }
}
