import { defineConfig, type Options } from 'tsup';

/** One way to build every published package: ESM and CJS, each with declarations of its own. What entries share stands in one chunk, so a class exists once a format. */
export function packageBuild(options: Options) {
  return defineConfig({
    format: ['esm', 'cjs'],
    target: 'node20.19',
    // Without the workspace's paths, declarations name our packages as a user's compiler finds them.
    dts: { compilerOptions: { paths: {} } },
    clean: true,
    splitting: true,
    sourcemap: false,
    ...options,
  });
}
