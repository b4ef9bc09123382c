import { readFile } from 'node:fs/promises';
import { packageBuild } from '../../tsup.base.ts';

/** Every API of the protocol can read and write both ways, for the mock's sake. A client writes requests and reads responses: the rest is left out. */
const clientsHalf = {
  name: "client's half of the protocol",
  setup(build: {
    onLoad(options: { filter: RegExp }, load: (file: { path: string }) => Promise<{ contents: string; loader: 'ts' }>): void;
  }) {
    build.onLoad({ filter: /core\/src\/protocol\/apis\/[^/]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(/^ {2}(readRequest: read|writeResponse: write)\w+,$/gm, ''), loader: 'ts' };
    });
  },
};

// Without dependencies: the other packages and commander are bundled, the former tree-shaken from their sources; a file for what each command needs.
export default packageBuild({
  entry: ['src/main.ts'],
  format: ['esm'],
  dts: false,
  splitting: true,
  minify: true,
  treeshake: false,
  esbuildPlugins: [clientsHalf],
  // commander is CJS, and asks for node:events by require.
  banner: { js: `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
});
