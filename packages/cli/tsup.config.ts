import { packageBuild } from '../../tsup.base.ts';

// Without dependencies: the other packages and commander are bundled, the former tree-shaken from their sources.
export default packageBuild({
  entry: ['src/main.ts'],
  format: ['esm'],
  dts: false,
  splitting: true,
  minify: true,
  treeshake: false,
  // commander is CJS, and asks for node:events by require.
  banner: { js: `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
});
