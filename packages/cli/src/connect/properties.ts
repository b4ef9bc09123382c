/**
 * Reads a Java .properties file, and with it librdkafka's and kcat's configuration files: `key=value`, `key: value` or `key value`, comments
 * with # and !, a backslash at the end goes on in the next line, \uXXXX.
 */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const match = /^((?:\\.|[^\\\s=:])*)(?:\s*[=:]\s*|\s+|$)([\s\S]*)$/.exec(line);
    if (match !== null) properties.set(unescape(match[1]!), unescape(match[2]!));
  }
  return properties;
}

function* logicalLines(text: string): Generator<string> {
  let line = '';
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const part = raw.trimStart();
    if (line === '' && (part === '' || part.startsWith('#') || part.startsWith('!'))) continue;
    line += part;
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) {
      line = line.slice(0, -1);
      continue;
    }
    yield line;
    line = '';
  }
  if (line !== '') yield line;
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, c: string) =>
    hex === undefined ? (letters[c] ?? c) : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** The options of a `sasl.jaas.config`: `...PlainLoginModule required username="alice" password="x";`. */
export function parseJaas(text: string): { module: string; options: Map<string, string> } {
  const module = /^\s*(\S+)/.exec(text)?.[1] ?? '';
  const options = new Map<string, string>();
  for (const [, name, quoted, single, bare] of text.matchAll(/([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s;]+))/g)) {
    options.set(name!, bare ?? (quoted ?? single!).replace(/\\(.)/g, '$1'));
  }
  return { module, options };
}
