import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A name as a file exports it. */
interface Origin {
  readonly file: string;
  readonly name: string;
}

const packages = resolve('..');
const entries: Readonly<Record<string, string>> = {
  '@tskafka/core': `${packages}/core/src/index.ts`,
  '@tskafka/core/internal': `${packages}/core/src/internal.ts`,
  '@tskafka/core/protocol': `${packages}/core/src/protocol.ts`,
  '@tskafka/consumer': `${packages}/consumer/src/index.ts`,
  '@tskafka/producer': `${packages}/producer/src/index.ts`,
};
const known = new Map<string, Map<string, Origin>>();

/**
 * Imports each name from the file that has it, and not from a package's index. A bundler that splits takes whoever imports from an index to need
 * every file that the index names: each command would load all of the admin functions, and all 90 APIs.
 */
export function directImports(source: string): string {
  const direct = source.replace(/^import \{([^}]*)\} from '(@tskafka\/[^']+)';$/gm, (whole, list: string, from: string) => {
    const origins = entries[from] && originsOf(entries[from]);
    if (!origins) return whole;
    const left: string[] = [];
    const lines = namesIn(list).flatMap(([name, alias]) => {
      const origin = origins.get(name);
      if (origin === undefined) left.push(name === alias ? name : `${name} as ${alias}`);
      return origin === undefined ? [] : [`import { ${origin.name} as ${alias} } from '${origin.file}';`];
    });
    return [...lines, ...(left.length > 0 ? [`import { ${left.join(', ')} } from '${from}';`] : [])].join(' ');
  });
  return apisByName(direct);
}

/** `apis` is a namespace: what is taken of it is imported by its own name. */
function apisByName(source: string): string {
  if (!source.includes("import { apis } from '@tskafka/core/protocol';")) return source;
  const files = originsOf(`${packages}/core/src/protocol/apis/index.ts`);
  const named = new Set([...source.matchAll(/\bapis\.(\w+)/g)].map((match) => match[1]!));
  const lines = [...named].map((name) => `import { ${name} as apis_${name} } from '${files.get(name)!.file}';`);
  return source.replace("import { apis } from '@tskafka/core/protocol';", lines.join(' ')).replaceAll(/\bapis\.(\w+)/g, 'apis_$1');
}

/** Where the names come from that an index exports. */
function originsOf(index: string): ReadonlyMap<string, Origin> {
  const found = known.get(index);
  if (found !== undefined) return found;
  const origins = new Map<string, Origin>();
  known.set(index, origins);
  const source = readFileSync(index, 'utf8');
  for (const [, list, from] of source.matchAll(/^(?:export|import) \{([^}]*)\} from '([^']+)';$/gm)) {
    const further = entries[from!] && originsOf(entries[from!]!);
    for (const [name, alias] of namesIn(list!)) {
      const origin = further ? further.get(name) : { file: resolve(dirname(index), from!), name };
      if (origin !== undefined) origins.set(alias, origin);
    }
  }
  for (const [, from] of source.matchAll(/^export \* from '([^']+)';$/gm)) {
    const file = resolve(dirname(index), from!);
    const declared = readFileSync(file, 'utf8').matchAll(/^export (?:class|const|function) (\w+)/gm);
    for (const [, name] of declared) origins.set(name!, { file, name: name! });
  }
  return origins;
}

/** The values in the braces of an import or export, without the types: [name, the name that it gets]. */
function namesIn(list: string): [string, string][] {
  const items = list.split(',').map((item) => item.trim());
  return items
    .filter((item) => item !== '' && !item.startsWith('type '))
    .map((item) => {
      const [name, alias = name] = item.split(' as ');
      return [name!, alias!];
    });
}
