import { readFile } from 'node:fs/promises';
import { packageBuild } from '../../tsup.base.ts';
import { directImports } from './direct-imports.ts';

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

const directly = {
  name: 'direct imports',
  setup(build: Build) {
    build.onLoad({ filter: /packages\/(cli|consumer|producer)\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: directImports(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
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
    esbuildPlugins: [directly, clientsHalf, mockApart],
    // commander is CJS, and asks for node:events by require.
    banner: { js: `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
  }),
  packageBuild({ ...shared, entry: ['src/mock-bundle.ts'], splitting: false, noExternal: [/@tskafka/] }),
];
