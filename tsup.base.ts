import { defineConfig, type Options } from 'tsup';

/** One way to build every published package: ESM and CJS with declarations of their own. */
export function packageBuild(options: Options) {
  return defineConfig({
    format: ['esm', 'cjs'],
    target: 'node20.19',
    dts: true,
    clean: true,
    splitting: true,
    sourcemap: false,
    ...options,
  });
}
