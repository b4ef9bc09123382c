import { readdir, readFile } from 'node:fs/promises';
import { packageBuild } from '../../tsup.base.ts';

interface Build {
  onLoad(options: { filter: RegExp }, load: (file: { path: string }) => Promise<{ contents: string; loader: 'ts' }>): void;
  onResolve(options: { filter: RegExp }, resolve: () => { path: string; external: boolean }): void;
}

/** Every API of the protocol can read and write both ways, for the mock's sake. A client writes requests and reads responses: the rest is left out. */
const clientsHalf = {
  name: "client's half of the protocol",
  setup(build: Build) {
    build.onLoad({ filter: /core\/src\/protocol\/apis\/[^/]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(/^ {2}(readRequest: read|writeResponse: write)\w+,$/gm, ''), loader: 'ts' };
    });
  },
};

/** A namespace that is exported again is kept whole, with all 90 APIs: here it has those that our packages send through it. */
const namedApis = {
  name: 'named APIs',
  setup(build: Build) {
    build.onLoad({ filter: /core\/src\/protocol\/apis\/index\.ts$/ }, async ({ path }) => {
      const folders = ['../consumer/src', '../producer/src', 'src'];
      const files = (await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })))).map((names, i) =>
        names.filter((name) => name.endsWith('.ts')).map((name) => `${folders[i]!}/${name}`),
      );
      const sources = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
      const sent = new Set(sources.flatMap((source) => [...source.matchAll(/\bapis\.(\w+)/g)].map((match) => match[1]!)));
      const imported = [...(await readFile(path, 'utf8')).matchAll(/^import \{ (\w+) \} from ('.*');$/gm)];
      const kept = imported.filter(([, name]) => sent.has(name!)).map(([, name, file]) => `export { ${name!} } from ${file!};`);
      if (kept.length !== sent.size) throw new Error(`${kept.length} APIs were found in ${path}, and ${sent.size} are sent`);
      return { contents: kept.join('\n'), loader: 'ts' };
    });
  },
};

/** The mock needs both halves, so it is a bundle of its own. */
const mockApart = {
  name: 'mock apart',
  setup(build: Build) {
    build.onResolve({ filter: /\/mock-bundle\.ts$/ }, () => ({ path: './mock-bundle.js', external: true }));
  },
};

const shared = { format: 'esm' as const, dts: false, minify: true, treeshake: false };
// Without dependencies: the other packages and commander are bundled, the former tree-shaken from their sources; a file for what each command needs.
export default [
  packageBuild({
    ...shared,
    entry: ['src/main.ts'],
    splitting: true,
    esbuildPlugins: [namedApis, clientsHalf, mockApart],
    // commander is CJS, and asks for node:events by require.
    banner: { js: `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
  }),
  packageBuild({ ...shared, entry: ['src/mock-bundle.ts'], splitting: false, noExternal: [/@tskafka/] }),
];
