import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

/** One way to build every published package: ESM and CJS, each with declarations of its own. */
export function packageBuild(options: Options) {
  // tsup's own `clean` leaves old declarations behind, and their names carry a hash.
  rmSync('dist', { recursive: true, force: true });
  return defineConfig({
    format: ['esm', 'cjs'],
    target: 'node20.19',
    // Without the workspace's paths, declarations name our packages as a user's compiler finds them.
    dts: { compilerOptions: { paths: {} } },
    // What two entries share stands in one chunk, so that a class exists once a format.
    splitting: true,
    // Lets rollup write the CJS chunks. The other way is sucrase, which moves public fields behind the private ones.
    treeshake: 'safest',
    removeNodeProtocol: false,
    plugins: [{ name: 'class names', renderChunk: (code) => ({ code: withClassNames(code) }) }],
    ...options,
  });
}

/** A class that speaks of itself is called _KafkaClient by esbuild, and so in each stack trace, and whenever somebody prints a client. */
function withClassNames(code: string): string {
  const names = [...code.matchAll(/\bvar (\w+) = class _\1\b/g)].map(([, name]) => name!);
  return names.reduce((renamed, name) => renamed.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name), code);
}
